package viewer

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// FigureKind is the form of a [Figure].
type FigureKind int

// Forms of figures, with the points that they have.
const (
	LineFigure    FigureKind = iota // two ends
	AngleFigure                     // a point on one arm, the vertex, a point on the other arm
	EllipseFigure                   // two opposite corners of the rectangle around it
	BoxFigure                       // two opposite corners
	PathFigure                      // the corners of a line
)

// Figure is something drawn on the picture that can be chosen, moved and
// changed, such as a measurement.
type Figure struct {
	ID     int // 0 for one that is being drawn
	Kind   FigureKind
	Points [][2]float64 // in picture pixels, continuous
	Lines  []string     // what is written beside it
	Chosen bool         // with handles
}

// figures draws a list of [Figure] from pools of parts.
type figures struct {
	list  []Figure
	group *fyne.Container
	lines []*stroke
	texts []*lettering
	grips []*canvas.Rectangle
}

// How near the pointer has to be, and how large handles are, in units of the
// window.
const (
	nearHandle = 8
	nearLine   = 6
	handleSide = 8
)

// ellipseSides is of how many lines an ellipse is made.
const ellipseSides = 40

// chosenLight is the colour of the figure that is chosen.
var chosenLight = color.NRGBA{R: 255, G: 200, B: 40, A: 255}

func newFigures() *figures { return &figures{group: container.NewWithoutLayout()} }

// SetFigures draws these figures. They must not change afterwards.
func (v *Image) SetFigures(list []Figure) {
	if len(list) == 0 && len(v.figures.list) == 0 {
		return
	}
	v.figures.list = list
	v.arrange()
}

// handles are the points of a figure that can be dragged.
func (f Figure) handles() [][2]float64 {
	if f.Kind == EllipseFigure || f.Kind == BoxFigure {
		a, b := f.Points[0], f.Points[1]
		return [][2]float64{a, b, {a[0], b[1]}, {b[0], a[1]}}
	}
	return f.Points
}

// dragged is the figure with handle i at a point.
func (f Figure) dragged(i int, x, y float64) Figure {
	points := append([][2]float64(nil), f.Points...)
	switch i {
	case 2: // x of the first corner, y of the second
		if f.Kind != AngleFigure {
			points[0][0], points[1][1] = x, y
			break
		}
		points[2] = [2]float64{x, y}
	case 3:
		points[1][0], points[0][1] = x, y
	default:
		points[i] = [2]float64{x, y}
	}
	f.Points = points
	return f
}

// moved is the figure elsewhere.
func (f Figure) moved(dx, dy float64) Figure {
	points := make([][2]float64, len(f.Points))
	for i, p := range f.Points {
		points[i] = [2]float64{p[0] + dx, p[1] + dy}
	}
	f.Points = points
	return f
}

// outline is the line of a figure, in picture pixels.
func (f Figure) outline() [][2]float64 {
	switch f.Kind {
	case BoxFigure:
		h := f.handles()
		return [][2]float64{h[0], h[3], h[1], h[2], h[0]}
	case EllipseFigure:
		a, b := f.Points[0], f.Points[1]
		out := make([][2]float64, ellipseSides+1)
		for i := range out {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / ellipseSides)
			out[i] = [2]float64{(a[0]+b[0])/2 + (b[0]-a[0])/2*cos, (a[1]+b[1])/2 + (b[1]-a[1])/2*sin}
		}
		return out
	}
	return f.Points
}

// arrange puts all figures in their places in v.
func (f *figures) arrange(v *Image, on bool) {
	f.group.Resize(v.Size())
	lines, texts, grips := 0, 0, 0
	if on {
		for _, one := range append(v.draft(), f.list...) {
			if len(one.Points) < 2 {
				continue
			}
			light := noteLight
			if one.Chosen {
				light = chosenLight
			}
			var last fyne.Position
			for i, p := range one.outline() {
				at := v.positionOf(p[0], p[1])
				if i > 0 {
					f.line(lines, last, at, light)
					lines++
				}
				last = at
			}
			texts = f.write(v, one, texts)
			if one.Chosen {
				for _, p := range one.handles() {
					f.grip(grips, v.positionOf(p[0], p[1]))
					grips++
				}
			}
		}
	}
	for _, l := range f.lines[lines:] {
		l.show(false)
	}
	for _, l := range f.texts[texts:] {
		l.put(fyne.Position{}, false)
	}
	for _, g := range f.grips[grips:] {
		setVisible(g, false)
	}
}

