package audit

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/report/digest"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// scatter shows the pictures of a class in the plane of their maps.
type scatter struct {
	w      *Workspace
	box    fyne.CanvasObject
	class  *widgets.Select
	colour *widgets.Select
	cloud  *cloud
	legend *fyne.Container
	none   *widget.Label
	chosen int
	now    scatterLook
}

// scatterLook is what was drawn last.
type scatterLook struct {
	serial, class, current, version int
	colour                          string
	theme                           color.Color
}

// What points are coloured by.
const (
	byWay   = "way of deciding"
	byRight = "right or wrong"
	byLabel = "label"
)

func newScatter(w *Workspace) *scatter {
	p := &scatter{w: w, none: wrapped(""), now: scatterLook{serial: -1}}
	p.class = widgets.NewSelect(nil, func(string) {
		if k := p.class.SelectedIndex(); k >= 0 && k != p.chosen {
			p.chosen = k
			p.show()
		}
	})
	p.colour = widgets.NewSelect([]string{byWay, byRight, byLabel}, func(string) { p.show() })
	p.colour.Selected = byWay
	p.legend = container.NewHBox()
	p.cloud = newCloud(w, p.took)
	head := container.NewBorder(nil, nil, widget.NewLabel("Class"), container.NewHBox(widget.NewLabel("coloured by"), widgets.AtLeast(170, 0, p.colour)), p.class)
	foot := faint("Maps that are alike lie near each other; the axes have no unit. Click a picture, or drag a rectangle around some.")
	p.box = container.NewBorder(container.NewVBox(head, container.NewHScroll(p.legend), p.none), foot, nil, nil, p.cloud)
	return p
}

func (p *scatter) object() fyne.CanvasObject { return p.box }

// took shows the pictures of a rectangle.
func (p *scatter) took(rows []int) {
	if len(rows) == 0 {
		p.w.host.Hint("No picture lies in the rectangle.")
		return
	}
	p.w.s.Look(words.Count(len(rows), "picture", "pictures")+" of the plane", rows)
}

func (p *scatter) show() {
	st := p.w.s.State()
	d := st.Result.Digest
	if p.now.serial != st.Serial {
		p.chosen = first(d)
		p.class.Options = classTitles(d)
		p.class.ClearSelected()
		if len(p.class.Options) > 0 {
			p.class.SetSelectedIndex(p.chosen)
		}
	}
	now := scatterLook{st.Serial, p.chosen, st.Current, st.Version, p.colour.Selected, theme.Color(theme.ColorNameForeground)}
	if now == p.now {
		return
	}
	p.now = now
	p.draw(d)
}

func (p *scatter) draw(d *digest.Digest) {
	st := p.w.s.State()
	in := map[int]bool{}
	if st.Subset.Rows != nil {
		for _, i := range st.Listed {
			in[i] = true
		}
	}
	var points []point
	out := 0
	if p.chosen < len(d.Analysis.Classes) {
		for _, i := range d.Analysis.Classes[p.chosen].Items {
			s := d.Analysis.Standing[i]
			if math.IsNaN(s.X) {
				out++
				continue
			}
			points = append(points, point{row: i, x: s.X, y: s.Y, group: p.group(d, i), faint: st.Subset.Rows != nil && !in[i], chosen: i == st.Current})
		}
	}
	text := ""
	switch {
	case len(points) == 0:
		text = "There are too few maps of this class to compare them."
	case out > 0:
		text = fmt.Sprintf("%d pictures are left out: their map says nothing, or there are too many to compare.", out)
	}
	p.none.SetText(text)
	p.none.Hidden = text == ""
	p.explain(d, points)
	p.cloud.set(points)
}

// group is the number of a point's colour, −1 for none.
func (p *scatter) group(d *digest.Digest, i int) int {
	switch p.colour.Selected {
	case byRight:
		switch right := d.Correct(i); {
		case right == nil:
			return -1
		case *right:
			return 0
		}
		return 1
	case byLabel:
		if d.Truth == nil || d.Truth.Items[i] == nil || len(d.Truth.Items[i].Present) == 0 {
			return -1
		}
		return d.Truth.Items[i].Present[0]
	}
	return d.Analysis.Standing[i].Way
}

