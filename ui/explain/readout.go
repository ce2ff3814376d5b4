package explain

import (
	"fmt"
	"image"
	"math"
	"strings"

	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/scanpane"
	"picasso/ui/widgets"
	"picasso/visualizers/spelling"
)

// newReadout makes the line that tells what is under the pointer.
func newReadout() *widgets.Line {
	l := widgets.NewLine()
	l.SizeName, l.Importance, l.TextStyle.Monospace = theme.SizeNameCaptionText, widget.LowImportance, true
	l.Say(" ")
	return l
}

// hover tells what is under the pointer.
func (p *Picture) hover(x, y int, inside bool) {
	p.under, p.inside = image.Pt(x, y), inside
	k := p.c.State().Look
	if !inside || k == nil {
		p.readout.Say(" ")
		p.bar.SetMarker(math.NaN())
		return
	}
	v := p.drawn.at(x, y)
	p.bar.SetMarker(v)
	unit := ""
	if !math.IsNaN(v) {
		unit = p.drawn.source.Unit
	}
	p.readout.Say(readings(fmt.Sprintf("x %d  y %d", x, y), raw(k, x, y), scanpane.Position(k, x, y), unit, v)...)
}

// readings are the ways to tell what is at a place: its pixel, the picture's value, the
// position in the patient and the value of the map. The unit of the map stands at the colour bar
// too; the position is what can be missed most easily.
func readings(at, value, position, unit string, v float64) []string {
	join := func(parts ...string) string {
		var said []string
		for _, part := range parts {
			if part != "" {
				said = append(said, part)
			}
		}
		return strings.Join(said, "  ")
	}
	if math.IsNaN(v) {
		return []string{join(at, value, position), join(at, value)}
	}
	short := "map " + spelling.Signed(v)
	return []string{
		join(at, value, position, unit+" "+spelling.Signed(v)),
		join(at, value, position, short),
		join(at, value, unit+" "+spelling.Signed(v)),
		join(at, value, short),
	}
}

// raw writes the picture's own value at a pixel.
func raw(k *control.Look, x, y int) string {
	if x < 0 || y < 0 || x >= k.Image.Width || y >= k.Image.Height {
		return ""
	}
	parts := make([]string, k.Image.Channels)
	for c := range parts {
		parts[c] = reading(k.Image.At(x, y, c))
	}
	text := strings.Join(parts, " ")
	if k.Image.Unit != "" {
		text += " " + k.Image.Unit
	}
	return text
}

// reading is a value of the picture: whole numbers, as most are, with all their
// digits.
func reading(v float32) string {
	if f := float64(v); f == math.Trunc(f) && math.Abs(f) < 1e7 {
		return fmt.Sprintf("%.0f", f)
	}
	return spelling.Number(float64(v))
}
