package inside

import (
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control"
	"picasso/ui/control/insight"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/spelling"
)

// unitPane tells of the unit in this picture.
type unitPane struct {
	in    *insight.Controller
	box   fyne.CanvasObject
	text  *widget.Label
	whole *widget.Button
	bars  *canvas.Image
	ends  *widget.Label
	drawn struct {
		sheet   *insight.Sheet
		channel int
	}
}

func newUnit(h Host, c *control.Controller, in *insight.Controller) *unitPane {
	p := &unitPane{in: in, text: widget.NewLabel(""), bars: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScalePixels}, ends: widgets.Faint("")}
	p.text.Wrapping = fyne.TextWrapWord
	p.ends.Wrapping = fyne.TextWrapWord
	p.whole = widget.NewButton("The whole map again", func() { in.ChooseCell(nil); h.Unfocus() })
	p.bars.SetMinSize(fyne.NewSize(120, 40))
	left := container.NewVScroll(container.NewVBox(p.text, container.NewHBox(p.whole)))
	right := container.NewBorder(nil, p.ends, nil, nil, container.NewPadded(p.bars))
	p.box = container.NewGridWithColumns(2, left, right)
	return p
}

func (p *unitPane) show() {
	s := p.in.State()
	widgets.Visible(p.whole, s.Unit.Cell != nil)
	if s.Sheet == nil || len(s.Sorted) == 0 {
		p.text.SetText("Choose a tile, and what the unit does in this picture is told here.")
		p.bars.Hide()
		p.ends.SetText("")
		p.drawn.sheet = nil
		return
	}
	p.text.SetText(p.words(s))
	if p.drawn.sheet == s.Sheet && p.drawn.channel == s.Unit.Channel {
		return
	}
	p.drawn.sheet, p.drawn.channel = s.Sheet, s.Unit.Channel
	counts, lo, hi := s.Sheet.Histogram(s.Unit.Channel)
	p.bars.Image = drawing.Bars(counts[:], image.Pt(8*insight.Bins, 64), theme.Color(theme.ColorNamePrimary))
	p.bars.Show()
	p.bars.Refresh()
	p.ends.SetText(fmt.Sprintf("How often each value stands in its %s, from %s to %s", words.Count(s.Sheet.Layer.Height*s.Sheet.Layer.Width, "cell", "cells"), spelling.Number(lo), spelling.Number(hi)))
}

// words tell of the unit, and of what the map over the picture starts from.
func (p *unitPane) words(s *insight.State) string {
	c := s.Sheet.Channels[s.Unit.Channel]
	parts := []string{fmt.Sprintf("Channel %d of %s: mean %s, largest %s.", c.Index, visible.Text(s.Sheet.Layer.Name), spelling.Number(c.Mean), spelling.Number(c.Max))}
	if s.Sheet.Target != nil && s.Sheet.Lack == nil {
		parts = append(parts, fmt.Sprintf("It contributes %s to %s.", spelling.Signed(c.Contribution), s.Sheet.Symbol))
	}
	what := "the mean over its map"
	if cell := s.Unit.Cell; cell != nil {
		parts = append(parts, fmt.Sprintf("At %s it is %s.", s.Sheet.Layer.CellWords(*cell), spelling.Number(s.Sheet.Value(c.Index, *cell))))
		what = "this cell"
	} else {
		parts = append(parts, "Click the picture to look at one cell of it.")
	}
	if s.Method != "" {
		parts = append(parts, fmt.Sprintf("The map over the picture explains %s; where it goes backwards, it starts from 1, not from the activation.", what))
	}
	return strings.Join(parts, " ")
}

// searchPane shows the strongest places of the unit in the pictures of the list.
type searchPane struct {
	host  Host
	c     *control.Controller
	in    *insight.Controller
	box   fyne.CanvasObject
	text  *widget.Label
	find  *widget.Button
	row   *fyne.Container
	crops []insight.Crop
	tiles []*viewer.Thumb
}

func newSearch(h Host, c *control.Controller, in *insight.Controller) *searchPane {
	p := &searchPane{host: h, c: c, in: in, text: widget.NewLabel("")}
	p.text.Wrapping = fyne.TextWrapWord
	p.find = widget.NewButton("Look through the pictures", func() { in.SearchPictures(); h.Unfocus() })
	p.row = container.NewHBox()
	p.box = container.NewBorder(container.NewBorder(nil, nil, nil, container.NewVBox(p.find), p.text), nil, nil, nil, container.NewScroll(p.row)) // the tiles, when they come, move nothing
	return p
}

func (p *searchPane) show() {
	s := p.in.State()
	p.text.SetText(p.words(s))
	widgets.Visible(p.find, !s.Search.Running)
	if s.Sheet == nil {
		p.find.Disable()
	} else {
		p.find.Enable()
	}
	if len(p.crops) == len(s.Search.Crops) && (len(p.crops) == 0 || &p.crops[0] == &s.Search.Crops[0]) {
		return
	}
	p.crops, p.tiles, p.row.Objects = s.Search.Crops, nil, nil
	for _, crop := range p.crops {
		tile := viewer.NewTile(crop.Name)
		tile.SetPicture(crop.Image)
		tile.SetTexts(crop.Name, spelling.Number(crop.Value), "")
		tile.OnTapped = func() { p.open(crop) }
		p.tiles = append(p.tiles, tile)
		p.row.Add(tile)
	}
	p.row.Refresh()
}

// open shows a picture at the cell that was strongest.
func (p *searchPane) open(crop insight.Crop) {
	for _, one := range p.c.State().Images {
		if one.ID == crop.Picture {
			p.host.SelectImage(one)
			p.in.ChooseCell(&crop.Cell)
		}
	}
}

func (p *searchPane) words(s *insight.State) string {
	r := s.Search
	failed := ""
	if r.Failed > 0 {
		failed = fmt.Sprintf(" %s could not be read.", words.Count(r.Failed, "picture", "pictures"))
	}
	switch {
	case s.Sheet == nil:
		return "Choose a layer and a unit first."
	case r.Err != nil:
		return words.Sentence(r.Err.Error())
	case r.Running:
		return fmt.Sprintf("%d of %d pictures looked through for channel %d.%s", r.Done, r.Total, r.Channel, failed)
	case len(r.Crops) > 0:
		return fmt.Sprintf("Where channel %d is strongest, among the %s of the list, each cut to what the cell sees. A click opens the picture there.%s", r.Channel, words.Count(r.Total, "picture", "pictures"), failed)
	case r.Wanted:
		return "Stopped." + failed
	}
	return fmt.Sprintf("Which pictures of the list drive channel %d most? One run of the model up to the layer for each.", s.Unit.Channel)
}
