package explain

import (
	"fmt"
	"image"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/visualizers/render"
)

// Figure lays out the current map for a report.
func (p *Picture) Figure() (*image.RGBA, error) {
	s, d := p.c.State(), p.drawn
	if s.Panel().Map == nil || s.Look == nil || d.field.Empty() {
		return nil, control.ErrNoMap
	}
	if s.Panel().Stale || s.Looking {
		return nil, control.ErrOldMap
	}
	under := p.ground
	if shown := p.c.Shown(); under.colour != shown { // a covered picture is looked at
		under = newGround(shown)
	}
	picture := render.Overlay(under.under(s.Panel().Display, true), d.field, d.rect, d.style)
	drawing.Mark(picture, drawing.Notice(s.Look.Image))
	return render.Figure(picture, d.scale(), p.figureCaption())
}

// figureCaption is the words around the current map in a report.
func (p *Picture) figureCaption() render.Caption {
	s := p.c.State()
	panel := s.Panel()
	said := p.say()
	c := render.Caption{
		Title: fmt.Sprintf("%s · %s · %s", s.Look.Name, panel.Info.Title, panel.Map.Target.Symbol(s.Model)),
		Unit:  said.unit,
		Note:  said.finding + "\n" + said.note,
	}
	if notice := drawing.Notice(s.Look.Image); notice != "" {
		c.Note += "\n" + notice // small pictures have no room for it
	}
	return c
}
