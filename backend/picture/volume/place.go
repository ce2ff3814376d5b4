package volume

import (
	"math"

	"picasso/backend/picture/dicom"
)

// Place is where the volume lies in the patient, in millimetres to the left,
// back and head, as in DICOM.
type Place struct {
	Known     bool
	Origin    [3]float64    // centre of the first pixel of the first slice
	Direction [3][3]float64 // unit vectors along a row, along a column, across
	Spacing   [3]float64    // between columns, rows and slices
}

// turn decides which axes are reversed for display and places the result.
func (v *Volume) turn() {
	p := &v.Place
	p.Spacing = v.header.Spacing
	for axis, mm := range p.Spacing {
		if !isFinite(mm) || mm < 0 || mm > 1e6 {
			p.Spacing[axis] = 0
		}
	}
	m := v.header.Affine
	if !v.header.Placed || !sound(m) {
		return
	}
	sizes := [3]int{v.Width, v.Height, v.Slices}
	p.Known = true
	for i := range 3 {
		p.Origin[i] = m[i][3]
	}
	for axis := range 3 {
		d := [3]float64{m[0][axis], m[1][axis], m[2][axis]}
		if axis < 2 && against(d, axis) {
			v.flip[axis] = true
		}
		if axis == 2 && dot(d, cross(p.Direction[0], p.Direction[1])) < 0 {
			v.flip[2] = true
		}
		length := math.Sqrt(dot(d, d))
		p.Spacing[axis] = length
		for i := range 3 {
			if p.Direction[axis][i] = d[i] / length; v.flip[axis] {
				p.Origin[i] += d[i] * float64(sizes[axis]-1)
				p.Direction[axis][i] *= -1
			}
		}
	}
}

// sound tells whether a transform is one of a volume: no axis without length,
// and not all in one plane.
func sound(m [3][4]float64) bool {
	var axes [3][3]float64
	for axis := range 3 {
		axes[axis] = [3]float64{m[0][axis], m[1][axis], m[2][axis]}
		if n := dot(axes[axis], axes[axis]); !(n > 1e-12 && n < 1e12) || !isFinite(m[axis][3]) {
			return false
		}
	}
	return math.Abs(dot(cross(axes[0], axes[1]), axes[2])) > 1e-12
}

// Geometry is where slice i lies, as DICOM tells it.
func (v *Volume) Geometry(i int) dicom.Geometry {
	p := v.Place
	g := dicom.Geometry{Spacing: [2]float64{p.Spacing[1], p.Spacing[0]}, Thickness: p.Spacing[2], Aspect: 1}
	if g.Spacing[0] > 0 && g.Spacing[1] > 0 {
		g.Aspect = g.Spacing[0] / g.Spacing[1]
	}
	if !p.Known {
		return g
	}
	at := p.Origin
	for k := range at {
		at[k] += float64(i) * p.Spacing[2] * p.Direction[2][k]
	}
	g.Put(at, p.Direction[0], p.Direction[1])
	return g
}

// against reports whether a direction runs against the usual view: columns to
// the left or back, rows to the back or feet.
func against(d [3]float64, axis int) bool {
	main := 0
	for i := range d {
		if math.Abs(d[i]) > math.Abs(d[main]) {
			main = i
		}
	}
	if main == 2 && axis == 1 {
		return d[2] > 0
	}
	return d[main] < 0
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
