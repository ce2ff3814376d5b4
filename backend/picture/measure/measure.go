// Package measure measures on pictures: lengths, angles, and what lies inside
// ellipses and rectangles. Points are in pixels of the picture, continuous, with
// 0, 0 at the upper left corner of the first pixel.
package measure

import (
	"context"
	"math"

	"picasso/backend/picture"
)

// Kind is what is measured.
type Kind string

// Kinds of shapes, with the points that they have.
const (
	Length    Kind = "length"    // two ends
	Angle     Kind = "angle"     // a point on one arm, the vertex, a point on the other arm
	Ellipse   Kind = "ellipse"   // two opposite corners of the rectangle around it
	Rectangle Kind = "rectangle" // two opposite corners
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Length, Angle, Ellipse, Rectangle} }

// Points is how many points a shape of the kind has.
func (k Kind) Points() int {
	if k == Angle {
		return 3
	}
	return 2
}

// Shape is something drawn on a picture.
type Shape struct {
	Kind   Kind
	Points [][2]float64 // Kind.Points() of them, x and y
}

// Moved is the shape elsewhere.
func (s Shape) Moved(dx, dy float64) Shape {
	out := Shape{Kind: s.Kind, Points: make([][2]float64, len(s.Points))}
	for i, p := range s.Points {
		out.Points[i] = [2]float64{p[0] + dx, p[1] + dy}
	}
	return out
}

// Valid reports whether the shape has its points, all finite, and any extent.
func (s Shape) Valid() bool {
	if len(s.Points) != s.Kind.Points() {
		return false
	}
	for _, p := range s.Points {
		if d := p[0] - p[0] + p[1] - p[1]; d != 0 {
			return false
		}
	}
	switch p := s.Points; s.Kind {
	case Angle:
		return p[0] != p[1] && p[1] != p[2]
	case Length:
		return p[0] != p[1]
	default:
		return p[0][0] != p[1][0] && p[0][1] != p[1][1]
	}
}

// Scale is how large a pixel is.
type Scale struct {
	X, Y     float64 // of a column and of a row
	Known    bool    // in millimetres; else in widths of a pixel
	Detector bool    // at the X-ray detector, not in the patient
}

// ScaleOf is that of a picture: millimetres where its file says so.
func ScaleOf(m *picture.Image) Scale {
	s := Scale{X: 1, Y: 1}
	if m.Scan == nil {
		return s
	}
	g := m.Scan.Geometry
	if g.Spacing[0] > 0 && g.Spacing[1] > 0 {
		return Scale{X: g.Spacing[1], Y: g.Spacing[0], Known: true, Detector: g.AtDetector}
	}
	if g.Aspect > 0 {
		s.Y = g.Aspect
	}
	return s
}

// Unit is that of lengths, "mm" or "px".
func (s Scale) Unit() string {
	if s.Known {
		return "mm"
	}
	return "px"
}

// Reading is what was measured. What a kind does not have is NaN.
type Reading struct {
	Kind   Kind
	Scale  Scale
	Length float64 // in Scale.Unit
	Angle  float64 // in degrees, 0…180
	Area   float64 // in Scale.Unit squared, of the shape itself
	// Values are of the pixels inside, one for each channel; nil while they are
	// not counted.
	Values []Values
	Unit   string // of Values: "HU", or ""
}

// Values are statistics of the finite values of pixels whose centres lie inside.
type Values struct {
	N        int
	Mean, SD float64 // SD is that of these pixels: the root of their mean squared deviation
	Min, Max float64
}

// Geometry measures all but values.
func Geometry(s Shape, at Scale) Reading {
	r := Reading{Kind: s.Kind, Scale: at, Length: math.NaN(), Angle: math.NaN(), Area: math.NaN()}
	if !s.Valid() {
		return r
	}
	side := func(i, j int) (x, y float64) {
		return (s.Points[j][0] - s.Points[i][0]) * at.X, (s.Points[j][1] - s.Points[i][1]) * at.Y
	}
	w, h := side(0, 1)
	switch s.Kind {
	case Length:
		r.Length = math.Hypot(w, h)
	case Angle:
		ax, ay := side(1, 0)
		bx, by := side(1, 2)
		r.Angle = math.Abs(math.Atan2(ax*by-ay*bx, ax*bx+ay*by)) * 180 / math.Pi
	case Rectangle:
		r.Area = math.Abs(w * h)
	case Ellipse:
		r.Area = math.Pi / 4 * math.Abs(w*h)
	}
	return r
}

// Counts reports whether shapes of the kind have values inside.
func (k Kind) Counts() bool { return k == Ellipse || k == Rectangle }

// Pixels is about how many pixels counting goes through.
func (s Shape) Pixels(m *picture.Image) int {
	x0, y0, x1, y1 := s.bounds(m)
	return max(x1-x0, 0) * max(y1-y0, 0)
}

// bounds are the pixels around the shape, inside the picture.
func (s Shape) bounds(m *picture.Image) (x0, y0, x1, y1 int) {
	a, b := s.Points[0], s.Points[1]
	limit := func(v float64, most int) int { return int(min(max(v, 0), float64(most))) }
	return limit(math.Floor(min(a[0], b[0])), m.Width), limit(math.Floor(min(a[1], b[1])), m.Height),
		limit(math.Ceil(max(a[0], b[0])), m.Width), limit(math.Ceil(max(a[1], b[1])), m.Height)
}

// inside reports whether a point lies in an ellipse or rectangle.
func (s Shape) inside(x, y float64) bool {
	a, b := s.Points[0], s.Points[1]
	// −1…1 between the corners
	u := (2*x - a[0] - b[0]) / (b[0] - a[0])
	v := (2*y - a[1] - b[1]) / (b[1] - a[1])
	if s.Kind == Ellipse {
		return u*u+v*v <= 1
	}
	return math.Abs(u) <= 1 && math.Abs(v) <= 1
}

// Count adds the values inside to what was measured of a shape. The error is
// ctx's.
func Count(ctx context.Context, m *picture.Image, s Shape) ([]Values, error) {
	if !s.Kind.Counts() || !s.Valid() {
		return nil, nil
	}
	x0, y0, x1, y1 := s.bounds(m)
	sums := make([]sums, m.Channels)
	for y := y0; y < y1; y++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for x := x0; x < x1; x++ {
			if !s.inside(float64(x)+0.5, float64(y)+0.5) {
				continue
			}
			for c := range sums {
				sums[c].add(float64(m.At(x, y, c)))
			}
		}
	}
	out := make([]Values, m.Channels)
	for c := range out {
		out[c] = sums[c].values()
	}
	return out, nil
}

// sums are running statistics (Welford, Technometrics 4, 1962), which lose no
// digits where the mean is large and the deviation small.
type sums struct {
	Values
	squares float64
}

func (s *sums) add(v float64) {
	if v-v != 0 {
		return
	}
	if s.N == 0 {
		s.Min, s.Max = v, v
	}
	s.N++
	d := v - s.Mean
	s.Mean += d / float64(s.N)
	s.squares += d * (v - s.Mean)
	s.Min, s.Max = min(s.Min, v), max(s.Max, v)
}

func (s *sums) values() Values {
	v := s.Values
	if v.N == 0 {
		nan := math.NaN()
		return Values{Mean: nan, SD: nan, Min: nan, Max: nan}
	}
	v.SD = math.Sqrt(s.squares / float64(v.N))
	return v
}
