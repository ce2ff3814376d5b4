// Package planes shows the axial, the coronal and the sagittal plane of a volume
// beside each other, in the place of the picture. They meet in a point, which each
// of them marks with a crosshair, and have one window. Over the plane of the slices lies
// the map of the slice; over the others that of a volume, where the model takes volumes,
// else none, and they say so.
package planes

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture/planes"
	"picasso/ui/control"
	"picasso/ui/control/crosshair"
	"picasso/ui/drawing"
	"picasso/ui/scanpane"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// Map is the map over the slice that is looked at, as the picture shows it.
type Map struct {
	Heat  *image.RGBA   // over the extent of the slice; nil where there is none
	Look  *control.Look // the slice
	Scale render.Scale
	Unit  string
	// Of is the map of a volume that the map was cut out of, which lies over all planes;
	// nil for others. Draw draws a part of it, on any goroutine.
	Of   *visualizers.Whole
	Draw func(render.Field) *image.RGBA
}

// Pane shows three planes.
type Pane struct {
	Box *fyne.Container

	host    scanpane.Host
	c       *control.Controller
	mapped  func() Map
	panes   [3]*pane
	bar     *viewer.ColorBar
	beside  *fyne.Container // the bar, with its room
	reading *widget.Label
	grid    *fyne.Container
	point   *widget.Label // where the planes meet
	under   *widget.Label // what is under the pointer
	about   *widget.Label // the map
	shares  *shares
	remarks *widget.Label
	view    *crosshair.View // as it was shown last
}

// pane is one of the planes.
type pane struct {
	plane planes.Plane
	image *viewer.Image
	frame *canvas.Rectangle
	cut   *crosshair.Cut // as it was shown last
	heat  *image.RGBA    // that lies over it
}

// colours tell the planes apart, for colour-blind eyes too, on black and on grey.
var colours = [3]color.NRGBA{planes.Axial: {R: 230, G: 130, B: 40, A: 255}, planes.Coronal: {R: 86, G: 180, B: 233, A: 255}, planes.Sagittal: {R: 225, G: 215, B: 70, A: 255}}

// between is what planes across the slices have between them.
var between = [...]string{planes.Linear: "interpolated values (linear)", planes.Nearest: "the nearest value, as there are so few that they may be labels"}

// help is what can be done here.
const help = "Click: the planes meet there. Wheel, ↑ ↓: through the planes. ← →: choose the plane that keys move. H, V, R: flip and rotate it. Drag: window and level."

// New makes the pane. mapped gives the map over the current slice.
func New(h scanpane.Host, c *control.Controller, mapped func() Map) *Pane {
	p := &Pane{host: h, c: c, mapped: mapped, bar: viewer.NewColorBar(), reading: widget.NewLabel("")}
	p.reading.Alignment = fyne.TextAlignCenter
	p.reading.Wrapping = fyne.TextWrapWord
	for _, which := range planes.All() {
		p.panes[which] = p.newPane(which)
	}
	for _, l := range []**widget.Label{&p.point, &p.under, &p.about, &p.remarks} {
		*l = widget.NewLabel("")
		(*l).Wrapping = fyne.TextWrapWord
	}
	p.point.TextStyle.Bold = true
	words := widgets.Faint(help)
	words.Wrapping = fyne.TextWrapWord
	p.shares = newShares(c)
	told := container.NewVScroll(widgets.Tight(p.point, p.under, p.shares.box, p.about, p.remarks, words))
	p.grid = container.NewGridWithColumns(2, p.panes[planes.Axial].box(), p.panes[planes.Sagittal].box(), p.panes[planes.Coronal].box(), told)
	back := widget.NewButton("Back to the picture", func() {
		c.ClosePlanes()
		h.Unfocus()
	})
	head := container.NewBorder(nil, nil, container.NewHBox(scanpane.NewStrip(), widgets.Heading("THREE PLANES")), back)
	p.beside = widgets.AtLeast(p.bar.MinSize().Width, 0, p.bar)
	p.Box = container.NewBorder(head, nil, nil, nil, container.NewStack(container.NewBorder(nil, nil, nil, p.beside, p.grid), container.NewCenter(widgets.AtLeast(360, 0, p.reading))))
	p.Box.Hide()
	return p
}

func (p *Pane) newPane(which planes.Plane) *pane {
	one := &pane{plane: which, image: viewer.NewImage(""), frame: canvas.NewRectangle(color.Transparent)}
	one.frame.StrokeColor, one.frame.StrokeWidth = colours[which], 1
	v := one.image
	v.SetHands(viewer.ScanHands)
	v.OnSlices = func(n int) {
		p.activate(which)
		p.c.StepPlane(which, n)
	}
	v.OnTapped = func(x, y int) {
		p.activate(which)
		p.meet(one, x, y)
	}
	v.OnWindow = func(across, down float32) { p.c.DragWindow(float64(across), float64(down)) }
	v.OnReset = func() {
		v.SetTurn(viewer.Turn{})
		v.Fit()
		p.c.ResetViewing()
	}
	v.OnHover = func(x, y int, inside bool) { p.hover(one, x, y, inside) }
	return one
}

