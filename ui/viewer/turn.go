package viewer

import "picasso/visualizers/render"

// Turn is how a picture is turned on the screen; figures are turned alike.
type Turn = render.Turn

// MeasuredPoints are the ends of the distance that was measured, in picture
// pixels; nil when there is none.
func (v *Image) MeasuredPoints() [][2]float64 {
	m := v.notes.measured
	if m == nil {
		return nil
	}
	return [][2]float64{{m[0], m[1]}, {m[2], m[3]}}
}
