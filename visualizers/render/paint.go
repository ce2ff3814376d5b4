package render

import (
	"image"
	"image/color"
	"math"
	"runtime"
	"sync"
)

// painter turns the values of a field into premultiplied pixels. Colour,
// opacity and range are one table, made once per drawing; sign and threshold
// are two comparisons.
type painter struct {
	sample   sampler
	table    [tableSize]color.RGBA // premultiplied
	lo, step float64               // table index = (v - lo) * step
	flat     bool
	from, to float32
	absolute bool
	colours  ColorMap
	lines    bool // instead of areas
	opacity  float64
}

// newPainter prepares to draw f; ok is false when there is nothing to draw.
func newPainter(w, h int, f Field, at Rect, s Style) (p *painter, ok bool) {
	if f.Empty() || !(s.Opacity > 0) {
		return nil, false
	}
	scale := s.Scale(f)
	r := scale.Range
	p = &painter{lo: r.Lo, flat: r.Flat(), absolute: s.Sign == Absolute, colours: scale.Colors, lines: s.Contours, opacity: s.Opacity}
	if !p.flat {
		p.step = (tableSize - 1) / (r.Hi - r.Lo)
	}
	p.from, p.to = s.visible(r)
	for i := range p.table {
		t := float64(i) / (tableSize - 1)
		p.table[i] = premultiply(scale.Colors.At(t), s.opacity(t))
	}
	ends := r
	if p.absolute {
		ends.Lo = -r.Hi
	}
	p.sample.field, p.sample.hasNaN = f.bounded(ends)
	if !s.Cells {
		p.sample.field = p.sample.field.softened(s.Soften)
	}
	p.sample.cells = s.Cells
	p.sample.x = newAxis(f.Width, w, at.X0, at.X1)
	p.sample.y = newAxis(f.Height, h, at.Y0, at.Y1)
	return p, len(p.sample.x.near) > 0 && len(p.sample.y.near) > 0
}

// paint draws over dst with several goroutines, each its own rows.
func (p *painter) paint(dst *image.RGBA) {
	if p.lines {
		p.contours(dst, p.opacity)
		return
	}
	rows := len(p.sample.y.near)
	workers := min(runtime.GOMAXPROCS(0), 4, max(rows*len(p.sample.x.near)/(1<<15), 1))
	var wait sync.WaitGroup
	for k := range workers {
		wait.Go(func() { p.paintRows(dst, rows*k/workers, rows*(k+1)/workers) })
	}
	wait.Wait()
}

func (p *painter) paintRows(dst *image.RGBA, start, end int) {
	line := make([]float32, p.sample.field.Width)
	out := make([]float32, len(p.sample.x.near))
	for j := start; j < end; j++ {
		p.sample.row(j, line, out)
		at := dst.PixOffset(dst.Rect.Min.X+p.sample.x.first, dst.Rect.Min.Y+p.sample.y.first+j)
		p.paintRow(dst.Pix[at:at+4*len(out)], out)
	}
}

func (p *painter) paintRow(pix []uint8, values []float32) {
	for i, v := range values {
		if p.absolute && v < 0 {
			v = -v
		}
		if !(v >= p.from || v <= p.to) {
			continue
		}
		over(pix[4*i:4*i+4:4*i+4], p.table[p.index(v)])
	}
}

// index is the table entry of a known value.
func (p *painter) index(v float32) int {
	x := (float64(v) - p.lo) * p.step
	switch {
	case p.flat:
		x = (Range{p.lo, p.lo}).Position(float64(v)) * (tableSize - 1)
	case x <= 0:
		return 0
	case x >= tableSize-1:
		return tableSize - 1
	}
	return int(x + 0.5)
}

// over draws a premultiplied colour over a premultiplied pixel.
func over(pix []uint8, c color.RGBA) {
	switch c.A {
	case 0:
		return
	case 255:
		pix[0], pix[1], pix[2], pix[3] = c.R, c.G, c.B, 255
		return
	}
	rest := 255 - uint32(c.A)
	pix[0] = c.R + uint8((uint32(pix[0])*rest+127)/255)
	pix[1] = c.G + uint8((uint32(pix[1])*rest+127)/255)
	pix[2] = c.B + uint8((uint32(pix[2])*rest+127)/255)
	pix[3] = c.A + uint8((uint32(pix[3])*rest+127)/255)
}

func premultiply(c color.RGBA, opacity float64) color.RGBA {
	a := opacity * float64(c.A) / 255
	part := func(v uint8) uint8 { return uint8(math.Round(float64(v) * a)) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), part(255)}
}
