package render

import (
	"image"
	"math"
)

// Sign selects which values of a field are drawn.
type Sign int

// The choices of [Sign].
const (
	All      Sign = iota // every value
	Positive             // values above zero
	Negative             // values below zero
	Absolute             // every value by its magnitude
)

// Alpha is how opacity depends on the value.
type Alpha int

// The choices of [Alpha].
const (
	Constant    Alpha = iota // the same opacity for every visible value
	ByMagnitude              // from none at zero (unsigned: at the low end) to full at the end of the range
)

// Style is how a field is drawn. None of it needs the model again.
type Style struct {
	Colors    string  // name of a colour map; "" or unknown = the first of Names for the kind of values
	Opacity   float64 // 0 (nothing drawn) … 1
	Alpha     Alpha   // constant, or growing with the magnitude
	Threshold float64 // share of the range's largest magnitude below which nothing is drawn, 0…1
	Sign      Sign    // which values are drawn
	Range     *Range  // a locked range; nil follows the field
	Robust    float64 // share of extreme values left out of an automatic range, 0…0.5
	Signed    bool    // zero is a meaningful middle
	Cells     bool    // draw separate cells; otherwise bilinear between cell centres
	Contours  bool    // draw lines of equal value instead of areas
	// Soften averages what is drawn over so many cells, X across and Y down, unless
	// it is drawn as separate cells; the range stays that of the field.
	Soften image.Point
}

// Scale is the colour map and range that a field is really drawn with: what a
// colour bar beside it must show.
type Scale struct {
	Colors ColorMap
	Range  Range
}

// Scale resolves the style for a field. Signed values get a range symmetric
// about zero, a locked one included. Magnitudes ([Absolute]) run from zero to
// the range's largest magnitude and take a sequential map.
func (s Style) Scale(f Field) Scale {
	var r Range
	if s.Range != nil {
		r = s.Range.sound()
	} else {
		r = RobustRange(f, s.Signed || s.Sign == Absolute, s.Robust)
	}
	switch {
	case s.Sign == Absolute:
		r = Range{0, r.Magnitude()}
	case s.Signed:
		r = r.symmetric()
	}
	return Scale{Colors: s.colors(), Range: r}
}

// colors is the map asked for, or the default where it is unknown or of the
// other kind: a diverging map would paint a false zero into unsigned values.
func (s Style) colors() ColorMap {
	signed := s.Signed && s.Sign != Absolute
	if m, ok := Colors(s.Colors); ok && m.Signed == signed {
		return m
	}
	m, _ := Colors(Names(signed)[0])
	return m
}

// visible is the rule of sign and threshold: a value is drawn when it is at
// least from, or at most to. It never holds for NaN.
func (s Style) visible(r Range) (from, to float32) {
	cut := min(max(s.Threshold, 0), 1) * r.Magnitude()
	from, to = float32(cut), float32(-cut)
	switch s.Sign {
	case Positive:
		return max(from, math.SmallestNonzeroFloat32), float32(math.Inf(-1))
	case Negative:
		return float32(math.Inf(1)), min(to, -math.SmallestNonzeroFloat32)
	case Absolute:
		return from, float32(math.Inf(-1))
	}
	return from, to
}

// opacity is the share of the map's colour at position t of the range.
func (s Style) opacity(t float64) float64 {
	full := min(max(s.Opacity, 0), 1)
	if math.IsNaN(full) {
		return 0
	}
	if s.Alpha == ByMagnitude {
		if s.Signed && s.Sign != Absolute {
			t = math.Abs(2*t - 1)
		}
		return full * t
	}
	return full
}
