package explain

import (
	"picasso/backend/picture/measure"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
)

// forms are the figures of what is measured.
var forms = map[measure.Kind]viewer.FigureKind{
	measure.Length: viewer.LineFigure, measure.Angle: viewer.AngleFigure,
	measure.Ellipse: viewer.EllipseFigure, measure.Rectangle: viewer.BoxFigure,
}

// drawFigure takes what was drawn in one of the viewers.
func (p *Picture) drawFigure(f viewer.Figure, done bool) {
	for kind, form := range forms {
		if form == f.Kind {
			p.c.Draw(f.ID, measure.Shape{Kind: kind, Points: f.Points}, done)
		}
	}
}

// showMeasures draws what is measured on the slice, in both viewers.
func (p *Picture) showMeasures() {
	var list []viewer.Figure
	for _, m := range p.c.Measures() {
		f := viewer.Figure{ID: m.ID, Kind: forms[m.Shape.Kind], Points: m.Shape.Points, Chosen: m.Chosen}
		if m.Shape.Valid() {
			f.Lines = drawing.Measured(m.Reading)
		}
		list = append(list, f)
	}
	p.image.SetFigures(list)
	p.bare.SetFigures(list)
}

// Abandon forgets an angle that is being drawn, or lets go of the chosen
// measurement; false where there is neither.
func (p *Picture) Abandon() bool {
	if p.image.AbandonFigure() || p.bare.AbandonFigure() {
		return true
	}
	if p.c.State().Chosen == 0 {
		return false
	}
	p.c.ChooseMeasure(0)
	return true
}
