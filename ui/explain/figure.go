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
	if points := p.image.MeasuredPoints(); points != nil {
		shown.Measured = []drawing.Measurement{{Kind: "length", Points: points, Lines: []string{p.image.Measured()}}}
	}
	return s, shown, nil
}