func (o *pane) box() fyne.CanvasObject { return container.NewStack(o.image, o.frame) }

// Draws are what the pane draws.
func (p *Pane) Draws() []control.Draw {
	return []control.Draw{control.On(p.Show, control.PlanesChanged, control.LookChanged, control.PanelChanged, control.TabChanged, control.PanelsChanged, control.DisplayChanged, control.ProbeChanged, control.ModelChanged)}
}

func (p *Pane) activate(which planes.Plane) {
	if v := p.c.State().Planes; v != nil {
		v.Activate(which)
	}
}

// StepActive lets keys move the next plane, or the one before.
func (p *Pane) StepActive(n int) {
	order := []planes.Plane{planes.Axial, planes.Sagittal, planes.Coronal}
	if v := p.c.State().Planes; v != nil {
		i := slices.Index(order, v.Active) + n
		p.activate(order[(i+len(order))%len(order)])
	}
}

// Zoom enlarges the plane that keys move.
func (p *Pane) Zoom(by float64) {
	if v := p.c.State().Planes; v != nil {
		p.panes[v.Active].image.ZoomBy(by)
	}
}

// Turn turns and mirrors the plane that keys move.
func (p *Pane) Turn(how func(viewer.Turn) viewer.Turn) {
	if v := p.c.State().Planes; v != nil {
		image := p.panes[v.Active].image
		image.SetTurn(how(image.Turn()))
	}
}

// ResetViewing shows all planes upright and fitted, through the window of the file.
func (p *Pane) ResetViewing() {
	for _, one := range p.panes {
		one.image.SetTurn(viewer.Turn{})
		one.image.Fit()
	}
	p.c.ResetViewing()
}

// meet lets the planes meet at a pixel.
func (p *Pane) meet(one *pane, x, y int) {
	v := p.c.State().Planes
	if v == nil || v.Voxels == nil || one.cut == nil {
		return
	}
	p.c.MovePlanes(v.Voxels.PointAt(one.cut.Picture.Scan.Geometry.At(float64(x), float64(y))))
}

// Show draws all, or hides it where planes are not looked at.
func (p *Pane) Show() {
	v := p.c.State().Planes
	widgets.Visible(p.Box, v != nil)
	if v != p.view {
		p.view = v
		for _, one := range p.panes {
			one.clear()
		}
		setText(p.under, "")
	}
	if v == nil {
		return
	}
	widgets.Visible(p.grid, v.Voxels != nil)
	widgets.Visible(p.reading, v.Voxels == nil)
	if v.Voxels == nil {
		p.reading.SetText(fmt.Sprintf("Reading the slices: %d of %d", v.Read, v.Series.Len()))
		p.bar.Hide()
		return
	}
	m := p.mapped()
	v.Lay(m.over(v))
	for _, one := range p.panes {
		one.show(v, m, p.mapWords(v, one.plane, m))
		one.image.SetOutline(p.outline(v, one))
	}
	p.shares.show(v, m)
	on := m.Heat != nil
	widgets.Visible(p.bar, on)
	widgets.Visible(p.beside, on || p.c.State().Model != nil) // keeps its room while there may be maps
	if on {
		p.bar.SetScale(m.Scale)
		p.bar.SetUnit(m.Unit)
	}
	p.tell(v, m)
}

// clear forgets what was shown.
func (o *pane) clear() {
	o.cut, o.heat = nil, nil
	o.image.SetTurn(viewer.Turn{})
	o.image.SetBase(nil)
	o.image.SetOverlay(nil)
	o.image.SetOutline(nil)
}

// show draws the plane with what lies over it.
func (o *pane) show(v *crosshair.View, m Map, says string) {
	width := float32(1)
	if v.Active == o.plane {
		width = 3
	}
	if o.frame.StrokeWidth != width {
		o.frame.StrokeWidth = width
		o.frame.Refresh()
	}
	cut := v.Shown[o.plane]
	if cut == nil {
		return
	}
	g := cut.Picture.Scan.Geometry
	if o.cut != cut {
		o.cut = cut
		o.image.SetAspect(g.Aspect)
		o.image.SetBase(cut.Shown)
	}
	o.overlay(v, m)
	at := v.Voxels.In(v.At)
	x, y := g.Pixel(at)
	along, down := lines(o.plane)
	o.image.SetCrosshair(viewer.Crosshair{On: true, X: x + 0.5, Y: y + 0.5, Across: colours[down], Down: colours[along]})
	head := []string{o.plane.Title(), o.plane.Place(cut.MM)}
	if says != "" {
		head = append(head, says)
	}
	o.image.SetNotes(viewer.Notes{
		Letters: g.Letters, Spacing: [2]float64{g.Spacing[1], g.Spacing[0]},
		TopLeft:    head,
		TopRight:   []string{v.Voxels.Counted(o.plane, cut.MM)},
		BottomLeft: []string{drawing.Levels(cut.Look.Window)},
	})
}

