package viewer

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// staleTranslucency dims an overlay that no longer matches the settings.
const staleTranslucency = 0.55

// Image shows a picture and an overlay. The wheel zooms around the pointer,
// dragging pans, a double click fits the picture again.
type Image struct {
	widget.BaseWidget

	// OnHover reports the picture pixel under the pointer; inside is false
	// when the pointer is beside the picture or has left the viewer.
	OnHover func(x, y int, inside bool)
	// OnTapped reports a click on picture pixel x, y.
	OnTapped func(x, y int)
	// OnViewChanged reports a view that the user changed, for linked views.
	OnViewChanged func(View)

	view           View
	width, height  int // of the picture
	base, overlay  *layer
	overlayVisible bool
	stale          bool
	mark           image.Rectangle

	frame, halo *canvas.Rectangle // the marked region, light on dark
	clip        *container.Clip
	badge       *badge
	empty       *widget.Label
}

// NewImage makes a viewer that shows empty (a sentence) until there is a picture.
func NewImage(empty string) *Image {
	v := &Image{
		view: fitted, overlayVisible: true,
		base: newLayer(), overlay: newLayer(),
		frame: outline(theme.Color(theme.ColorNameForegroundOnPrimary), 1.5),
		halo:  outline(theme.Color(theme.ColorNameShadow), 4),
		badge: newBadge("updating\u2026"),
		empty: widget.NewLabelWithStyle(empty, fyne.TextAlignCenter, fyne.TextStyle{}),
	}
	v.empty.Wrapping = fyne.TextWrapWord
	v.empty.Importance = widget.MediumImportance
	v.clip = container.NewClip(container.NewWithoutLayout(
		v.base.object, v.overlay.object, v.halo, v.frame))
	v.ExtendBaseWidget(v)
	return v
}

// SetBase shows a picture; nil shows the empty text. The view stays while the
// picture's size stays, else the picture is fitted. The viewer keeps an
// *image.RGBA as it is: it must not change afterwards.
func (v *Image) SetBase(m image.Image) {
	v.base.set(m)
	size := image.Point{}
	if !v.base.empty() {
		size = v.base.levels[0].Rect.Size()
	}
	if size != image.Pt(v.width, v.height) {
		v.width, v.height, v.view = size.X, size.Y, fitted
	}
	v.arrange()
}

// SetOverlay lays m, stretched to the picture's size, over it; nil removes it.
// An *image.RGBA must not change afterwards.
func (v *Image) SetOverlay(m image.Image) {
	v.overlay.set(m)
	v.arrange()
}

// SetOverlayVisible hides and shows the overlay without forgetting it.
func (v *Image) SetOverlayVisible(on bool) {
	v.overlayVisible = on
	v.arrange()
}

// SetStale marks the overlay as not yet matching the settings: it is dimmed
// and a badge says so.
func (v *Image) SetStale(on bool) {
	if v.stale == on {
		return
	}
	v.stale = on
	v.overlay.object.Translucency = 0
	if on {
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
	return v.placement().pixel(float64(pos.X), float64(pos.Y), v.width, v.height)
}

// PositionOf is where the top left corner of a picture pixel lies in the viewer.
func (v *Image) PositionOf(x, y int) fyne.Position {
	p := v.placement()
	return fyne.NewPos(float32(p.left+float64(x)*p.scale), float32(p.top+float64(y)*p.scale))
}

func (v *Image) placement() placement {
	p, _ := place(v.view, v.width, v.height, float64(v.Size().Width), float64(v.Size().Height))
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
	v.change(zoomAround(v.view, factor, float64(pos.X), float64(pos.Y),
		v.width, v.height, float64(s.Width), float64(s.Height)))
}

// arrange puts everything in its place for the present size, view and content.
func (v *Image) arrange() {
	size := v.Size()
	w, h := float64(size.Width), float64(size.Height)
	var p placement
	p, v.view = place(v.view, v.width, v.height, w, h)
	density := v.density()
	v.base.arrange(p, v.width, v.height, w, h, density, true)
	v.overlay.arrange(p, v.width, v.height, w, h, density, v.overlayVisible)
	v.arrangeMark(p)
	v.badge.setVisible(v.stale && v.overlayVisible && !v.overlay.empty() && p.scale > 0)
	setVisible(v.empty, v.base.empty())
}

func (v *Image) arrangeMark(p placement) {
	on := !v.mark.Empty() && p.scale > 0
	for _, r := range []*canvas.Rectangle{v.halo, v.frame} {
		r.Move(fyne.NewPos(float32(p.left+float64(v.mark.Min.X)*p.scale), float32(p.top+float64(v.mark.Min.Y)*p.scale)))
		r.Resize(fyne.NewSize(float32(float64(v.mark.Dx())*p.scale), float32(float64(v.mark.Dy())*p.scale)))
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
	least := v.badge.MinSize()
	v.badge.Resize(least)
	v.badge.Move(fyne.NewPos(size.Width-least.Width-theme.Padding(), theme.Padding()))
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
