package nifti

import (
	"math"

	"picasso/backend/picture/dicom"
)

// Place is where the volume lies in the patient, in millimetres to the left,
// back and head (as in DICOM; NIfTI itself counts to the right and front).
type Place struct {
	Known     bool
	Origin    [3]float64    // centre of the first pixel of the first slice
	Direction [3][3]float64 // unit vectors along a row, along a column, across
	Spacing   [3]float64    // between columns, rows and slices
}

// turn decides which axes are reversed for display and places the result.
func (v *Volume) turn() {
	m, ok := v.header.affine()
	p := &v.Place
	for axis := range 3 {
		p.Spacing[axis] = math.Abs(v.header.pixdim[axis+1])
	}
	if !ok {
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

// affine maps column, row and slice to millimetres, left, back and head. It is
// false where the file does not say, or says nonsense.
func (h *header) affine() (m [3][4]float64, ok bool) {
	switch {
	case h.sform > 0:
		m = h.rows
	case h.qform > 0:
		m = h.rotation()
	default:
		return m, false
	}
	for c := range 4 { // from right and front to left and back
		m[0][c], m[1][c] = -m[0][c], -m[1][c]
	}
	var axes [3][3]float64
	for axis := range 3 {
		axes[axis] = [3]float64{m[0][axis], m[1][axis], m[2][axis]}
		if n := dot(axes[axis], axes[axis]); n < 1e-12 || n > 1e12 {
			return m, false
		}
	}
	return m, math.Abs(dot(cross(axes[0], axes[1]), axes[2])) > 1e-12
}

// rotation is the transform of a unit quaternion (qform).
func (h *header) rotation() [3][4]float64 {
	b, c, d := h.quaternion[0], h.quaternion[1], h.quaternion[2]
	a := math.Sqrt(max(0, 1-b*b-c*c-d*d))
	r := [3][3]float64{
		{a*a + b*b - c*c - d*d, 2*b*c - 2*a*d, 2*b*d + 2*a*c},
		{2*b*c + 2*a*d, a*a + c*c - b*b - d*d, 2*c*d - 2*a*b},
		{2*b*d - 2*a*c, 2*c*d + 2*a*b, a*a + d*d - c*c - b*b},
	}
	var m [3][4]float64
	for i := range 3 {
		for axis := range 3 {
			step := math.Abs(h.pixdim[axis+1])
			if axis == 2 && h.pixdim[0] < 0 {
				step = -step
			}
			m[i][axis] = r[i][axis] * step
		}
		m[i][3] = h.quaternion[3+i]
	}
	return m
}
