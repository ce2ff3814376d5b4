package viewer

import (
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// numberSize is the size of the numbers at the axes of a curve.
func numberSize() float32 { return theme.CaptionTextSize() - 1 }

// numberHeight is the room that a line of them takes.
func numberHeight() float32 { return numberSize() + 4 }

// newNumber makes a number for an axis.
func newNumber(text string) *canvas.Text {
	t := canvas.NewText(text, theme.Color(theme.ColorNamePlaceHolder))
	t.TextSize = numberSize()
	return t
}

// mostNumbers is how many slices get their number below a curve, and how much
// room each of them needs.
const (
	mostNumbers = 9
	numberRoom  = 40
)

// number writes the numbers of slices below the curve: the first, and round ones.
func (c *Curve) number() {
	n, width := len(c.shown.Values), c.Size().Width
	c.below.Objects = nil
	y := c.Size().Height - numberHeight()
	for _, i := range numbersOf(n, min(mostNumbers, int(width/numberRoom))) {
		t := newNumber(strconv.Itoa(i + 1))
		size := t.MinSize()
		x := c.place(i, width, c.Inset) - size.Width/2
		t.Move(fyne.NewPos(max(0, min(x, width-size.Width)), y))
		t.Resize(size)
		c.below.Objects = append(c.below.Objects, t)
	}
	c.below.Refresh()
}

// numbersOf are the slices of n, counted from 0, that get a number: the first
// one, and those with a round number, at most about most of them.
func numbersOf(n, most int) []int {
	if n == 0 || most < 1 {
		return nil
	}
	step := 1
	for k := 0; n/step > most; k++ {
		step = []int{2, 5, 10}[k%3] * int(math.Pow(10, float64(k/3)))
	}
	list := []int{0}
	for i := step; i <= n; i += step {
		if i > 1 && (i > step/2 || step == 1) {
			list = append(list, i-1)
		}
	}
	return list
}

// curveAxis is the scale at the left of a curve.
type curveAxis struct {
	widget.BaseWidget
	ticks []float64
	texts []*canvas.Text
	shown bool
}

func newCurveAxis() *curveAxis {
	a := &curveAxis{}
	a.ExtendBaseWidget(a)
	return a
}

// Axis is the scale of the curve, for the room at its left; it has to be as high.
func (c *Curve) Axis() fyne.CanvasObject { return c.axis }

// set shows the ends of a scale and its middle.
func (a *curveAxis) set(lo, hi float64, on bool) {
	ticks := []float64{hi, (lo + hi) / 2, lo}
	if len(a.ticks) == 3 && a.ticks[0] == hi && a.ticks[2] == lo && a.shown == on {
		return
	}
	a.ticks, a.shown = ticks, on
	a.texts = nil
	for _, v := range ticks {
		a.texts = append(a.texts, newNumber(tick(v)))
	}
	a.Refresh()
}

// tick writes a number of a scale with the digits that it needs.
func tick(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), "-", "−", 1)
}

// NiceScale widens a range to round ends.
func NiceScale(lo, hi float64) (float64, float64) {
	if !(hi >= lo) || math.IsInf(hi-lo, 0) {
		return 0, 1
	}
	if hi == lo {
		lo, hi = lo-1, hi+1
	}
	step := round125((hi - lo) / 2)
	digits := math.Pow(10, max(0, 1-math.Floor(math.Log10(step))))
	round := func(v float64) float64 { return math.Round(v*digits) / digits }
	const close = 1e-9
	lo, hi = math.Floor(lo/step+close), math.Ceil(hi/step-close)
	return round(lo * step), round(hi * step)
}

// CreateRenderer implements fyne.Widget.
func (a *curveAxis) CreateRenderer() fyne.WidgetRenderer { return &axisRenderer{a} }

type axisRenderer struct{ a *curveAxis }

func (r *axisRenderer) Layout(size fyne.Size) {
	h := size.Height - numberHeight()
	for i, t := range r.a.texts {
		text := t.MinSize()
		at := margin + (h-1-2*margin)*float32(i)/2 - text.Height/2
		t.Move(fyne.NewPos(size.Width-text.Width-2, max(0, min(at, h-text.Height+2))))
		t.Resize(text)
	}
}

func (r *axisRenderer) MinSize() fyne.Size {
	var w float32
	for _, t := range r.a.texts {
		w = max(w, t.MinSize().Width)
	}
	return fyne.NewSize(w+2, curveHeight+numberHeight())
}

func (r *axisRenderer) Refresh() {
	for _, t := range r.a.texts {
		t.Color = theme.Color(theme.ColorNamePlaceHolder)
	}
	r.Layout(r.a.Size())
	canvas.Refresh(r.a)
}

func (r *axisRenderer) Objects() []fyne.CanvasObject {
	if !r.a.shown {
		return nil
	}
	var all []fyne.CanvasObject
	for _, t := range r.a.texts {
		all = append(all, t)
	}
	return all
}

func (r *axisRenderer) Destroy() {}
