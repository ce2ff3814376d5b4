package viewer

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"picasso/visualizers/spelling"
)

// Notes are what a viewer of scans writes on the picture: text in the corners,
// the directions in the patient at the edges, and a scale.
type Notes struct {
	TopLeft, TopRight, BottomLeft, BottomRight []string // lines

	// Letters are what lies at the left, right, upper and lower edge of the
	// picture as it was given; "" where that is not known.
	Letters [4]string
	// Spacing is the distance of neighbouring columns and rows in millimetres;
	// zeros where it is not known, and then there is no scale.
	Spacing [2]float64
	// Detector says that Spacing holds at the detector, not in the patient.
	Detector bool
}

// Colours of what is written on pictures: readable on black and on white.
var (
	noteLight = color.NRGBA{R: 245, G: 240, B: 200, A: 255}
	noteDark  = color.NRGBA{A: 200}
)

// notes draws [Notes], a measured distance and the cross of a linked viewer.
type notes struct {
	Notes
	group *fyne.Container
	lines [4][]*lettering // of the corners
	edges [4]*lettering
	scale *stroke
	label *lettering // of the scale
	line  *stroke    // what is measured
	long  *lettering // how long it is
	cross [2]*stroke

	measured *[4]float64 // x0, y0, x1, y1 in picture pixels; nil for nothing
	pointed  [2]int
	pointing bool
}

func newNotes() *notes {
	n := &notes{group: container.NewWithoutLayout()}
	n.set(Notes{})
	return n
}

func (n *notes) objects() []fyne.CanvasObject { return []fyne.CanvasObject{n.group} }

func (n *notes) set(to Notes) {
	n.Notes = to
	n.group.Objects = nil
	for i, texts := range [4][]string{to.TopLeft, to.TopRight, to.BottomLeft, to.BottomRight} {
		n.lines[i] = nil
		for _, text := range texts {
			n.lines[i] = append(n.lines[i], n.letter(text, false))
		}
	}
	for i := range n.edges {
		n.edges[i] = n.letter("", true)
	}
	n.scale, n.label = n.draw(), n.letter("", false)
	n.line, n.long = n.draw(), n.letter("", true)
	n.cross = [2]*stroke{n.draw(), n.draw()}
}

func (n *notes) letter(text string, bold bool) *lettering {
	l := newLettering(text, bold)
	n.group.Objects = append(n.group.Objects, l.dark, l.light)
	return l
}

func (n *notes) draw() *stroke {
	s := newStroke()
	n.group.Objects = append(n.group.Objects, s.dark, s.light)
	return s
}

// measure shows a distance; nil removes it.
func (n *notes) measure(line *[4]float64) { n.measured = line }

func (n *notes) point(x, y int, on bool) { n.pointed, n.pointing = [2]int{x, y}, on }

// arrange puts everything in its place in v, whose picture lies at p.
func (n *notes) arrange(v *Image, p placement) {
	n.group.Resize(v.Size())
	on := !p.empty()
	n.arrangeCorners(v.Size(), on)
	n.arrangeLetters(v, on)
	n.arrangeScale(v, p)
	n.arrangeMeasure(v, on)
	n.arrangeCross(v, on)
}

func (n *notes) arrangeCorners(size fyne.Size, on bool) {
	pad := theme.Padding()
	for i, lines := range n.lines {
		for k, l := range lines {
			at := l.size()
			x, y := pad, pad+float32(k)*at.Height
			if i%2 == 1 {
				x = size.Width - pad - at.Width
			}
			if i >= 2 {
				y = size.Height - pad - float32(len(lines)-k)*at.Height
			}
			l.put(fyne.NewPos(x, y), on)
		}
	}
}

func (n *notes) arrangeLetters(v *Image, on bool) {
	size, pad := v.Size(), theme.Padding()
	for i, text := range v.turn.Letters(n.Letters) {
		l := n.edges[i]
		l.write(text)
		at := l.size()
		pos := fyne.NewPos((size.Width-at.Width)/2, (size.Height-at.Height)/2)
		switch i {
		case 0:
			pos.X = pad
		case 1:
			pos.X = size.Width - pad - at.Width
		case 2:
			pos.Y = pad
		case 3:
			pos.Y = size.Height - pad - at.Height
		}
		l.put(pos, on && text != "")
	}
}

// spacing is the distance of neighbouring columns and rows as seen.
func (n *notes) spacing(t Turn) (x, y float64) {
	if t.Quarters%2 == 1 {
		return n.Spacing[1], n.Spacing[0]
	}
	return n.Spacing[0], n.Spacing[1]
}

