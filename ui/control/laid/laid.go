// Package laid finds maps and regions that this program wrote as DICOM over the slices
// that they were made of, and reads them. It knows nothing of the window.
package laid

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"picasso/backend/picture"
	"picasso/visualizers"
)

// Frames are those of an object that were made of one slice.
type Frames struct {
	of     *picture.Series
	slices []int
}

// On finds the objects made of slice i of a series among others, in the order of these;
// source is the checksum of the slice's file.
func On(all []*picture.Series, s *picture.Series, i int, source string) (found []Frames) {
	for _, other := range all {
		if other == s || !other.Derived() {
			continue
		}
		if frames := s.Made(other, i, source); len(frames) > 0 {
			found = append(found, Frames{other, frames})
		}
	}
	return found
}

// Object is the object whose frames they are.
func (f Frames) Object() *picture.Series { return f.of }

// Source finds the series that an object was made of, and the slices of it that have
// something of the object; −1 for none of them.
func Source(ctx context.Context, object *picture.Series, all []*picture.Series) (which int, on []int, err error) {
	for k, s := range all {
		if s.Derived() {
			continue
		}
		source := ""
		if _, known := s.Instance(0); !known { // such a file is told by its checksum
			m, err := s.SliceContext(ctx, 0)
			if ctx.Err() != nil {
				return -1, nil, ctx.Err()
			}
			if err == nil {
				source = m.SHA256
			}
		}
		for i := range s.Len() {
			if len(s.Made(object, i, source)) > 0 {
				on = append(on, i)
			}
		}
		if len(on) > 0 {
			return k, on, nil
		}
	}
	return -1, nil, ctx.Err()
}

// Read reads the frames as one map on the pixels of the picture that they were made of:
// values as they are stored, NaN where nothing is known. Of regions a pixel has the
// number of its segment, the last one of several, and NaN where it lies in none. title is
// what the file says it is.
func (f Frames) Read(ctx context.Context, onto *picture.Image) (m visualizers.Map, title string, err error) {
	m = visualizers.Map{Channels: 1, Height: onto.Height, Width: onto.Width, WholePicture: true, Values: make([]float32, onto.Height*onto.Width)}
	for i := range m.Values {
		m.Values[i] = float32(math.NaN())
	}
	var segments []string
	for _, i := range f.slices {
		from, err := f.of.SliceContext(ctx, i)
		if err != nil {
			return m, "", err
		}
		to, err := between(onto, from)
		if err != nil {
			return m, "", err
		}
		r := f.of.Result(i)
		m.Unit, title = r.Unit, r.Title
		if w := from.Scan.Windows; r.Segment == 0 && len(w) > 0 { // the scale of all slices
			low, high := w[0].Ends()
			m.Fixed, m.Signed = &[2]float64{low, high}, low < 0
		}
		if r.Segment > 0 {
			segments = append(segments, strings.TrimSpace(fmt.Sprintf("%d %s", r.Segment, r.Label)))
		}
		for at := range m.Values {
			x, y, inside := to.of(at%m.Width, at/m.Width)
			if !inside || from.Empty(y*from.Width+x) {
				continue
			}
			v := from.At(x, y, 0)
			if r.Segment > 0 && v == 0 {
				continue
			}
			if r.Segment > 0 {
				v = float32(r.Segment)
			}
			m.Values[at] = v
		}
	}
	if len(segments) > 0 {
		m.Unit = "segments: " + strings.Join(segments, "; ")
	}
	return m, title, nil
}

// ErrGrid is an object whose pixels are not those of its source.
var ErrGrid = errors.New("its pixels are not those of the picture that it says it was made of")

// steps lead from pixels of a picture to those of another in its plane.
type steps struct {
	origin, across, down [2]float64
	width, height        int
}

// between finds the steps from a picture to one made of it, which may be turned or
// mirrored.
func between(onto, from *picture.Image) (steps, error) {
	s := steps{across: [2]float64{1, 0}, down: [2]float64{0, 1}, width: from.Width, height: from.Height}
	if onto.Scan == nil || from.Scan == nil || !onto.Scan.Geometry.Placed || !from.Scan.Geometry.Placed || !(from.Scan.Geometry.Spacing[0] > 0) || !(onto.Scan.Geometry.Spacing[0] > 0) {
		if onto.Width != from.Width || onto.Height != from.Height {
			return s, ErrGrid
		}
		return s, nil
	}
	to := func(x, y float64) [2]float64 {
		px, py := from.Scan.Geometry.Pixel(onto.Scan.Geometry.At(x, y))
		return [2]float64{px, py}
	}
	s.origin = to(0, 0)
	right, below := to(1, 0), to(0, 1)
	for k := range s.origin {
		s.across[k], s.down[k] = right[k]-s.origin[k], below[k]-s.origin[k]
	}
	return s, nil
}

func (s steps) of(x, y int) (mx, my int, inside bool) {
	fx, fy := float64(x), float64(y)
	mx = int(math.Round(s.origin[0] + fx*s.across[0] + fy*s.down[0]))
	my = int(math.Round(s.origin[1] + fx*s.across[1] + fy*s.down[1]))
	return mx, my, mx >= 0 && my >= 0 && mx < s.width && my < s.height
}