// lines are the planes that a plane shows as its upright and its level line.
func lines(p planes.Plane) (upright, level planes.Plane) {
	switch p {
	case planes.Axial:
		return planes.Sagittal, planes.Coronal
	case planes.Coronal:
		return planes.Sagittal, planes.Axial
	}
	return planes.Coronal, planes.Axial
}

// overlay lays the map over the plane, where it was drawn for the map and the place that
// are shown.
func (o *pane) overlay(v *crosshair.View, m Map) {
	var heat *image.RGBA
	if o.cut.Key != nil && o.cut.Key == m.over(v).Key {
		heat = o.cut.Over
	}
	if heat == o.heat {
		return
	}
	if o.heat = heat; heat == nil {
		o.image.SetOverlay(nil)
		return
	}
	o.image.SetOverlay(heat)
}

// mapWords says on a plane what there is to know about its map, "" for nothing.
func (p *Pane) mapWords(v *crosshair.View, which planes.Plane, m Map) string {
	switch acquired := v.Voxels.Acquired(); {
	case p.c.State().Model == nil && m.Heat == nil:
		return ""
	case which != acquired && !p.volumes(m):
		return "no map: maps are " + acquired.String()
	case m.over(v).Key != nil:
		return ""
	}
	return "no map yet"
}

// volumes reports whether maps are those of volumes.
func (p *Pane) volumes(m Map) bool {
	model := p.c.State().Model
	return m.Of != nil || model != nil && visualizers.DepthOf(model) > 0
}

// tell writes the words beside the planes.
func (p *Pane) tell(v *crosshair.View, m Map) {
	at := v.At
	text := fmt.Sprintf("%s, %s, %s", planes.Sagittal.Place(at[planes.Sagittal]), planes.Coronal.Place(at[planes.Coronal]), planes.Axial.Place(at[planes.Axial]))
	if value, ok := v.Voxels.Value(at); ok {
		text += ": " + valued(float64(value), v)
	}
	p.point.SetText(text)
	about := ""
	switch {
	case p.volumes(m):
		about = p.partWords() + "The map of the volume lies over all three planes, on the scale of the whole volume. Where the model got nothing of the volume there is none."
	case p.c.State().Model != nil:
		acquired := v.Voxels.Acquired()
		var others []string
		for _, one := range planes.All() {
			if one != acquired {
				others = append(others, one.String())
			}
		}
		about = fmt.Sprintf("Maps are drawn over %s planes; %s planes have none.", acquired, strings.Join(others, " and "))
	}
	setText(p.about, about)
	lines := []string{fmt.Sprintf("Between slices, planes have %s.", between[v.Voxels.Method])}
	if !v.Voxels.Tilted() {
		lines[0] += fmt.Sprintf(" The %s plane is the slice as it is.", v.Voxels.Acquired())
	}
	if v.Err != nil {
		lines = append(lines, words.Sentence(v.Err.Error()))
	}
	for _, r := range v.Voxels.Remarks {
		lines = append(lines, "• "+words.Sentence(r))
	}
	setText(p.remarks, strings.Join(lines, "\n"))
}

func setText(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
	widgets.Visible(l, text != "")
}

// hover tells what is under the pointer.
func (p *Pane) hover(one *pane, x, y int, inside bool) {
	v := p.c.State().Planes
	if v == nil || one.cut == nil || !inside {
		setText(p.under, "")
		return
	}
	m := one.cut.Picture
	at := m.Scan.Geometry.At(float64(x), float64(y))
	value := float64(m.At(x, y, 0))
	text := "no slice reaches here"
	if !math.IsNaN(value) {
		text = valued(value, v)
	}
	setText(p.under, fmt.Sprintf("Pointer: %s at (%.1f, %.1f, %.1f) mm", text, at[0], at[1], at[2]))
}

// valued writes a value with its unit.
func valued(value float64, v *crosshair.View) string {
	text := spelling.Number(value)
	if value == math.Trunc(value) && math.Abs(value) < 1e7 {
		text = fmt.Sprintf("%.0f", value)
	}
	if unit := v.Voxels.Unit(); unit != "" {
		text += " " + unit
	}
	return text
}
