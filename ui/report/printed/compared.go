package printed

import (
	"fmt"
	"math"
	"path/filepath"

	"picasso/ui/report"
	"picasso/visualizers/spelling"
)

// OfCompared is the page of a comparison of two models.
func OfCompared(c *report.Compared, o Options, load Loader) Page {
	p := Page{Title: text(c.Image), Notice: text(c.Notice), Note: text(o.Note), Caveat: Caveat}
	if p.Title == "" {
		p.Title = "picture without a name"
	}
	w := writer{page: &p, report: &report.Report{}, options: o, load: load}
	p.Answer = text(answersOf(c))
	w.comparedPanels(c)
	w.compared(c)
	w.comparedModel("Model A", c.A, c.Visualizer)
	w.comparedModel("Model B", c.B, c.Visualizer)
	return p
}

// answersOf are the best classes of both.
func answersOf(c *report.Compared) string {
	words := ""
	for i, m := range []report.ComparedModel{c.A, c.B} {
		if len(m.Predictions) == 0 {
			continue
		}
		if words != "" {
			words += "; "
		}
		words += fmt.Sprintf("model %s %s, probability %s", [2]string{"A", "B"}[i], m.Predictions[0].Name, number(&m.Predictions[0].Probability))
	}
	return words
}

// comparedPanels are both maps and their difference, as far as there are any.
func (w *writer) comparedPanels(c *report.Compared) {
	if len(c.Files) == 0 {
		return
	}
	method := w.method(c.Visualizer)
	units := [3]string{c.Unit, c.Unit, "A − B"}
	for i, title := range []string{"A", "B", "A − B"} {
		p := Panel{Title: text(title + ", " + name(method, c.Visualizer))}
		w.draw(&p, report.PartNames[i]+".png")
		if p.Picture != nil && i < len(c.Drawn) {
			p.Bar = bar(c.Drawn[i], units[i])
		}
		w.page.Panels = append(w.page.Panels, p)
	}
}

// compared says what both models have in common about the picture.
func (w *writer) compared(c *report.Compared) {
	s := newSection("Model A against model B")
	if c.Class != nil {
		words := c.Class.A.Name + " of A, " + c.Class.B.Name + " of B"
		if c.Class.Matched != "name" {
			words += ", matched by index"
		}
		s.add("Class", words)
	}
	switch {
	case c.SameAnswer == nil:
	case *c.SameAnswer:
		s.add("Same answer", "yes")
	default:
		s.add("Same answer", "no")
	}
	if !math.IsNaN(float64(c.DeltaProbability)) {
		s.add("Difference of the probability, A − B", spelling.Signed(float64(c.DeltaProbability)))
	}
	if c.Unit != "" {
		words := number(&c.Spearman)
		if words == "" {
			words = "none: one of the maps is the same everywhere"
		}
		s.add("Rank correlation of the maps (Spearman, −1 to 1)", words)
		s.add("Values of the maps", c.Unit)
	}
	s.add("Noticed", c.Notes...)
	s.add("Picture, SHA-256", c.SHA256)
	w.put(s)
}

// comparedModel is one of the models with its answers and the method's settings.
func (w *writer) comparedModel(title string, m report.ComparedModel, method string) {
	s := newSection(title)
	s.add("Model", filepath.Base(filepath.ToSlash(m.Model.Path)))
	s.add("Model, SHA-256", m.Model.SHA256)
	if m.Model.ONNXRuntime != "" {
		s.add("Run by", "ONNX Runtime "+m.Model.ONNXRuntime, m.Model.Provider)
	}
	s.add("Model, noticed", m.Model.Notes...)
	s.add("Settings", settings(w.method(method), m.Settings)...)
	for _, p := range m.Predictions[:min(len(m.Predictions), mostAnswers)] {
		s.add(p.Name, "probability "+number(&p.Probability))
	}
	w.put(s)
}
