package viewer

import (
	"image"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// layer shows one image of a viewer. Only the visible part, in a resolution
// near the screen's, becomes a texture, so neither zoom nor the size of the
// picture decides what a redraw costs.
type layer struct {
	object *canvas.Image
	levels []*image.RGBA   // each half as large as the one before, made when needed
	shown  image.Rectangle // the part that object holds
	level  int
}

// crispFrom is the number of screen pixels for one pixel of an image from which
// its pixels are drawn as squares: whoever looks so close wants to see them.
// Below, the screen blends between them.
const crispFrom = 8

func newLayer() *layer {
	return &layer{object: &canvas.Image{FillMode: canvas.ImageFillStretch}}
}

// set takes a new image; nil empties the layer.
func (l *layer) set(m image.Image) {
	l.levels, l.shown = nil, image.Rectangle{}
	if m != nil && !m.Bounds().Empty() {
		l.levels = []*image.RGBA{packed(m)}
	}
}

func (l *layer) empty() bool { return len(l.levels) == 0 }

// arrange shows the part of the layer that a viewer of w×h units sees. The
// layer covers a picture of pw×ph pixels at p; density is screen pixels a unit.
func (l *layer) arrange(p placement, pw, ph int, w, h, density float64, visible bool) {
	if l.empty() || p.empty() || !visible {
		l.object.Hide()
		return
	}
	full := l.levels[0].Rect.Size()
	ux, uy := p.scaleX*float64(pw)/float64(full.X), p.scaleY*float64(ph)/float64(full.Y)
	level := l.pick(min(ux, uy) * density)
	m := l.levels[level]
	ux, uy = p.scaleX*float64(pw)/float64(m.Rect.Dx()), p.scaleY*float64(ph)/float64(m.Rect.Dy())
	part := image.Rect(
		int(math.Floor(-p.left/ux)), int(math.Floor(-p.top/uy)),
		int(math.Ceil((w-p.left)/ux)), int(math.Ceil((h-p.top)/uy)),
	).Intersect(m.Rect)
	if part.Empty() {
		l.object.Hide()
		return
	}
	mode := canvas.ImageScaleFastest
	if min(ux, uy)*density > crispFrom {
		mode = canvas.ImageScalePixels
	}
	l.object.Move(fyne.NewPos(float32(p.left+float64(part.Min.X)*ux), float32(p.top+float64(part.Min.Y)*uy)))
	l.object.Resize(fyne.NewSize(float32(float64(part.Dx())*ux), float32(float64(part.Dy())*uy)))
	if part != l.shown || level != l.level || mode != l.object.ScaleMode {
		l.shown, l.level, l.object.ScaleMode = part, level, mode
		l.object.Image = crop(m, part)
		l.object.Refresh()
	}
	if l.object.Hidden {
		l.object.Show()
		l.object.Refresh() // showing alone paints nothing
	}
}

// pick makes and returns the smallest level that still has a pixel for every
// screen pixel; screen is the screen pixels for one pixel of the full image.
func (l *layer) pick(screen float64) int {
	level := 0
	for screen*2 <= 1 && max(l.levels[level].Rect.Dx(), l.levels[level].Rect.Dy()) > 1 {
		screen *= 2
		level++
		if level == len(l.levels) {
			l.levels = append(l.levels, halve(l.levels[level-1]))
		}
	}
	return level
}

// packed is m as an image.RGBA without gaps that starts at 0, 0: the form that
// goes to the screen as it is.
func packed(m image.Image) *image.RGBA {
	b := m.Bounds()
	if r, ok := m.(*image.RGBA); ok && b.Min == (image.Point{}) && r.Stride == 4*b.Dx() {
		return r
	}
	dst := image.NewRGBA(image.Rectangle{Max: b.Size()})
	draw.Draw(dst, dst.Rect, m, b.Min, draw.Src)
	return dst
}

// crop is a part of m, packed; m itself when the part is all of it.
func crop(m *image.RGBA, part image.Rectangle) *image.RGBA {
	if part == m.Rect {
		return m
	}
	return packed(m.SubImage(part))
}

// halve averages squares of four pixels; an odd last row or column counts twice.
func halve(m *image.RGBA) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, (w+1)/2, (h+1)/2))
	for y := range dst.Rect.Dy() {
		upper := m.Pix[2*y*m.Stride:]
		lower := m.Pix[min(2*y+1, h-1)*m.Stride:]
		row := dst.Pix[y*dst.Stride:]
		for x := range dst.Rect.Dx() {
			a, b := 8*x, 4*min(2*x+1, w-1)
			for c := range 4 {
				sum := uint(upper[a+c]) + uint(upper[b+c]) + uint(lower[a+c]) + uint(lower[b+c])
				row[4*x+c] = uint8((sum + 2) / 4)
			}
		}
	}
	return dst
}
