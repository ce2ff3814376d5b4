package viewer

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Line is one line of a [Plot]; points that are NaN are left out.
type Line struct {
	Values []float64
	Around []float64 // how far a band goes to either side of Values; nil for no band
	Dashed bool
	Faint  bool
}

// Plot shows numbers over a part of something, 0…1: lines, some of them dashed,
// and bands around others.
type Plot struct {
	widget.BaseWidget

	// OnHover reports the point nearest to the pointer; −1 for none.
	OnHover func(point int)

	at     []float64 // where points lie, rising from 0 to 1
	lines  []Line
	lo, hi float64
	raster *canvas.Raster
}

var _ desktop.Hoverable = (*Plot)(nil)

// plotHeight is the least height of a plot.
const plotHeight = 110

// NewPlot makes an empty plot.
func NewPlot() *Plot {
	p := &Plot{hi: 1}
	p.raster = canvas.NewRaster(p.draw)
	p.ExtendBaseWidget(p)
	return p
}

// Set shows lines over the points at; slices are kept as they are and must not
// change.
func (p *Plot) Set(at []float64, lines ...Line) {
	p.at, p.lines = at, lines
	p.lo, p.hi = math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		for i, v := range l.Values {
			around := 0.0
			if l.Around != nil {
				around = l.Around[i]
			}
			if !math.IsNaN(v) {
				p.lo, p.hi = min(p.lo, v-around), max(p.hi, v+around)
			}
		}
	}
	switch {
	case p.lo > p.hi:
		p.lo, p.hi = 0, 1
	case p.lo == p.hi:
		p.hi = p.lo + 1
	}
	p.raster.Refresh()
}

// Range is the scale of the plot.
func (p *Plot) Range() (lo, hi float64) { return p.lo, p.hi }

// MouseIn implements desktop.Hoverable.
func (p *Plot) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

// MouseMoved reports the point under the pointer.
func (p *Plot) MouseMoved(e *desktop.MouseEvent) {
	if p.OnHover == nil || len(p.at) == 0 || p.Size().Width <= 2*margin {
		return
	}
	share := float64(e.Position.X-margin) / float64(p.Size().Width-2*margin)
	nearest := 0
	for i, x := range p.at {
		if math.Abs(x-share) < math.Abs(p.at[nearest]-share) {
			nearest = i
		}
	}
	p.OnHover(nearest)
}

// MouseOut implements desktop.Hoverable.
func (p *Plot) MouseOut() {
	if p.OnHover != nil {
		p.OnHover(-1)
	}
}

// draw paints the plot at the screen's resolution.
func (p *Plot) draw(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	fill(m, m.Rect, theme.Color(theme.ColorNameInputBackground))
	if w < 4*margin || h < 4*margin {
		return m
	}
	ink, here := theme.Color(theme.ColorNameForeground), theme.Color(theme.ColorNamePrimary)
	faint := theme.Color(theme.ColorNameDisabled)
	if p.lo <= 0 && p.hi >= 0 {
		zero := p.y(0, h)
		fill(m, image.Rect(margin, zero, w-margin, zero+1), faint)
	}
	for _, l := range p.lines {
		if l.Around != nil {
			p.band(m, l, faint)
		}
	}
	for _, l := range p.lines {
		c := here
		switch {
		case l.Faint:
			c = faint
		case l.Dashed:
			c = ink
		}
		p.line(m, l, c)
	}
	return m
}

// band fills what lies between a line less and plus its band.
func (p *Plot) band(m *image.RGBA, l Line, c color.Color) {
	r, g, b, _ := c.RGBA()
	thin := color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 90}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	p.each(l.Values, func(i, k int) {
		from, to := p.x(p.at[i], w), p.x(p.at[k], w)
		for x := from; x < to; x++ {
			share := float64(x-from) / float64(max(1, to-from))
			mid := l.Values[i] + share*(l.Values[k]-l.Values[i])
			around := l.Around[i] + share*(l.Around[k]-l.Around[i])
			fill(m, image.Rect(x, p.y(mid+around, h), x+1, p.y(mid-around, h)+1), thin)
		}
	})
}

// dash is the length of a dash and of the gap behind it, in pixels.
const dash = 5

func (p *Plot) line(m *image.RGBA, l Line, c color.Color) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	p.each(l.Values, func(i, k int) {
		x0, y0, x1, y1 := p.x(p.at[i], w), p.y(l.Values[i], h), p.x(p.at[k], w), p.y(l.Values[k], h)
		if !l.Dashed {
			segment(m, x0, y0, x1, y1, c)
			return
		}
		for x := x0; x < x1; x++ {
			if x/dash%2 == 0 {
				share := float64(x-x0) / float64(x1-x0)
				y := y0 + int(math.Round(share*float64(y1-y0)))
				fill(m, image.Rect(x, y, x+1, y+1), c)
			}
		}
	})
}

// each calls f with the neighbours among the known points.
func (p *Plot) each(values []float64, f func(i, k int)) {
	last := -1
	for k, v := range values {
		if k >= len(p.at) || math.IsNaN(v) {
			continue
		}
		if last >= 0 {
			f(last, k)
		}
		last = k
	}
}

func (p *Plot) x(share float64, w int) int { return margin + int(share*float64(w-1-2*margin)+.5) }

func (p *Plot) y(v float64, h int) int {
	share := within((v-p.lo)/(p.hi-p.lo), 0, 1)
	return margin + int((1-share)*float64(h-1-2*margin)+.5)
}

// CreateRenderer implements fyne.Widget.
func (p *Plot) CreateRenderer() fyne.WidgetRenderer { return &plotRenderer{p.raster} }

type plotRenderer struct{ raster *canvas.Raster }

func (r *plotRenderer) Layout(size fyne.Size)        { r.raster.Resize(size) }
func (r *plotRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, plotHeight) }
func (r *plotRenderer) Refresh()                     { r.raster.Refresh() }
func (r *plotRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.raster} }
func (r *plotRenderer) Destroy()                     {}
