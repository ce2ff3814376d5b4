package picture

import (
	"math"
	"slices"

	"picasso/backend/picture/dicom"
)

// Oriented is a slice as an array along the axes of the patient that codes
// name, as nibabel and MONAI write them: "RAS" has rows that follow each other
// to the right of the patient and columns to the front, in axial slices; of an
// axis that stands upright on the slice the letter is passed over. Neighbours
// are so too. The picture itself where it lies so already, where it does not
// tell how it lies, and where codes names no two axes of the slice.
func (m *Image) Oriented(codes string) *Image {
	out := m.oriented(codes)
	if out == m || m.Neighbours == nil {
		return out
	}
	turn := func(n *Image) *Image { return n.oriented(codes) }
	out.Neighbours = &altered{from: m, f: turn, known: map[int]*Image{}}
	return out
}

// Orientable reports whether the picture tells how it lies in the patient.
func (m *Image) Orientable() bool { return m.Scan != nil && m.Scan.Geometry.Placed }

func (m *Image) oriented(codes string) *Image {
	if !m.Orientable() {
		return m
	}
	how := turnTo(m.Scan.Geometry, codes)
	if how == upright {
		return m
	}
	out := m.turned(how)
	own := *m.Scan
	own.Geometry = turnedGeometry(m.Scan.Geometry, out.Width, out.Height, how)
	if own.frame = nil; m.Scan.frame != nil && m.Channels == 1 {
		f := *m.Scan.frame
		f.Width, f.Height, f.Values, f.Geometry = out.Width, out.Height, out.px.f32, own.Geometry
		if f.Empty != nil {
			f.Empty = turned(f.Empty, m, out.Width, out.Height, how)
		}
		own.frame = &f
	}
	out.Scan = &own
	return out
}

// heading is an axis of the patient (0 to the left, 1 to the back, 2 to the
// head) and whether it is followed that way or the other.
type heading struct {
	axis    int
	forward bool
}

// headings are those of the letters in codes.
func headings(codes string) (out []heading) {
	for _, letter := range codes {
		switch letter {
		case 'L', 'R':
			out = append(out, heading{0, letter == 'L'})
		case 'P', 'A':
			out = append(out, heading{1, letter == 'P'})
		case 'S', 'H', 'I', 'F':
			out = append(out, heading{2, letter == 'S' || letter == 'H'})
		}
	}
	return out
}

// headingOf is the axis that a direction follows most.
func headingOf(d [3]float64) heading {
	h := heading{}
	for i := range d {
		if math.Abs(d[i]) > math.Abs(d[h.axis]) {
			h.axis = i
		}
	}
	h.forward = d[h.axis] > 0
	return h
}

// turnTo is how a picture is turned, as EXIF counts, so that its axes follow
// codes.
func turnTo(g dicom.Geometry, codes string) int {
	across, down := headingOf(g.Orientation[0]), headingOf(g.Orientation[1])
	want := slices.DeleteFunc(headings(codes), func(h heading) bool { return h.axis != across.axis && h.axis != down.axis })
	if across.axis == down.axis || len(want) != 2 || want[0].axis == want[1].axis {
		return upright
	}
	if want[0].axis == down.axis {
		return [4]int{upright, 2, 4, 3}[choice(want[1] != across, want[0] != down)]
	}
	return [4]int{5, 6, 8, 7}[choice(want[1] != down, want[0] != across)]
}

// choice numbers two answers.
func choice(first, second bool) int {
	n := 0
	if first {
		n++
	}
	if second {
		n += 2
	}
	return n
}

// turnedGeometry is where a picture lies that was turned to w×h pixels.
func turnedGeometry(g dicom.Geometry, w, h, how int) dicom.Geometry {
	at := func(x, y int) [3]float64 {
		sx, sy := source(x, y, w, h, how)
		return g.At(float64(sx), float64(sy))
	}
	out := g
	out.Position = at(0, 0)
	x0, y0 := source(0, 0, w, h, how)
	for k, step := range [2][2]int{{1, 0}, {0, 1}} {
		x1, y1 := source(step[0], step[1], w, h, how)
		for i := range 3 {
			out.Orientation[k][i] = float64(x1-x0)*g.Orientation[0][i] + float64(y1-y0)*g.Orientation[1][i]
		}
	}
	l := g.Letters // left, right, above, below
	if how >= 5 {
		out.Spacing, out.Aspect = [2]float64{g.Spacing[1], g.Spacing[0]}, 1/g.Aspect
		l = [4]string{l[2], l[3], l[0], l[1]}
	}
	if how == 2 || how == 3 || how == 6 || how == 7 {
		l[0], l[1] = l[1], l[0]
	}
	if how == 3 || how == 4 || how == 7 || how == 8 {
		l[2], l[3] = l[3], l[2]
	}
	out.Letters = l
	return out
}