// explain writes what the colours mean.
func (p *scatter) explain(d *digest.Digest, points []point) {
	p.legend.RemoveAll()
	count := map[int]int{}
	most := -1
	for _, q := range points {
		count[q.group]++
		most = max(most, q.group)
	}
	for g := -1; g <= most; g++ {
		if count[g] == 0 || len(p.legend.Objects) > 2*len(groupInks) {
			continue
		}
		name := map[string]string{byWay: "way " + digest.Letter(g), byLabel: visible.Text(d.ClassName(g)), byRight: []string{"right", "wrong"}[max(g, 0)%2]}[p.colour.Selected]
		if g < 0 {
			name = "not known"
		}
		dot := canvas.NewCircle(inkOf(g))
		p.legend.Add(container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(10), dot)))
		p.legend.Add(widget.NewLabel(fmt.Sprintf("%s (%d)", name, count[g])))
	}
}

// groupInks are colours that people who confuse colours tell apart (Okabe and Ito
// 2008), on light and on dark ground.
var groupInks = []color.NRGBA{
	{0, 114, 178, 255}, {230, 159, 0, 255}, {0, 158, 115, 255}, {213, 94, 0, 255}, {204, 121, 167, 255}, {86, 180, 233, 255}, {176, 160, 30, 255}, {130, 130, 130, 255},
}

func inkOf(group int) color.NRGBA {
	if group < 0 {
		return color.NRGBA{128, 128, 128, 255}
	}
	return groupInks[group%len(groupInks)]
}

// point is a picture in the plane.
type point struct {
	row           int
	x, y          float64
	group         int
	faint, chosen bool
}

// cloud draws points and lets people choose some.
type cloud struct {
	widget.BaseWidget
	w        *Workspace
	took     func(rows []int)
	points   []point
	lo, hi   [2]float64
	raster   *canvas.Raster
	band     *canvas.Rectangle // while dragging; without size at rest, for the toolkit forgets what is hidden
	from, to fyne.Position
	dragging bool
}

var (
	_ fyne.Draggable    = (*cloud)(nil)
	_ fyne.Tappable     = (*cloud)(nil)
	_ desktop.Hoverable = (*cloud)(nil)
)

func newCloud(w *Workspace, took func([]int)) *cloud {
	c := &cloud{w: w, took: took}
	c.raster = canvas.NewRaster(c.paint)
	c.band = canvas.NewRectangle(color.Transparent)
	c.band.StrokeWidth = 1.5
	c.ExtendBaseWidget(c)
	return c
}

func (c *cloud) set(points []point) {
	c.points = points
	c.lo, c.hi = [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		for k, v := range []float64{p.x, p.y} {
			c.lo[k], c.hi[k] = min(c.lo[k], v), max(c.hi[k], v)
		}
	}
	c.raster.Refresh()
}

// cloudMargin is left free around the points, in parts of the side.
const cloudMargin = 0.05

// place is where a point lies, in parts of the width and of the height.
func (c *cloud) place(p point) (x, y float64) {
	in := func(v float64, k int) float64 {
		if c.hi[k] <= c.lo[k] {
			return 0.5
		}
		return cloudMargin + (1-2*cloudMargin)*(v-c.lo[k])/(c.hi[k]-c.lo[k])
	}
	return in(p.x, 0), 1 - in(p.y, 1)
}

// paint draws the points, those chosen last.
func (c *cloud) paint(width, height int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	r, g, b, _ := theme.Color(theme.ColorNameInputBackground).RGBA()
	ground := color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
	for i := range m.Pix {
		m.Pix[i] = []uint8{ground.R, ground.G, ground.B, 255}[i%4]
	}
	scale := 1.0
	if size := c.Size(); size.Width > 0 {
		scale = float64(width) / float64(size.Width)
	}
	radius := 3.5 * scale
	if len(c.points) > 2000 {
		radius = 2 * scale
	}
	for _, last := range []bool{false, true} {
		for _, p := range c.points {
			if p.chosen != last {
				continue
			}
			x, y := c.place(p)
			ink, r := inkOf(p.group), radius
			if p.faint {
				ink.A = 50
			}
			if p.chosen {
				r = 2 * radius
				disc(m, x*float64(width), y*float64(height), r+2*scale, color.NRGBAModel.Convert(theme.Color(theme.ColorNameForeground)).(color.NRGBA))
				ink.A = 255
			}
			disc(m, x*float64(width), y*float64(height), r, ink)
		}
	}
	return m
}

