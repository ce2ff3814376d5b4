package viewer

import (
	"image"
	"image/color"
	"math"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// staleTranslucency dims an overlay that no longer matches the settings.
const staleTranslucency = 0.55

// Image shows a picture and an overlay. What the pointer does is its [Hands];
// a double click fits the picture again. All positions it reports and takes
// are pixels of the picture as it was given, however it is turned.
type Image struct {
	widget.BaseWidget

	// OnHover reports the picture pixel under the pointer; inside is false
	// when the pointer is beside the picture or has left the viewer.
	OnHover func(x, y int, inside bool)
	// OnTapped reports a click on picture pixel x, y.
	OnTapped func(x, y int)
	// OnViewChanged reports a view that the user changed, for linked views.
	OnViewChanged func(View)
	// OnWindow reports a drag for window and level, in units of the window:
	// across is the width, down the level. Only with [ScanHands].
	OnWindow func(across, down float32)
	// OnSlices reports that the wheel asks for a slice n further on. Only with
	// [ScanHands].
	OnSlices func(n int)
	// OnReset is called for a double click, which else fits the picture.
	OnReset func()
	// OnRegion reports a rectangle drawn with Shift held; done is false while
	// it is still being drawn. Nil where regions mean nothing.
	OnRegion func(r image.Rectangle, done bool)
	// OnFigure reports a figure that is drawn, which has no ID, or that is moved
	// or changed; done is false meanwhile. One without points is abandoned. Nil
	// where nothing can be drawn.
	OnFigure func(f Figure, done bool)
	// OnChosen reports that a figure was pressed, 0 for none.
	OnChosen func(id int)

	// OnPaint reports a region that was drawn with a tool for regions.
	OnPaint func(Paint)
	// OnStroke reports the pieces of a stroke of the covering brush as they are drawn,
	// and its end.
	OnStroke func(Stroke)

	hands          Hands
	tool           Tool
	view           View
	picture        shape // as it is given
	turn           Turn
	given          [4]image.Image // picture, overlay, regions and cover, before turning
	base, overlay  *layer
	regions, cover *layer
	overlayVisible bool
	stale          bool
	state          string
	mark           image.Rectangle
	grip           grip
	notes          *notes
	cross          *crosshair
	part           *corners
	figures        *figures
	sketch         sketch
	paint          painting
	brush          float64 // in picture pixels
	covering       covering

	ground      *canvas.Rectangle // behind scans, as everywhere in radiology
	frame, halo *canvas.Rectangle // the marked region, light on dark
	clip        *container.Clip
	badge       *badge
	empty       *widget.Label
}

// NewImage makes a viewer that shows empty (a sentence) until there is a picture.
func NewImage(empty string) *Image {
	v := &Image{
		view: fitted, picture: shape{tall: 1}, overlayVisible: true,
		base: newLayer(), overlay: newLayer(), regions: newLayer(), cover: newLayer(),
		notes: newNotes(), cross: newCrosshair(), part: newCorners(), figures: newFigures(),
		ground: canvas.NewRectangle(color.Black),
		frame:  outline(theme.Color(theme.ColorNameForegroundOnPrimary), 1.5),
		halo:   outline(theme.Color(theme.ColorNameShadow), 4),
		badge:  newBadge(""),
		empty:  widget.NewLabelWithStyle(empty, fyne.TextAlignCenter, fyne.TextStyle{}),
	}
	v.empty.Wrapping = fyne.TextWrapWord
	v.empty.Importance = widget.MediumImportance
	v.ground.Hide()
	layers := []fyne.CanvasObject{v.ground, v.base.object, v.cover.object, v.overlay.object, v.regions.object, v.halo, v.frame}
	layers = slices.Concat(layers, v.part.objects(), v.cross.objects(), v.notes.objects(), []fyne.CanvasObject{v.figures.group})
	v.clip = container.NewClip(container.NewWithoutLayout(layers...))
	v.ExtendBaseWidget(v)
	return v
}

// SetBase shows a picture; nil shows the empty text. The view stays while the
// picture's size stays, else the picture is fitted. The viewer keeps an
// *image.RGBA as it is: it must not change afterwards.
func (v *Image) SetBase(m image.Image) {
	size := image.Point{}
	if m != nil {
		size = m.Bounds().Size()
	}
	if size.X != v.picture.width || size.Y != v.picture.height {
		v.picture.width, v.picture.height, v.view = size.X, size.Y, fitted
	}
	v.give(0, v.base, m)
	v.arrange()
}

// SetOverlay lays m, stretched to the picture's size, over it; nil removes it.
// An *image.RGBA must not change afterwards.
func (v *Image) SetOverlay(m image.Image) {
	v.give(1, v.overlay, m)
	v.arrange()
}

// give puts an image into a layer, turned.
func (v *Image) give(i int, l *layer, m image.Image) {
	v.given[i] = m
	if m == nil || m.Bounds().Empty() {
		l.set(nil)
		return
	}
	l.set(v.turn.Apply(packed(m)))
}

// SetTurn turns and mirrors what is shown.
func (v *Image) SetTurn(t Turn) {
	if t == v.turn {
		return
	}
	if t.Quarters%2 != v.turn.Quarters%2 {
		v.view = fitted
	}
	v.turn = t
	v.give(0, v.base, v.given[0])
	v.give(1, v.overlay, v.given[1])
	v.give(2, v.regions, v.given[2])
	v.give(3, v.cover, v.given[3])
	v.arrange()
}

// Turn is how the picture is turned.
func (v *Image) Turn() Turn { return v.turn }

// SetAspect sets the height of a picture pixel by its width: 1 for square ones.
func (v *Image) SetAspect(tall float64) {
	if !(tall > 1e-3) || tall > 1e3 {
		tall = 1
	}
	if tall != v.picture.tall {
		v.picture.tall = tall
		v.arrange()
	}
}

// SetOverlayVisible hides and shows the overlay without forgetting it.
func (v *Image) SetOverlayVisible(on bool) {
	v.overlayVisible = on
	v.arrange()
}

// SetState says on the overlay itself what must be known about it, such as that
// it is partial, or of the picture where there is no overlay; "" for nothing. An old overlay, which belongs to other settings
// or another picture, is dimmed.
func (v *Image) SetState(words string, old bool) {
	if v.stale == old && v.state == words {
		return
	}
	v.stale, v.state = old, words
	v.badge.write(words)
	v.overlay.object.Translucency = 0
	if old {
		v.overlay.object.Translucency = staleTranslucency
	}
	if !v.overlay.empty() {
		v.overlay.object.Refresh()
	}
	v.arrange()
}

// Mark frames a region, in picture pixels; an empty one removes the frame.
func (v *Image) Mark(r image.Rectangle) {
	v.mark = r
	v.arrange()
}

// SetNotes writes on the picture; see [Notes].
func (v *Image) SetNotes(n Notes) {
	if reflect.DeepEqual(n, v.notes.Notes) {
		return
	}
	v.notes.set(n)
	v.arrange()
}

// Point draws a cross at a picture pixel, for the pointer of a linked viewer.
func (v *Image) Point(x, y int, on bool) {
	v.notes.point(x, y, on)
	v.arrange()
}

// SetEmptyText changes the sentence shown while there is no picture.
func (v *Image) SetEmptyText(text string) {
	v.empty.SetText(text)
	v.Refresh()
}

// View is the current zoom and position.
func (v *Image) View() View { return v.view }

// SetView changes zoom and position without reporting it. What the picture
// does not allow is corrected.
func (v *Image) SetView(w View) {
	v.view = w
	v.arrange()
}

// Fit shows the whole picture.
func (v *Image) Fit() { v.change(fitted) }

// ZoomBy zooms around the middle; above 1 is closer.
func (v *Image) ZoomBy(factor float64) {
	s := v.Size()
	v.zoomAt(factor, fyne.NewPos(s.Width/2, s.Height/2))
}

// PixelAt is the picture pixel at a position of the viewer.
func (v *Image) PixelAt(pos fyne.Position) (x, y int, inside bool) {
	fx, fy := v.pointAt(pos)
	if math.IsNaN(fx) {
		return 0, 0, false
	}
	x, y = int(math.Floor(fx)), int(math.Floor(fy))
	return x, y, x >= 0 && y >= 0 && x < v.picture.width && y < v.picture.height
}

// pointAt is the point of the picture at a position of the viewer.
func (v *Image) pointAt(pos fyne.Position) (x, y float64) {
	x, y = v.placement().point(float64(pos.X), float64(pos.Y))
	return v.turn.Source(x, y, float64(v.picture.width), float64(v.picture.height))
}

// positionOf is where the corner of a picture pixel that is its top left one
// in the picture lies in the viewer.
func (v *Image) positionOf(x, y float64) fyne.Position {
	x, y = v.turn.Shown(x, y, float64(v.picture.width), float64(v.picture.height))
	x, y = v.placement().at(x, y)
	return fyne.NewPos(float32(x), float32(y))
}

// shown is the picture as it is laid out, turned.
func (v *Image) shown() shape {
	s := v.picture
	if v.turn.Quarters%2 == 1 {
		s = shape{s.height, s.width, 1 / s.tall}
	}
	return s
}

func (v *Image) placement() placement {
	p, _ := place(v.view, v.shown(), float64(v.Size().Width), float64(v.Size().Height))
	return p
}

// change is a view the user chose.
func (v *Image) change(w View) {
	before := v.view
	v.SetView(w)
	if v.view != before && v.OnViewChanged != nil {
		v.OnViewChanged(v.view)
	}
}

func (v *Image) zoomAt(factor float64, pos fyne.Position) {
	s := v.Size()
	v.change(zoomAround(v.view, factor, float64(pos.X), float64(pos.Y), v.shown(), float64(s.Width), float64(s.Height)))
}

// arrange puts everything in its place for the present size, view and content.
func (v *Image) arrange() {
	size := v.Size()
	w, h := float64(size.Width), float64(size.Height)
	var p placement
	s := v.shown()
	p, v.view = place(v.view, s, w, h)
	v.ground.Resize(size)
	setVisible(v.ground, v.hands == ScanHands && !p.empty())
	density := v.density()
	v.base.arrange(p, s.width, s.height, w, h, density, true)
	v.cover.arrange(p, s.width, s.height, w, h, density, true)
	v.overlay.arrange(p, s.width, s.height, w, h, density, v.overlayVisible)
	v.regions.arrange(p, s.width, s.height, w, h, density, true)
	v.arrangeMark(p)
	v.part.arrange(v, !p.empty())
	v.cross.arrange(v, !p.empty())
	v.notes.arrange(v, p)
	v.figures.arrange(v, !p.empty())
	v.badge.setVisible(v.state != "" && (v.overlayVisible || v.overlay.empty()) && !p.empty())
	setVisible(v.empty, v.base.empty())
	v.arrangeBadge()
}

// State is what is said on the overlay.
func (v *Image) State() string { return v.state }

func (v *Image) arrangeBadge() {
	least := v.badge.MinSize()
	v.badge.Resize(least)
	v.badge.Move(fyne.NewPos((v.Size().Width-least.Width)/2, theme.Padding()))
}

func (v *Image) arrangeMark(p placement) {
	on := !v.mark.Empty() && !p.empty()
	seen := v.turn.Rect(v.mark, v.picture.width, v.picture.height)
	for _, r := range []*canvas.Rectangle{v.halo, v.frame} {
		x, y := p.at(float64(seen.Min.X), float64(seen.Min.Y))
		r.Move(fyne.NewPos(float32(x), float32(y)))
		r.Resize(fyne.NewSize(float32(float64(seen.Dx())*p.scaleX), float32(float64(seen.Dy())*p.scaleY)))
		setVisible(r, on)
	}
}

// density is the number of screen pixels in a unit of the window.
func (v *Image) density() float64 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil && c.Scale() > 0 {
		return float64(c.Scale())
	}
	return 1
}

// CreateRenderer implements fyne.Widget.
func (v *Image) CreateRenderer() fyne.WidgetRenderer {
	return &imageRenderer{v}
}

type imageRenderer struct{ v *Image }

func (r *imageRenderer) Layout(size fyne.Size) {
	v := r.v
	v.clip.Resize(size)
	v.arrange()
	text := v.empty.MinSize().Height
	v.empty.Resize(fyne.NewSize(size.Width, text))
	v.empty.Move(fyne.NewPos(0, max(0, (size.Height-text)/2)))
}

func (r *imageRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 120) }

func (r *imageRenderer) Refresh() {
	r.v.frame.StrokeColor = theme.Color(theme.ColorNameForegroundOnPrimary)
	r.v.halo.StrokeColor = theme.Color(theme.ColorNameShadow)
	r.v.badge.Refresh()
	r.v.empty.Refresh()
	r.Layout(r.v.Size())
}

func (r *imageRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.v.clip, r.v.badge, r.v.empty}
}

func (r *imageRenderer) Destroy() {}
