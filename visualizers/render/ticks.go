package render

// Tick is a labelled value of a scale.
type Tick struct {
	Value float64
	Label string
}

// Ticks labels about n round values of r, zero among them when r contains it.
// A flat range has one tick.
func Ticks(r Range, n int) []Tick { return nil }
