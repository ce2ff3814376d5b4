package explain

import (
	"picasso/ui/drawing"
	"picasso/ui/report"
)

// Reported is the current map for a report, turned as it is seen and with what
// was measured.
func (p *Picture) Reported() (report.Subject, report.Shown, error) {
	s, shown, err := p.c.Reported()
	if err != nil {
		return s, shown, err
	}
	shown.State, _ = mapState(p.c.State())
	shown.Turn = p.image.Turn()
	for _, m := range p.c.Measures() {
		if m.Shape.Valid() {
			shown.Measured = append(shown.Measured, drawing.Measurement{Kind: string(m.Shape.Kind), Points: m.Shape.Points, Lines: drawing.Measured(m.Reading)})
		}
	}
	return s, shown, nil
}
