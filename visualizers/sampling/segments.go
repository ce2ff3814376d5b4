package sampling

import (
	"fmt"
	"strings"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

// words are how a method calls what it found.
type words struct {
	unit     string // before the score: "Shapley value for"
	column   string // of the table: "Shapley value"
	positive string // before the score
	raises   string // with the place, the amount: "…"
	lowers   string
}

// maps draws the estimates of all targets: one value for each superpixel.
func (g *game) maps(found []estimate, w words) []visualizers.Map {
	var out []visualizers.Map
	for k, target := range g.in.Targets {
		symbol := target.Symbol(g.in.Subject)
		m := visualizers.Map{
			Target: target, Channels: 1, Depth: g.regions.Depth, Height: g.regions.Height, Width: g.regions.Width,
			Values: make([]float32, len(g.regions.Of)),
			Unit:   w.unit + " " + symbol, Positive: w.positive + " " + symbol,
			Signed: true, Cells: true,
			Metrics: map[string]float64{},
		}
		for p, s := range g.regions.Of {
			m.Values[p] = float32(found[k].values[s])
		}
		for key, v := range found[k].metrics {
			m.Metrics[key] = v
		}
		if found[k].errors != nil {
			m.Metrics["standard_error"] = mean(found[k].errors)
		}
		m.Finding = g.finding(m, found[k], target, w)
		out = append(out, m)
	}
	return out
}

// finding says which superpixels count most, and how well that is known.
func (g *game) finding(m visualizers.Map, e estimate, target score.Target, w words) string {
	middles := g.regions.Middles()
	high, low := 0, 0
	for s, v := range e.values {
		if v > e.values[high] {
			high = s
		}
		if v < e.values[low] {
			low = s
		}
	}
	said := []string{visualizers.Stated(target, g.in.Base, g.in.Subject)}
	if e.values[high] > 0 {
		said = append(said, fmt.Sprintf("The superpixel at %s %s: %s.", m.Spot(middles[high]), w.raises, amount(e, high)))
	} else {
		said = append(said, "No superpixel speaks for it.")
	}
	if e.values[low] < 0 {
		said = append(said, fmt.Sprintf("The one at %s %s: %s.", m.Spot(middles[low]), w.lowers, amount(e, low)))
	}
	return strings.TrimSpace(strings.Join(append(said, e.sentence), " "))
}

// amount is a superpixel's value with its standard error.
func amount(e estimate, s int) string {
	if e.errors == nil {
		return spelling.Number(e.values[s])
	}
	return spelling.Number(e.values[s]) + " ± " + spelling.Number(e.errors[s])
}

// table lists the superpixels with their places, values and standard errors.
func (g *game) table(found []estimate, w words) visualizers.Part {
	t := &visualizers.Table{Columns: []string{"superpixel", "x", "y", "pixels"}, Each: 2}
	if g.regions.Depth > 0 {
		t.Columns = []string{"superpixel", "slice", "x", "y", "voxels"}
	}
	for _, target := range g.in.Targets {
		t.Columns = append(t.Columns, w.column+" for "+target.Symbol(g.in.Subject), "standard error")
	}
	sizes := g.regions.Sizes()
	for s, p := range g.regions.Middles() {
		row := append(append([]any{float64(s + 1)}, g.place(p)...), float64(sizes[s]))
		for _, e := range found {
			var known any
			if e.errors != nil {
				known = e.errors[s]
			}
			row = append(row, e.values[s], known)
		}
		t.Rows = append(t.Rows, row)
	}
	return visualizers.Part{Title: "Superpixels", Table: t}
}

// place are the columns of the table for a pixel: x and y, behind the slice of a volume.
func (g *game) place(p int) []any {
	r := g.regions
	x, y := float64(p%r.Width), p/r.Width
	if r.Depth == 0 {
		return []any{x, float64(y)}
	}
	high := r.Height / r.Depth
	return []any{float64(y / high), x, float64(y % high)}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
