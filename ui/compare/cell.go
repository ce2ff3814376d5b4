package compare

import (
	"image"
	"math"

	"fyne.io/fyne/v2"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// smallest is the longer side of the pictures in a grid, in pixels.
const smallest = 480

// linked are viewers of one picture that move together and show what is under the
// pointer in all of them.
type linked struct {
	c       *control.Controller
	list    []*cell
	size    image.Point // of the picture
	base    *image.RGBA // the picture as the viewers have it
	grey    *image.RGBA // and without its colours
	colours float64     // how colourful it is, 0 for grey ones
	pointed func(x, y int, inside bool)
	inside  bool // something is pointed at
}

// cell is one map over the picture.
type cell struct {
	image  *viewer.Image
	source *visualizers.Map
	field  render.Field
	rect   render.Rect // of the map, in picture pixels
	below  string      // written in its corner while nothing is pointed at
}

// add makes a further viewer.
func (l *linked) add(empty string) *cell {
	one := &cell{image: viewer.NewImage(empty)}
	v := one.image
	v.OnViewChanged = func(to viewer.View) {
		for _, other := range l.list {
			if other != one {
				other.image.SetView(to)
			}
		}
	}
	v.OnHover = func(x, y int, inside bool) { l.point(one, x, y, inside) }
	v.OnWindow = func(across, down float32) { l.c.DragWindow(float64(across), float64(down)) }
	l.list = append(l.list, one)
	return one
}

// grounds is a picture as viewers of a grid show it.
type grounds struct {
	base, grey *image.RGBA
	colours    float64
	size       image.Point // of the picture itself
}

// groundsOf makes it, on any goroutine.
func groundsOf(shown *image.RGBA, most int) grounds {
	g := grounds{base: drawing.Small(shown, most), size: shown.Rect.Size()}
	g.colours, g.grey = drawing.Colourfulness(g.base), drawing.Grey(g.base)
	return g
}

// setPicture lays the picture under all maps.
func (l *linked) setPicture(g grounds) {
	l.base, l.grey, l.colours, l.size = g.base, g.grey, g.colours, g.size
	for _, one := range l.list {
		l.lay(one)
	}
}

// lay gives one viewer the picture.
func (l *linked) lay(one *cell) {
	if l.base == nil {
		one.image.SetBase(nil)
		return
	}
	one.image.SetBase(l.base)
	s := l.c.State()
	hands, aspect := viewer.PhotoHands, 1.0
	var slices func(int)
	if s.Scan() {
		hands = viewer.ScanHands
		if s.Look != nil && s.Look.Image.Scan != nil {
			aspect = s.Look.Image.Scan.Geometry.Aspect
		}
		if s.Selected().Slices() > 1 {
			slices = func(n int) { l.c.StepSlice(n) }
		}
	}
	one.image.SetHands(hands)
	one.image.SetAspect(aspect)
	one.image.OnSlices = slices
}

// ground lays the picture under a map as a display asks for it.
func (l *linked) ground(one *cell, d drawing.Display, mapped bool) {
	switch {
	case l.base == nil:
		one.image.SetBase(nil)
	case mapped && d.Greyed(l.colours):
		one.image.SetBase(l.grey)
	default:
		one.image.SetBase(l.base)
	}
}

// set shows a map, nil for none.
func (one *cell) set(m *visualizers.Map, overlay *image.RGBA, rect render.Rect, below string) {
	one.source, one.field, one.rect, one.below = m, render.Field{}, rect, below
	if m != nil {
		one.field = drawing.Field(*m)
	}
	if overlay == nil {
		one.image.SetOverlay(nil)
	} else {
		one.image.SetOverlay(overlay)
	}
	one.write(below)
}

func (one *cell) write(text string) {
	n := viewer.Notes{}
	if text != "" {
		n.BottomLeft = []string{text}
	}
	one.image.SetNotes(n)
}

// point marks a pixel in all viewers and writes the values there.
func (l *linked) point(from *cell, x, y int, inside bool) {
	l.inside = inside
	px, py := l.picturePixel(x, y)
	for _, one := range l.list {
		one.image.Point(x, y, inside && one != from)
		text := one.below
		if v := drawing.At(one.field, one.rect, px, py); inside && !math.IsNaN(v) {
			text = spelling.Signed(v)
		}
		one.write(text)
	}
	if l.pointed != nil {
		l.pointed(px, py, inside)
	}
}

// picturePixel is the pixel of the picture below one of the viewers' pixels.
func (l *linked) picturePixel(x, y int) (int, int) {
	if l.base == nil {
		return x, y
	}
	size := l.base.Rect.Size()
	return int((float64(x) + .5) * float64(l.size.X) / float64(size.X)), int((float64(y) + .5) * float64(l.size.Y) / float64(size.Y))
}

// zoom enlarges all viewers by a factor; 0 fits them.
func (l *linked) zoom(by float64) {
	for _, one := range l.list[:min(1, len(l.list))] { // the others follow
		if by == 0 {
			one.image.Fit()
		} else {
			one.image.ZoomBy(by)
		}
	}
}

// heat draws a map alone for a picture that is shown in some size.
func heat(m visualizers.Map, rect render.Rect, size image.Point, small image.Point, style render.Style) *image.RGBA {
	sx, sy := float64(small.X)/float64(size.X), float64(small.Y)/float64(size.Y)
	at := render.Rect{X0: rect.X0 * sx, Y0: rect.Y0 * sy, X1: rect.X1 * sx, Y1: rect.Y1 * sy}
	return render.Heat(small.X, small.Y, drawing.Field(m), at, style)
}

// cells lays out equal columns, whatever their content asks for: a column is never
// wider than the room there is.
type cells struct {
	columns int
	height  *float32
}

const cellGap = 4

func (l cells) width(all float32) float32 {
	n := float32(max(l.columns, 1))
	return max(40, (all-(n-1)*cellGap)/n)
}

// MinSize implements fyne.Layout.
func (l cells) MinSize(objects []fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, *l.height) }

// Layout implements fyne.Layout.
func (l cells) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := l.width(size.Width)
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i)*(w+cellGap), 0))
		o.Resize(fyne.NewSize(w, size.Height))
	}
}
