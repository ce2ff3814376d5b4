package inside

import (
	"fmt"
	"image"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/insight"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// picturePane shows the picture under the map of the unit: its activation, or what
// drives it.
type picturePane struct {
	host    Host
	c       *control.Controller
	in      *insight.Controller
	box     fyne.CanvasObject
	method  *widgets.Select
	image   *viewer.Image
	bar     *viewer.ColorBar
	readout *widget.Label
	note    *widget.Label
	look    *control.Look // that is shown
	base    *image.RGBA
	field   render.Field // of the map
	mute    bool
}

// ways are the maps of a unit in the words of the window.
var ways = []string{"its activation", "its gradient", "guided backpropagation", "deconvolution", "occlusion"}

// idOf is the method behind one of the ways, "" for the activation.
func idOf(way string) string {
	if i := slices.Index(ways, way); i > 0 {
		return insight.Drives()[i-1]
	}
	return ""
}

func newPicture(h Host, c *control.Controller, in *insight.Controller) *picturePane {
	p := &picturePane{host: h, c: c, in: in, image: viewer.NewImage("Open a picture to see what the network makes of it"), bar: viewer.NewColorBar(), readout: widgets.Faint(" "), note: widget.NewLabel("")}
	p.readout.Wrapping = fyne.TextWrapWord
	p.note.Wrapping = fyne.TextWrapWord
	p.method = widgets.NewSelect(ways, func(way string) {
		if !p.mute {
			in.SetMethod(idOf(way))
			h.Unfocus()
		}
	})
	p.image.OnHover = p.hover
	p.image.OnTapped = p.tapped
	p.bar.Hide()
	foot := container.NewVBox(widgets.AtLeast(0, 46, p.readout), p.note)
	p.box = container.NewBorder(widgets.Narrow(120, p.method), foot, nil, p.bar, p.image)
	return p
}

// cycle shows the map of the unit in the next way.
func (p *picturePane) cycle() {
	at := slices.Index(ways, p.method.Selected)
	p.in.SetMethod(idOf(ways[(at+1)%len(ways)]))
}

// tapped chooses the cell under the pointer as the unit.
func (p *picturePane) tapped(x, y int) {
	if cell, ok := p.in.CellAt(x, y); ok {
		p.in.ChooseCell(&cell)
	}
}

func (p *picturePane) show() {
	s := p.in.State()
	p.mute = true
	p.method.SetSelected(ways[1+slices.Index(insight.Drives(), s.Method)])
	p.mute = false
	k := p.c.State().Look
	if k != p.look {
		p.look = k
		p.image.Mark(image.Rectangle{})
	}
	p.showBase()
	p.showMap(s)
	note := p.remark(s)
	p.note.SetText(note)
	widgets.Visible(p.note, note != "")
	p.frame()
}

// showBase shows the picture as Explain does: with its window, in the shape of its
// pixels, turned as it is there.
func (p *picturePane) showBase() {
	m, aspect, turn := p.c.Shown(), 1.0, viewer.Turn{}
	if p.look != nil && p.look.Image.Scan != nil {
		aspect, turn = p.look.Image.Scan.Geometry.Aspect, p.host.Turn()
	}
	p.image.SetAspect(aspect)
	p.image.SetTurn(turn)
	if m == p.base {
		return
	}
	p.base = m
	if m == nil {
		p.image.SetBase(nil)
		return
	}
	p.image.SetBase(m)
}

// showMap lays the map of the unit over the picture.
func (p *picturePane) showMap(s *insight.State) {
	m, style := p.mapOf(s)
	widgets.Visible(p.bar, m != nil)
	p.field = render.Field{}
	if m == nil {
		p.image.SetOverlay(nil)
		return
	}
	p.field = drawing.Field(*m)
	_, h, w := p.c.State().Model.Shape()
	size := p.look.Shown.Rect.Size()
	at := drawing.Place(*m, p.look.Place, w, h, size)
	if long := max(size.X, size.Y); long > mostOverlay { // the viewer stretches it
		k := mostOverlay / float64(long)
		size = image.Pt(max(1, int(k*float64(size.X))), max(1, int(k*float64(size.Y))))
		at = render.Rect{X0: at.X0 * k, Y0: at.Y0 * k, X1: at.X1 * k, Y1: at.Y1 * k}
	}
	p.image.SetOverlay(render.Heat(size.X, size.Y, p.field, at, style))
	p.bar.SetScale(style.Scale(p.field))
	p.bar.SetUnit(m.Unit)
}

// mostOverlay bounds the longer side of the drawn map.
const mostOverlay = 1024

// mapOf is the map over the picture and how it is drawn; nil where there is none for
// this picture.
func (p *picturePane) mapOf(s *insight.State) (*visualizers.Map, render.Style) {
	if p.look == nil || !p.in.Current() || p.c.State().Model == nil {
		return nil, render.Style{}
	}
	scan := p.look.Image.Scan != nil
	if s.Method != "" {
		if s.Drive == nil || s.Drive.Map == nil {
			return nil, render.Style{}
		}
		m := s.Sheet.OnLook(*s.Drive.Map)
		m.Unit = unitOf(s.Method, m.Signed, s.Unit.Channel)
		return &m, s.Drive.Display.Style(m, scan)
	}
	f := s.Sheet.All(s.Unit.Channel)
	m := s.Sheet.OnLook(visualizers.Map{Channels: 1, Depth: s.Sheet.Layer.Depth, Height: f.Height, Width: f.Width, Values: f.Values, Signed: s.Sheet.Signed,
		Unit: fmt.Sprintf("activation of channel %d", s.Unit.Channel)})
	d := drawing.Display{Opacity: 0.85, Sign: "all", Fade: true}
	r := p.in.RangeOf(s.Unit.Channel)
	d.Locked = &drawing.Range{Lo: r.Lo, Hi: r.Hi}
	return &m, d.Style(m, scan)
}

// unitOf is what the values of a map of a channel are, in few words for a narrow
// place.
func unitOf(method string, signed bool, channel int) string {
	what := "signal"
	switch method {
	case "occlusion":
		return fmt.Sprintf("drop in channel %d", channel)
	case "saliency":
		what = "gradient"
	}
	if !signed {
		what = "|" + what + "|"
	}
	return fmt.Sprintf("%s of channel %d", what, channel)
}

// remark is what must be known of the map.
func (p *picturePane) remark(s *insight.State) string {
	switch {
	case s.Method == "" || s.Drive == nil:
		return ""
	case s.Drive.Err != nil:
		return words.Sentence(s.Drive.Err.Error())
	case s.Drive.Map == nil:
		return "Computing " + p.method.Selected
	case s.Drive.Done < 1:
		return "This is partial: " + p.method.Selected + " is getting finer."
	}
	return ""
}

// frame marks what the unit sees, where it is one cell.
func (p *picturePane) frame() {
	s := p.in.State()
	if !p.in.Current() || s.Unit.Cell == nil {
		p.image.Mark(image.Rectangle{})
		return
	}
	on, _ := p.in.FieldOn(*s.Unit.Cell)
	p.image.Mark(on)
}

// hover reads the cell of the unit under the pointer.
func (p *picturePane) hover(x, y int, inside bool) {
	cell, ok := p.in.CellAt(x, y)
	p.hoverCell(p.in.State().Unit.Channel, cell, inside && ok && p.in.Current())
}

// hoverCell reads a cell of a channel, and frames what it sees.
func (p *picturePane) hoverCell(channel int, cell [2]int, on bool) {
	s := p.in.State()
	if !on || s.Sheet == nil {
		p.readout.SetText(" ")
		p.bar.SetMarker(math.NaN())
		p.frame()
		return
	}
	v := s.Sheet.Value(channel, cell)
	text := fmt.Sprintf("channel %d, %s: %s", channel, s.Sheet.Layer.CellWords(cell), spelling.Number(v))
	if channel == s.Unit.Channel && s.Method == "" {
		p.bar.SetMarker(v)
	}
	if p.in.Current() && p.look != nil {
		r, slices := p.in.FieldOn(cell)
		p.image.Mark(r)
		of := "of the picture"
		if s.Sheet.Layer.Depth > 0 {
			of = fmt.Sprintf("of slices %d–%d", slices[0]+1, slices[1]+1)
		}
		text += fmt.Sprintf(" · sees x %d–%d, y %d–%d %s", r.Min.X, r.Max.X-1, r.Min.Y, r.Max.Y-1, of)
	}
	p.readout.SetText(text)
}
