package drawing

import (
	"fmt"
	"image"
	"strings"

	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/trust/sanity"
)

// stripEdge is the edge of one map of a strip, in pixels.
const stripEdge = 160

// Strip lays the maps of a check with shuffled weights side by side, each on a
// scale of its own; draw lays one over its picture.
func Strip(found sanity.Report, method visualizers.Info, draw func(visualizers.Map) *image.RGBA) (*image.RGBA, error) {
	cell := func(label string, m visualizers.Map) render.SheetCell {
		c := render.SheetCell{Label: label}
		if len(m.Values) > 0 {
			c.Image = draw(m)
		}
		return c
	}
	row := []render.SheetCell{cell("own weights", found.Map)}
	for _, step := range found.Steps {
		row = append(row, cell(stepLabel(found, step), step.Map))
	}
	verdict := string(found.Verdict)
	if verdict == "" {
		verdict = "not finished"
	}
	return render.Sheet([][]render.SheetCell{row}, stripEdge, render.Scale{}, render.Caption{
		Title: fmt.Sprintf("%s of %s: %s", method.Title, found.Score, verdict),
		Note:  strings.TrimSpace(strings.Join(append([]string{found.Finding}, found.Notes...), " ") + " Every map has a scale of its own."),
	})
}

// stepLabel says which layers have other weights.
func stepLabel(found sanity.Report, step sanity.Step) string {
	switch {
	case found.Order == sanity.Independent:
		return "only " + step.Names[0]
	case step.Units == len(found.Units):
		return fmt.Sprintf("all %d shuffled", step.Units)
	default:
		return fmt.Sprintf("top %d shuffled", step.Units)
	}
}
