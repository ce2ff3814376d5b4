package explain

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
)

// film is a strip of pictures, small; a click opens it large.
type film struct {
	widget.BaseWidget
	picture *canvas.Image
	look    *control.Look // that the maps lie over
	under   *image.RGBA   // the look, small
	enlarge func(image.Image)
}

var (
	_ fyne.Tappable      = (*film)(nil)
	_ desktop.Cursorable = (*film)(nil)
)

func newFilm(enlarge func(image.Image)) *film {
	f := &film{picture: &canvas.Image{FillMode: canvas.ImageFillContain}, enlarge: enlarge}
	f.picture.Hide()
	f.ExtendBaseWidget(f)
	return f
}

// show draws a strip; nil for none.
func (f *film) show(strip image.Image) {
	f.picture.Image = strip
	f.picture.Hidden = strip == nil
	f.Refresh()
}

// Tapped opens the strip.
func (f *film) Tapped(*fyne.PointEvent) {
	if f.picture.Image != nil {
		f.enlarge(f.picture.Image)
	}
}

// Cursor tells that it can be clicked.
func (f *film) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (f *film) CreateRenderer() fyne.WidgetRenderer { return &filmRenderer{f} }

type filmRenderer struct{ f *film }

// MinSize is as high as the strip is at a usual width of the column.
func (r *filmRenderer) MinSize() fyne.Size {
	if r.f.picture.Image == nil {
		return fyne.Size{}
	}
	const width = 240
	size := r.f.picture.Image.Bounds().Size()
	return fyne.NewSize(100, width*float32(size.Y)/float32(max(1, size.X)))
}

func (r *filmRenderer) Layout(size fyne.Size)        { r.f.picture.Resize(size) }
func (r *filmRenderer) Refresh()                     { r.f.picture.Refresh() }
func (r *filmRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.f.picture} }
func (r *filmRenderer) Destroy()                     {}

// whole is a picture at its own size.
func whole(m image.Image) fyne.CanvasObject {
	c := canvas.NewImageFromImage(m)
	c.FillMode = canvas.ImageFillOriginal
	return c
}
