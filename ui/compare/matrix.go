package compare

import (
	"fmt"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
)

// Measures of a matrix.
const (
	matrixEdge   = 18 // column and row of the numbers
	matrixRow    = 20
	matrixColumn = 38 // at most
)

// matrix shows one number of each two methods, called by their numbers in the grid.
type matrix struct {
	widget.BaseWidget
	values  [][]float64
	numbers []int    // of the methods in the grid, from 1
	titles  []string // of the methods
	tell    func(text string)
	objects []fyne.CanvasObject
	boxes   []*canvas.Rectangle
	texts   []*canvas.Text
}

func newMatrix(tell func(string)) *matrix {
	m := &matrix{tell: tell}
	m.ExtendBaseWidget(m)
	return m
}

// set shows other numbers.
func (m *matrix) set(values [][]float64, numbers []int, titles []string) {
	m.values, m.numbers, m.titles = values, numbers, titles
	m.objects, m.boxes, m.texts = nil, nil, nil
	write := func(words string, bold bool, ink color.Color) {
		t := canvas.NewText(words, ink)
		t.TextSize, t.TextStyle.Bold, t.Alignment = theme.CaptionTextSize(), bold, fyne.TextAlignCenter
		m.texts = append(m.texts, t)
		m.objects = append(m.objects, t)
	}
	for _, n := range numbers {
		write(fmt.Sprint(n), true, nil)
		write(fmt.Sprint(n), true, nil)
	}
	for _, row := range values {
		for _, v := range row {
			words, fill, dark := drawing.Agreement(v)
			box := canvas.NewRectangle(fill)
			m.boxes = append(m.boxes, box)
			m.objects = append(m.objects, box)
			ink := color.NRGBA{A: 255}
			if dark {
				ink = color.NRGBA{255, 255, 255, 255}
			}
			write(words, false, ink)
		}
	}
	m.Refresh()
}

// step is the width of a column.
func (m *matrix) step() float32 {
	return min(matrixColumn, (m.Size().Width-matrixEdge)/float32(max(1, len(m.values))))
}

// cellAt is the pair under a position.
func (m *matrix) cellAt(pos fyne.Position) (row, column int, ok bool) {
	row, column = int(math.Floor(float64((pos.Y-matrixEdge)/matrixRow))), int(math.Floor(float64((pos.X-matrixEdge)/m.step())))
	return row, column, row >= 0 && column >= 0 && row < len(m.values) && column < len(m.values)
}

// MouseIn implements desktop.Hoverable.
func (m *matrix) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved tells which methods the number under the pointer is about.
func (m *matrix) MouseMoved(e *desktop.MouseEvent) {
	row, column, ok := m.cellAt(e.Position)
	if !ok {
		m.tell("")
		return
	}
	words, _, _ := drawing.Agreement(m.values[row][column])
	m.tell(fmt.Sprintf("%s and %s: %s", m.titles[row], m.titles[column], words))
}

// MouseOut implements desktop.Hoverable.
func (m *matrix) MouseOut() { m.tell("") }

// CreateRenderer implements fyne.Widget.
func (m *matrix) CreateRenderer() fyne.WidgetRenderer { return &matrixRenderer{m} }

type matrixRenderer struct{ m *matrix }

func (r *matrixRenderer) Layout(fyne.Size) {
	m, n, step := r.m, len(r.m.values), r.m.step()
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	for i := range m.numbers {
		put(m.texts[2*i], matrixEdge+float32(i)*step, 0, step, matrixEdge)
		put(m.texts[2*i+1], 0, matrixEdge+float32(i)*matrixRow, matrixEdge, matrixRow)
	}
	for i, box := range m.boxes {
		x, y := matrixEdge+float32(i%n)*step, matrixEdge+float32(i/n)*matrixRow
		put(box, x, y, step-1, matrixRow-1)
		put(m.texts[2*len(m.numbers)+i], x, y, step-1, matrixRow-1)
	}
}

func (r *matrixRenderer) MinSize() fyne.Size {
	return fyne.NewSize(120, matrixEdge+float32(len(r.m.values))*matrixRow)
}

func (r *matrixRenderer) Refresh() {
	for _, t := range r.m.texts[:2*len(r.m.numbers)] {
		t.Color = theme.Color(theme.ColorNameForeground)
	}
	r.Layout(r.m.Size())
	canvas.Refresh(r.m)
}

func (r *matrixRenderer) Objects() []fyne.CanvasObject { return r.m.objects }
func (r *matrixRenderer) Destroy()                     {}
