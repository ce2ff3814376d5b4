package settings

import "picasso/ui/drawing"

// Figure is how maps are saved and copied.
type Figure struct {
	Width  int  `json:"width,omitempty"` // in pixels
	Beside bool `json:"beside,omitempty"`
	Dark   bool `json:"dark,omitempty"`
	SVG    bool `json:"svg,omitempty"` // as well
}

// usualFigure is the width of a figure in a printed report: 300 dots per inch on
// 13 cm.
const usualFigure = 1600

// FigureWidths are the widths to choose from, in pixels.
func FigureWidths() []int { return []int{800, usualFigure, 3200} }

// Figures are the user's choices, the usual ones for what was not chosen.
func (s *Settings) Figures() Figure {
	f := s.Figure
	for _, w := range FigureWidths() {
		if w == f.Width {
			return f
		}
	}
	f.Width = usualFigure
	return f
}

// Paper is how figures are laid out.
func (f Figure) Paper() drawing.Paper { return drawing.Paper{Beside: f.Beside, Dark: f.Dark} }