// add makes a part visible for the first time.
func (f *figures) add(objects ...fyne.CanvasObject) {
	f.group.Objects = append(f.group.Objects, objects...)
	f.group.Refresh()
}

// line draws the i-th line.
func (f *figures) line(i int, from, to fyne.Position, light color.NRGBA) {
	if i == len(f.lines) {
		s := newStroke()
		f.lines = append(f.lines, s)
		f.add(s.dark, s.light)
	}
	s := f.lines[i]
	s.paint(light)
	s.put(from, to)
	s.show(true)
}

// grip draws the i-th handle.
func (f *figures) grip(i int, at fyne.Position) {
	if i == len(f.grips) {
		g := canvas.NewRectangle(chosenLight)
		g.StrokeColor, g.StrokeWidth = noteDark, 1
		g.Resize(fyne.NewSquareSize(handleSide))
		f.grips = append(f.grips, g)
		f.add(g)
	}
	f.grips[i].Move(at.SubtractXY(handleSide/2, handleSide/2))
	setVisible(f.grips[i], true)
}

// write puts what is said of a figure beside it, inside the viewer where there
// is room. It returns the number of texts in use.
func (f *figures) write(v *Image, one Figure, used int) int {
	at, pad := f.anchor(v, one), theme.Padding()
	from := used
	var width, height float32
	for _, text := range one.Lines {
		if used == len(f.texts) {
			l := newLettering("", true)
			f.texts = append(f.texts, l)
			f.add(l.dark, l.light)
		}
		f.texts[used].write(text)
		size := f.texts[used].size()
		width, height = max(width, size.Width), height+size.Height
		used++
	}
	size := v.Size()
	at = at.AddXY(pad, pad)
	at.X, at.Y = max(pad, min(at.X, size.Width-width-pad)), max(pad, min(at.Y, size.Height-height-pad))
	for _, l := range f.texts[from:used] {
		l.put(at, true)
		at.Y += l.size().Height
	}
	return used
}

// anchor is where the words about a figure begin: at its second point, or at its
// lower right corner as seen.
func (f *figures) anchor(v *Image, one Figure) fyne.Position {
	at := v.positionOf(one.Points[1][0], one.Points[1][1])
	if one.Kind == EllipseFigure || one.Kind == BoxFigure {
		other := v.positionOf(one.Points[0][0], one.Points[0][1])
		at.X, at.Y = max(at.X, other.X), min(at.Y, other.Y)
	}
	return at
}

// figureAt is the figure under a position, the one drawn last first, and its
// handle there; −1 for its line.
func (v *Image) figureAt(pos fyne.Position) (f Figure, handle int, ok bool) {
	for i := len(v.figures.list) - 1; i >= 0; i-- {
		f := v.figures.list[i]
		if f.ID == 0 || len(f.Points) < 2 {
			continue
		}
		for k, p := range f.handles() {
			if distance(v.positionOf(p[0], p[1]), pos) <= nearHandle {
				return f, k, true
			}
		}
		line := f.outline()
		for k := 1; k < len(line); k++ {
			if besideLine(v.positionOf(line[k-1][0], line[k-1][1]), v.positionOf(line[k][0], line[k][1]), pos) <= nearLine {
				return f, -1, true
			}
		}
	}
	return Figure{}, 0, false
}

func distance(a, b fyne.Position) float64 { return math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y)) }

// besideLine is how far a position is from the line between two others.
func besideLine(a, b, at fyne.Position) float64 {
	dx, dy := float64(b.X-a.X), float64(b.Y-a.Y)
	t := 0.0
	if long := dx*dx + dy*dy; long > 0 {
		t = within((float64(at.X-a.X)*dx+float64(at.Y-a.Y)*dy)/long, 0, 1)
	}
	return math.Hypot(float64(at.X-a.X)-t*dx, float64(at.Y-a.Y)-t*dy)
}

// Said is what is written beside the figures.
func (v *Image) Said() []string {
	var lines []string
	for _, f := range v.figures.list {
		lines = append(lines, f.Lines...)
	}
	return lines
}
