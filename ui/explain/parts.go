package explain

import (
	"fmt"
	"image"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/ui/widgets"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// partsPane shows what a visualizer found beside its maps, below the picture:
// texts, tables, pictures and further maps, in order.
type partsPane struct {
	c     *control.Controller
	box   *container.Scroll
	list  *fyne.Container
	shown *visualizers.Result
}

// Bounds of what is laid out: the rest is counted in words.
const (
	mostParts = 60
	mostRows  = 200
	partSide  = 220
)

func newPartsPane(c *control.Controller) *partsPane {
	p := &partsPane{c: c, list: container.NewVBox()}
	p.box = container.NewVScroll(widgets.Roomy(p.list))
	p.box.SetMinSize(fyne.NewSize(0, 120))
	p.box.Hide()
	return p
}

// show draws the parts of r, nil for none, and reports whether there are any.
// Those of another picture give way to a line, and keep their room so that the
// picture above does not move.
func (p *partsPane) show(r *visualizers.Result, old bool) bool {
	on := r != nil && len(r.Parts) > 0
	widgets.Visible(p.box, on)
	if !on {
		p.shown, p.list.Objects = nil, nil
		return false
	}
	if old {
		p.shown = nil
		p.list.Objects = []fyne.CanvasObject{widgets.Faint("What there is to say about this picture is on its way.")}
		p.list.Refresh()
		return true
	}
	if r == p.shown {
		return true
	}
	p.shown = r
	p.list.Objects = p.layOut(r.Parts)
	p.list.Refresh()
	return true
}

// layOut puts pictures that follow each other into rows.
func (p *partsPane) layOut(parts []visualizers.Part) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	var row *fyne.Container
	for _, part := range parts[:min(len(parts), mostParts)] {
		if part.Check() != nil {
			continue // the laws of visualizers forbid it; a script may yet do it
		}
		content, picture := p.content(part)
		card := titled(part.Title, content)
		if !picture {
			row = nil
			out = append(out, card)
			continue
		}
		if row == nil {
			row = container.NewGridWrap(fyne.NewSize(partSide, partSide))
			out = append(out, row)
		}
		row.Add(card)
	}
	if n := len(parts) - mostParts; n > 0 {
		out = append(out, widgets.Faint(fmt.Sprintf("and %d more", n)))
	}
	return out
}

func titled(title string, content fyne.CanvasObject) fyne.CanvasObject {
	if title == "" {
		return content
	}
	label := widgets.Heading(title)
	label.Truncation = fyne.TextTruncateEllipsis
	return container.NewBorder(label, nil, nil, nil, content)
}

// content draws one part; picture tells that it goes into a row of pictures.
func (p *partsPane) content(part visualizers.Part) (o fyne.CanvasObject, picture bool) {
	switch {
	case part.Table != nil:
		return tableOf(part.Table), false
	case part.Picture != nil:
		return contained(drawing.Picture(part.Picture)), true
	case part.Map != nil:
		return contained(p.mapOf(part.Map)), true
	}
	text := widget.NewRichTextFromMarkdown(part.Text)
	text.Segments = offline(text.Segments)
	text.Wrapping = fyne.TextWrapWord
	return text, false
}

func contained(m image.Image) fyne.CanvasObject {
	c := canvas.NewImageFromImage(m)
	c.FillMode = canvas.ImageFillContain
	c.ScaleMode = canvas.ImageScalePixels
	return c
}

// offline drops pictures that Markdown would fetch from elsewhere: a result
// must not make the program read a file or call a server.
func offline(segments []widget.RichTextSegment) []widget.RichTextSegment {
	var out []widget.RichTextSegment
	for _, s := range segments {
		switch s := s.(type) {
		case *widget.ImageSegment:
			continue
		case *widget.ParagraphSegment:
			s.Texts = offline(s.Texts)
		case *widget.ListSegment:
			s.Items = offline(s.Items)
		}
		out = append(out, s)
	}
	return out
}

// tableOf lays out a table; numbers stand at the right.
func tableOf(t *visualizers.Table) fyne.CanvasObject {
	columns := make([]fyne.CanvasObject, len(t.Columns))
	for j, name := range t.Columns {
		head := widget.NewLabel(name)
		head.TextStyle.Bold = true
		lines := []fyne.CanvasObject{head}
		for _, row := range t.Rows[:min(len(t.Rows), mostRows)] {
			label := widget.NewLabel(cellText(row[j]))
			if _, number := row[j].(float64); number {
				label.Alignment, head.Alignment = fyne.TextAlignTrailing, fyne.TextAlignTrailing
			}
			lines = append(lines, label)
		}
		columns[j] = widgets.Tight(lines...)
	}
	table := container.NewHScroll(container.NewHBox(append(columns, layout.NewSpacer())...))
	if n := len(t.Rows) - mostRows; n > 0 {
		return container.NewVBox(table, widgets.Faint(fmt.Sprintf("and %d more rows", n)))
	}
	return table
}

func cellText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', 5, 64)
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	}
	return "–"
}

// mapOf draws a further map over the picture, on a scale of its own.
func (p *partsPane) mapOf(m *visualizers.Map) image.Image {
	s := p.c.State()
	k := s.Panel().Shown()
	look := drawing.Default(s.Panel().Info)
	if k == nil || s.Model == nil {
		return render.Heat(m.Width, m.Height, drawing.Field(*m), render.Whole(m.Width, m.Height), look.Style(*m, false))
	}
	d := newDrawn(m, look, k, s.Model)
	return render.Overlay(k.Shown, d.field, d.rect, d.style)
}
