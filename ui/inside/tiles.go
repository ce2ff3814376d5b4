package inside

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/drawing"
	"picasso/ui/widgets"
	"picasso/visualizers/render"
)

// tiles shows channels as tiles of one picture: however many there are, the window
// draws one.
type tiles struct {
	widget.BaseWidget
	hovered func(tile, row, column int, on bool)
	tapped  func(tile int)
	turned  func(pages int)

	fields   []render.Field
	ranges   []render.Range
	signed   bool
	selected int
	tiling   drawing.Tiling
	scale    float32
	picture  *canvas.Image
	frame    *canvas.Rectangle
	halo     *canvas.Rectangle // within the frame, so that it stands out from every colour
}

var (
	_ fyne.Tappable      = (*tiles)(nil)
	_ fyne.Scrollable    = (*tiles)(nil)
	_ desktop.Hoverable  = (*tiles)(nil)
	_ desktop.Cursorable = (*tiles)(nil)
)

// frameWidth is that of the line around the selected tile.
const frameWidth = 2

func newTiles() *tiles {
	t := &tiles{selected: -1, scale: 1, picture: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}, frame: canvas.NewRectangle(color.Transparent), halo: canvas.NewRectangle(color.Transparent)}
	t.frame.StrokeWidth, t.halo.StrokeWidth = frameWidth, frameWidth+1
	t.halo.StrokeColor = color.White
	t.picture.Hide()
	t.frame.Hide()
	t.halo.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// set shows fields, each on its range; selected is the framed one, −1 for none.
func (t *tiles) set(fields []render.Field, ranges []render.Range, signed bool, selected int) {
	t.fields, t.ranges, t.signed, t.selected = fields, ranges, signed, selected
	t.draw()
}

// choose frames another tile.
func (t *tiles) choose(selected int) {
	t.selected = selected
	t.place()
}

// columns is how many tiles lie beside each other.
func (t *tiles) columns() int { return max(1, t.tiling.Columns) }

func (t *tiles) draw() {
	size := t.Size()
	if size.Width < 1 || size.Height < 1 || len(t.fields) == 0 {
		t.picture.Hide()
		t.frame.Hide()
		t.halo.Hide()
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil && c.Scale() > 0 {
		t.scale = c.Scale()
	}
	sheet := image.Pt(int(size.Width*t.scale), int(size.Height*t.scale))
	t.tiling = drawing.NewTiling(len(t.fields), t.fields[0].Width, t.fields[0].Height, sheet)
	t.picture.Image = drawing.Tiles(t.tiling, sheet, t.fields, t.ranges, t.signed)
	t.picture.Resize(size)
	t.picture.Show()
	t.picture.Refresh()
	t.place()
}

// place puts the frame around the selected tile.
func (t *tiles) place() {
	on := t.selected >= 0 && t.selected < len(t.fields) && t.picture.Visible()
	t.frame.StrokeColor = theme.Color(theme.ColorNamePrimary)
	widgets.Visible(t.frame, on)
	widgets.Visible(t.halo, on)
	if on { // within the tile: around those at the edge there is no room
		r := t.tiling.Rect(t.selected)
		for _, line := range []*canvas.Rectangle{t.halo, t.frame} {
			line.Move(fyne.NewPos(float32(r.Min.X)/t.scale, float32(r.Min.Y)/t.scale))
			line.Resize(fyne.NewSize(float32(r.Dx())/t.scale, float32(r.Dy())/t.scale))
		}
	}
	t.halo.Refresh()
	t.frame.Refresh()
}

func (t *tiles) at(pos fyne.Position) (i, row, column int, ok bool) {
	i, across, down, ok := t.tiling.At(int(pos.X*t.scale), int(pos.Y*t.scale))
	if !ok || i >= len(t.fields) {
		return 0, 0, 0, false
	}
	f := t.fields[i]
	return i, min(int(down*float64(f.Height)), f.Height-1), min(int(across*float64(f.Width)), f.Width-1), true
}

// Tapped chooses a tile.
func (t *tiles) Tapped(e *fyne.PointEvent) {
	if i, _, _, ok := t.at(e.Position); ok {
		t.tapped(i)
	}
}

// Scrolled turns pages.
func (t *tiles) Scrolled(e *fyne.ScrollEvent) {
	switch {
	case e.Scrolled.DY < 0:
		t.turned(1)
	case e.Scrolled.DY > 0:
		t.turned(-1)
	}
}

// MouseIn implements desktop.Hoverable.
func (t *tiles) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved reads the value under the pointer.
func (t *tiles) MouseMoved(e *desktop.MouseEvent) {
	i, row, column, ok := t.at(e.Position)
	t.hovered(i, row, column, ok)
}

// MouseOut implements desktop.Hoverable.
func (t *tiles) MouseOut() { t.hovered(0, 0, 0, false) }

// Cursor implements desktop.Cursorable.
func (t *tiles) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// CreateRenderer implements fyne.Widget.
func (t *tiles) CreateRenderer() fyne.WidgetRenderer { return &tilesRenderer{t} }

type tilesRenderer struct{ t *tiles }

func (r *tilesRenderer) Layout(fyne.Size)   { r.t.draw() }
func (r *tilesRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 120) }
func (r *tilesRenderer) Refresh()           { r.t.place(); r.t.picture.Refresh() }
func (r *tilesRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.picture, r.t.halo, r.t.frame}
}
func (r *tilesRenderer) Destroy() {}