// arrangeScale draws a round length of at most a quarter of the viewer.
func (n *notes) arrangeScale(v *Image, p placement) {
	size, pad := v.Size(), theme.Padding()
	mm, _ := n.spacing(v.turn)
	on := !p.empty() && mm > 0
	n.scale.show(on)
	if !on {
		n.label.put(fyne.Position{}, false)
		return
	}
	length := round125(float64(size.Width) / 4 / p.scaleX * mm)
	units := float32(length / mm * p.scaleX)
	n.label.write(n.millimetres(strconv.FormatFloat(length, 'f', -1, 64)))
	at := n.label.size()
	y := size.Height - 2*pad - at.Height
	x := size.Width - 3*pad - max(units, at.Width)
	if rows := len(n.lines[3]); rows > 0 {
		y -= float32(rows) * at.Height
	}
	n.scale.put(fyne.NewPos(x, y), fyne.NewPos(x+units, y))
	n.label.put(fyne.NewPos(x, y+1), true)
}

// round125 is the largest of 1, 2, 5, 10, 20, 50… that is no more than v.
func round125(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{5, 2} {
		if k*ten <= v {
			return k * ten
		}
	}
	return ten
}

func (n *notes) millimetres(mm string) string {
	text := mm + " mm"
	if n.Detector {
		text += " at the detector"
	}
	return text
}

func (n *notes) arrangeMeasure(v *Image, on bool) {
	on = on && n.measured != nil
	n.line.show(on)
	if !on {
		n.long.put(fyne.Position{}, false)
		return
	}
	m := n.measured
	from, to := v.positionOf(m[0], m[1]), v.positionOf(m[2], m[3])
	n.line.put(from, to)
	n.long.write(n.length(m[2]-m[0], m[3]-m[1]))
	n.long.put(to.AddXY(theme.Padding(), theme.Padding()), true)
}

// Measured is the distance that was measured, in words; "" when there is none.
func (v *Image) Measured() string {
	m := v.notes.measured
	if m == nil {
		return ""
	}
	return v.notes.length(m[2]-m[0], m[3]-m[1])
}

// length is a distance in picture pixels in words.
func (n *notes) length(dx, dy float64) string {
	if n.Spacing[0] > 0 && n.Spacing[1] > 0 {
		return n.millimetres(spelling.Number(math.Hypot(dx*n.Spacing[0], dy*n.Spacing[1])))
	}
	return fmt.Sprintf("%.1f px", math.Hypot(dx, dy))
}

// crossArm is half the length of the cross, in units of the window.
const crossArm = 10

func (n *notes) arrangeCross(v *Image, on bool) {
	at := v.positionOf(float64(n.pointed[0])+0.5, float64(n.pointed[1])+0.5)
	for i, arm := range []fyne.Position{fyne.NewPos(crossArm, 0), fyne.NewPos(0, crossArm)} {
		n.cross[i].put(at.Subtract(arm), at.Add(arm))
		n.cross[i].show(on && n.pointing)
	}
}

// lettering is text with a dark shadow, readable on any picture.
type lettering struct{ dark, light *canvas.Text }

func newLettering(text string, bold bool) *lettering {
	l := &lettering{canvas.NewText(text, noteDark), canvas.NewText(text, noteLight)}
	for _, t := range []*canvas.Text{l.dark, l.light} {
		t.TextStyle.Bold = bold
		t.TextSize = theme.CaptionTextSize()
	}
	return l
}

func (l *lettering) write(text string) {
	if l.light.Text != text {
		l.dark.Text, l.light.Text = text, text
		l.dark.Refresh()
		l.light.Refresh()
	}
}

func (l *lettering) size() fyne.Size { return l.light.MinSize() }

func (l *lettering) put(at fyne.Position, on bool) {
	l.dark.Move(at.AddXY(1, 1))
	l.light.Move(at)
	size := l.size()
	l.dark.Resize(size)
	l.light.Resize(size)
	setVisible(l.dark, on)
	setVisible(l.light, on)
}

// stroke is a line with a dark edge.
type stroke struct{ dark, light *canvas.Line }

func newStroke() *stroke {
	s := &stroke{canvas.NewLine(noteDark), canvas.NewLine(noteLight)}
	s.dark.StrokeWidth, s.light.StrokeWidth = 3.5, 1.5
	s.show(false)
	return s
}

func (s *stroke) show(on bool) {
	setVisible(s.dark, on)
	setVisible(s.light, on)
}

func (s *stroke) put(from, to fyne.Position) {
	for _, l := range []*canvas.Line{s.dark, s.light} {
		if l.Position1 != from || l.Position2 != to {
			l.Position1, l.Position2 = from, to
			l.Refresh()
		}
	}
}
