package viewer

import (
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
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

// notes draws [Notes] and the cross of a linked viewer.
type notes struct {
	Notes
	group  *fyne.Container
	lines  [4][]*lettering // of the corners
	edges  [4]*lettering
	scale  *stroke
	label  *lettering // of the scale
	blocks [4]block   // the corners as they were laid out
	scaled block      // the scale
	cross  [2]*stroke

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

func (n *notes) point(x, y int, on bool) { n.pointed, n.pointing = [2]int{x, y}, on }

// arrange puts everything in its place in v, whose picture lies at p.
func (n *notes) arrange(v *Image, p placement) {
	n.group.Resize(v.Size())
	on := !p.empty()
	n.arrangeCorners(v.Size(), on)
	n.arrangeScale(v, p)
	n.arrangeLetters(v, on)
	n.arrangeCross(v, on)
}

// arrangeCorners writes the corners. Where two beside each other have no room,
// the right one stands above the left one, or below it at the top.
func (n *notes) arrangeCorners(size fyne.Size, on bool) {
	pad := theme.Padding()
	n.blocks = [4]block{}
	for i, lines := range n.lines {
		b := &n.blocks[i]
		for _, l := range lines {
			at := l.size()
			b.width, b.height = max(b.width, at.Width), b.height+at.Height
		}
		b.left, b.off = pad, pad
		if i%2 == 1 {
			b.left = size.Width - pad - b.width
			if other := n.blocks[i-1]; b.height > 0 && other.height > 0 && b.meets(other.left, other.left+other.width, pad) {
				b.off += other.height
			}
		}
		y := b.off
		if i >= 2 {
			y = size.Height - b.off - b.height
		}
		for _, l := range lines {
			at, x := l.size(), b.left
			if i%2 == 1 {
				x += b.width - at.Width
			}
			l.put(fyne.NewPos(x, y), on)
			y += at.Height
		}
	}
}

// block is where the words of a corner stand: from its left end, off its edge.
type block struct{ left, off, width, height float32 }

// meets reports whether the block has less than some room to what spans from one
// place to another in the direction of the rows.
func (b block) meets(from, to, room float32) bool {
	return b.height > 0 && from < b.left+b.width+room && b.left < to+room
}

// clear is how far off the edge something has to stand that spans from one place
// to another, so that it lies on no block of these corners.
func (n *notes) clear(from, to float32, corners ...int) float32 {
	off := theme.Padding()
	for _, i := range corners {
		if b := n.blocks[i]; b.meets(from, to, theme.Padding()) {
			off = max(off, b.off+b.height)
		}
	}
	return off
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
			pos.Y = n.clear(pos.X, pos.X+at.Width, 0, 1)
		case 3:
			pos.Y = size.Height - at.Height - n.clear(pos.X, pos.X+at.Width, 2, 3)
			if s := n.scaled; s.meets(pos.X, pos.X+at.Width, pad) {
				pos.Y = min(pos.Y, size.Height-s.off-s.height-at.Height)
			}
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
	n.scaled = block{}
	if !on {
		n.label.put(fyne.Position{}, false)
		return
	}
	length := round125(float64(size.Width) / 4 / p.scaleX * mm)
	units := float32(length / mm * p.scaleX)
	n.label.write(n.millimetres(strconv.FormatFloat(length, 'f', -1, 64)))
	at := n.label.size()
	width := max(units, at.Width)
	x := size.Width - 3*pad - width
	n.scaled = block{x, n.clear(x, x+width, 2, 3), width, at.Height + pad}
	y := size.Height - n.scaled.off - n.scaled.height
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

func (s *stroke) paint(light color.Color) {
	if s.light.StrokeColor != light {
		s.light.StrokeColor = light
		s.light.Refresh()
	}
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