// disc draws a filled circle.
func disc(m *image.RGBA, x, y, r float64, ink color.NRGBA) {
	for py := max(0, int(y-r)); py <= min(m.Rect.Dy()-1, int(y+r)+1); py++ {
		for px := max(0, int(x-r)); px <= min(m.Rect.Dx()-1, int(x+r)+1); px++ {
			cover := min(max(r+0.5-math.Hypot(float64(px)+0.5-x, float64(py)+0.5-y), 0), 1) * float64(ink.A) / 255
			at := m.PixOffset(px, py)
			for k, v := range []uint8{ink.R, ink.G, ink.B} {
				m.Pix[at+k] = uint8(float64(m.Pix[at+k])*(1-cover) + float64(v)*cover)
			}
		}
	}
}

// nearest is the point at a place of the widget; ok is false where none is near.
func (c *cloud) nearest(at fyne.Position) (p point, ok bool) {
	best := 10.0
	for _, q := range c.points {
		x, y := c.place(q)
		if d := math.Hypot(x*float64(c.Size().Width)-float64(at.X), y*float64(c.Size().Height)-float64(at.Y)); d < best {
			p, ok, best = q, true, d
		}
	}
	return p, ok
}

// Tapped chooses a picture.
func (c *cloud) Tapped(e *fyne.PointEvent) {
	if p, ok := c.nearest(e.Position); ok {
		c.w.s.Select(p.row)
	}
}

// Dragged draws the rectangle.
func (c *cloud) Dragged(e *fyne.DragEvent) {
	if !c.dragging {
		c.dragging, c.from = true, e.Position.Subtract(e.Dragged)
	}
	c.to = e.Position
	c.band.StrokeColor = theme.Color(theme.ColorNamePrimary)
	c.band.Move(fyne.NewPos(min(c.from.X, c.to.X), min(c.from.Y, c.to.Y)))
	c.band.Resize(fyne.NewSize(float32(math.Abs(float64(c.to.X-c.from.X))), float32(math.Abs(float64(c.to.Y-c.from.Y)))))
	c.band.Refresh()
}

// DragEnd takes the points of the rectangle.
func (c *cloud) DragEnd() {
	if !c.dragging {
		return
	}
	c.dragging = false
	c.band.StrokeColor = color.Transparent
	c.band.Resize(fyne.NewSize(0, 0))
	c.band.Refresh()
	var rows []int
	for _, p := range c.points {
		x, y := c.place(p)
		px, py := float32(x)*c.Size().Width, float32(y)*c.Size().Height
		if px >= min(c.from.X, c.to.X) && px <= max(c.from.X, c.to.X) && py >= min(c.from.Y, c.to.Y) && py <= max(c.from.Y, c.to.Y) {
			rows = append(rows, p.row)
		}
	}
	c.took(rows)
}

// MouseIn implements desktop.Hoverable.
func (c *cloud) MouseIn(*desktop.MouseEvent) {}

// MouseMoved names the picture below the pointer.
func (c *cloud) MouseMoved(e *desktop.MouseEvent) {
	text := ""
	if p, ok := c.nearest(e.Position); ok {
		r := c.w.s.State().Result
		if r != nil {
			text = visible.Text(r.Digest.Sample.Rows[p.row].Path + ": " + r.Digest.Sample.Rows[p.row].Name)
		}
	}
	c.w.host.Hint(text)
}

// MouseOut implements desktop.Hoverable.
func (c *cloud) MouseOut() { c.w.host.Hint("") }

// CreateRenderer implements fyne.Widget.
func (c *cloud) CreateRenderer() fyne.WidgetRenderer {
	return &cloudRenderer{c}
}

type cloudRenderer struct{ c *cloud }

func (r *cloudRenderer) Layout(size fyne.Size) { r.c.raster.Resize(size) }
func (r *cloudRenderer) MinSize() fyne.Size    { return fyne.NewSize(200, 160) }
func (r *cloudRenderer) Refresh()              { r.c.raster.Refresh() }
func (r *cloudRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.c.raster, r.c.band}
}
func (r *cloudRenderer) Destroy() {}
