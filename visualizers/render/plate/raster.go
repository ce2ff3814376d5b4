package plate

import (
	"fmt"
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Bounds of an image made of a plate: of a side, and of its area (256 MB).
const (
	MostPixels = 1 << 14
	mostArea   = 1 << 26
)

// raster draws on pixels.
type raster struct {
	dst   *image.RGBA
	scale float64 // pixels of a unit
}

// Image draws the plate with a number of pixels for each of its units. Sides
// beyond [MostPixels], and more than 67 million pixels, are an error.
func (p *Plate) Image(scale float64) (*image.RGBA, error) {
	w, h := math.Ceil(p.Width*scale), math.Ceil(p.Height*scale)
	if !(w >= 1 && h >= 1 && w <= MostPixels && h <= MostPixels && w*h <= mostArea) {
		return nil, fmt.Errorf("a figure of %.0f×%.0f pixels cannot be drawn: a side may have 1 to %d pixels, and all of it 67 million; choose a smaller width", w, h, MostPixels)
	}
	r := &raster{image.NewRGBA(image.Rect(0, 0, int(w), int(h))), scale}
	draw.Draw(r.dst, r.dst.Rect, image.NewUniform(p.Ground), image.Point{}, draw.Src)
	for _, item := range p.Items {
		if err := item.paint(r); err != nil {
			return nil, err
		}
	}
	return r.dst, nil
}

// rect is where units lie, in whole pixels.
func (r *raster) rect(x, y, w, h float64) image.Rectangle {
	at := func(v float64) int { return int(math.Round(v * r.scale)) }
	return image.Rect(at(x), at(y), at(x+w), at(y+h))
}

func weight(heavy bool) func() (*opentype.Font, error) {
	if heavy {
		return bold
	}
	return regular
}

// haloWidth is that of a halo by the size of its letters.
const haloWidth = 0.12

func (t Text) paint(r *raster) error {
	l, err := newLettering(weight(t.Bold), t.Size*r.scale, font.HintingNone, t.Ink)
	if err != nil {
		return err
	}
	left := t.X - float64(t.At)/2*float64(font.MeasureString(l.face, t.Words))/64/r.scale
	at := func(x, y float64) fixed.Point26_6 {
		return fixed.Point26_6{X: fixed.Int26_6(math.Round(x * r.scale * 64)), Y: fixed.Int26_6(math.Round(y * r.scale * 64))}
	}
	if t.Halo.A > 0 {
		halo := Lettering{l.face, image.NewUniform(t.Halo)}
		for k := range 8 {
			s, c := math.Sincos(float64(k) * math.Pi / 4)
			halo.writeAt(r.dst, at(left+c*t.Size*haloWidth, t.Y+s*t.Size*haloWidth), t.Words)
		}
	}
	l.writeAt(r.dst, at(left, t.Y), t.Words)
	return nil
}

func (p Picture) paint(r *raster) error {
	at := r.rect(p.X, p.Y, p.W, p.H)
	if at.Empty() {
		return nil
	}
	m := p.Draw(at.Dx(), at.Dy())
	draw.Draw(r.dst, at, m, m.Bounds().Min, draw.Over)
	return nil
}

func (b Box) paint(r *raster) error {
	draw.Draw(r.dst, r.rect(b.X, b.Y, b.W, b.H), image.NewUniform(b.Fill), image.Point{}, draw.Over)
	return nil
}

// paint draws every part as a bar with round ends.
func (l Line) paint(r *raster) error {
	points := l.Points
	if l.Closed && len(points) > 0 {
		points = append(append([][2]float64(nil), points...), points[0])
	}
	at := r.around(points, l.Width)
	if at.Empty() {
		return nil
	}
	pen := vector.NewRasterizer(at.Dx(), at.Dy())
	for i := 1; i < len(points); i++ {
		r.bar(pen, at.Min, points[i-1], points[i], l.Width/2)
	}
	pen.Draw(r.dst, at, image.NewUniform(l.Ink), image.Point{})
	return nil
}

// around are the pixels within a distance of points.
func (r *raster) around(points [][2]float64, distance float64) image.Rectangle {
	var all image.Rectangle
	for _, p := range points {
		one := r.rect(p[0]-distance, p[1]-distance, 2*distance, 2*distance)
		one.Max = one.Max.Add(image.Pt(1, 1))
		all = all.Union(one)
	}
	return all.Intersect(r.dst.Rect)
}

// bar adds the outline of a thick line between two points, in pixels from an
// origin. All outlines turn the same way, so that they join where they overlap.
func (r *raster) bar(pen *vector.Rasterizer, origin image.Point, a, b [2]float64, half float64) {
	const corners = 8 // of each round end
	turn := math.Atan2(b[1]-a[1], b[0]-a[0]) + math.Pi/2
	for i := range 2*corners + 2 {
		end, step := a, i
		if i > corners {
			end, step = b, i-1
		}
		s, c := math.Sincos(turn + math.Pi*float64(step)/corners)
		x, y := float32((end[0]+c*half)*r.scale-float64(origin.X)), float32((end[1]+s*half)*r.scale-float64(origin.Y))
		if i == 0 {
			pen.MoveTo(x, y)
			continue
		}
		pen.LineTo(x, y)
	}
	pen.ClosePath()
}
