package compare

import (
	"image"

	"picasso/ui/control"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// tableLook is how the maps of a table are drawn: all that the window knows and
// a file needs too. It may be used on any goroutine.
type tableLook struct {
	display       drawing.Display
	common        drawing.Range // of all rows
	apart         bool          // every row has a scale of its own
	width, height int           // of the model's input
}

// rangeOf is the scale of a row.
func (l tableLook) rangeOf(row *control.GridRow) drawing.Range {
	if l.apart {
		return row.Range
	}
	return l.common
}

// style draws a map on the table's scale, or on that of its row.
func (l tableLook) style(row *control.GridRow, m *visualizers.Map) render.Style {
	s, r := l.display.Style(*m, row.Scan), l.rangeOf(row)
	s.Range = &render.Range{Lo: r.Lo, Hi: r.Hi}
	return s
}

// scale is what a colour bar beside a map shows.
func (l tableLook) scale(row *control.GridRow, m *visualizers.Map) render.Scale {
	return l.style(row, m).Scale(render.Field{})
}

// written is the scale of a row that has its own, in words; else "".
func (l tableLook) written(row *control.GridRow) string {
	if !l.apart || !row.Known() || row.Err != nil {
		return ""
	}
	return drawing.Ends(row.Range.Lo, row.Range.Hi)
}

// overlay draws maps on the small picture of their row; without a map the
// picture is as it is.
func (l tableLook) overlay(row *control.GridRow, shown *image.RGBA, maps []*visualizers.Map) []*image.RGBA {
	under := shown
	if l.display.GreyedAll() {
		under = drawing.Grey(shown)
	}
	out := make([]*image.RGBA, len(maps))
	for i, m := range maps {
		out[i] = shown
		if m == nil || row.Size.X == 0 || row.Size.Y == 0 {
			continue
		}
		at := drawing.Place(*m, row.Place, l.width, l.height, row.Size)
		sx, sy := float64(shown.Rect.Dx())/float64(row.Size.X), float64(shown.Rect.Dy())/float64(row.Size.Y)
		at = render.Rect{X0: at.X0 * sx, Y0: at.Y0 * sy, X1: at.X1 * sx, Y1: at.Y1 * sy}
		out[i] = render.Overlay(under, drawing.Field(*m), at, l.style(row, m))
	}
	return out
}
