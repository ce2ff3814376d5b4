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
		if m.ID != 0 {
			shown.Measured = append(shown.Measured, drawing.MeasurementOf(m.Shape, m.Reading))
		}
	}
	return s, shown, nil
}
