package printed

import (
	"encoding/json"
	"fmt"
	"image"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// Bounds of what one page shows; what is left out is told.
const (
	mostMaps    = 24
	mostAnswers = 5
	mostFacts   = 40   // of a section
	mostText    = 1500 // letters of a text
)

// Loader gives a picture of the results by its name, of at most [Side] pixels a side.
type Loader func(name string) (*image.RGBA, error)

// writer fills one page.
type writer struct {
	page    *Page
	report  *report.Report
	options Options
	load    Loader
}

// Of is the page of the results of one model.
func Of(r *report.Report, o Options, load Loader) Page {
	p := Page{Title: text(title(r.Image)), Notice: text(r.Notice), Note: text(o.Note), Caveat: Caveat}
	w := writer{&p, r, o, load}
	w.answers()
	w.picture()
	shown := r.Maps[:min(len(r.Maps), mostMaps)]
	for _, m := range shown {
		w.addMap(m)
	}
	w.parts(len(r.Maps) - len(shown))
	w.measured()
	w.model()
	w.preparation()
	w.remarks()
	return p
}

// title is the picture's name; a path that was withheld stays so.
func title(i report.Image) string {
	switch {
	case i.Name != "":
		return i.Name
	case i.Path != "" && !i.Withheld:
		return filepath.Base(filepath.ToSlash(i.Path))
	}
	return "picture without a name"
}

func (w *writer) answers() {
	r := w.report
	for _, a := range r.Predictions[:min(len(r.Predictions), mostAnswers)] {
		answer := Answer{Name: text(a.Name), Probability: number(&a.Probability), Logit: number(a.Logit)}
		w.page.Answers = append(w.page.Answers, answer)
	}
	if len(w.page.Answers) > 0 {
		w.page.Answer = w.page.Answers[0].Name
		if p := w.page.Answers[0].Probability; p != "" {
			w.page.Answer += ", probability " + p
		}
	}
}

// picture is the first panel, without any map.
func (w *writer) picture() {
	p := Panel{Title: "Picture"}
	if w.report.Image.PNG == "" {
		p.Absent = "The results hold the picture only below its maps; explain it again to have it alone."
	} else {
		w.draw(&p, w.report.Image.PNG)
	}
	w.page.Panels = append(w.page.Panels, p)
}

// draw puts a file's picture into a panel, or says why it is not there.
func (w *writer) draw(p *Panel, name string) {
	m, err := w.load(name)
	if err != nil {
		p.Absent = text(err.Error() + ".")
		return
	}
	p.Picture = m
}

// addMap adds a map's panel and what was found by it.
func (w *writer) addMap(m report.Map) {
	method := w.method(m.Visualizer)
	p := Panel{Title: text(name(method, m.Visualizer) + ", " + m.Target)}
	w.draw(&p, m.PNG)
	if p.Picture != nil && m.Drawn != nil {
		p.Bar = bar(*m.Drawn, m.Unit)
	}
	w.page.Panels = append(w.page.Panels, p)

	s := newSection(name(method, m.Visualizer) + ": " + stated(m))
	s.add("Finding", m.Finding)
	s.add("Colours", m.PositiveMeans, drawn(m.Drawn))
	s.add("Values", values(m))
	s.add("Settings", settings(method, m.Settings)...)
	if m.Done < 1 {
		s.add("Partial", fmt.Sprintf("stopped at %.0f %% of the work", 100*float64(m.Done)))
	}
	if m.Trust != nil {
		for _, f := range m.Trust.Findings() {
			s.add("Tested", f.String())
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.Metrics)) {
		value := m.Metrics[key]
		s.add(key, number(&value))
	}
	w.put(s)
}

func (w *writer) method(id string) visualizers.Visualizer {
	i := slices.IndexFunc(w.options.Methods, func(v visualizers.Visualizer) bool { return v.Info().ID == id })
	if i < 0 {
		return nil
	}
	return w.options.Methods[i]
}

func name(v visualizers.Visualizer, id string) string {
	if v == nil {
		return id
	}
	return v.Info().Title
}

// stated is what is explained, with its value.
func stated(m report.Map) string {
	if m.Value == nil || !finite(*m.Value) {
		return m.Target
	}
	scale := score.Probability
	if m.Output == score.Logit.String() {
		scale = score.Logit
	}
	return m.Target + " = " + visualizers.ScoreWords(float64(*m.Value), scale)
}

func values(m report.Map) string {
	if !finite(m.Min) || !finite(m.Max) || m.Min == 0 && m.Max == 0 && m.Width == 0 {
		return ""
	}
	return fmt.Sprintf("%s to %s %s, %d×%d", spelling.Number(float64(m.Min)), spelling.Number(float64(m.Max)), m.Unit, m.Width, m.Height)
}

// settings are listed by their titles where the method is known here.
func settings(v visualizers.Visualizer, set map[string]string) []string {
	titles := map[string]string{}
	if v != nil {
		for _, s := range v.Settings() {
			titles[s.Key()] = s.Spec().Title
		}
	}
	var list []string
	for _, key := range slices.Sorted(maps.Keys(set)) {
		title := titles[key]
		if title == "" {
			title = key
		}
		list = append(list, title+" "+set[key])
	}
	return list
}

// drawn says how the map was drawn.
func drawn(d *report.Drawn) string {
	if d == nil {
		return ""
	}
	words := fmt.Sprintf("palette %s, opacity %.0f %%", d.Colours, 100*d.Display.Opacity)
	if d.Display.Threshold > 0 {
		words += fmt.Sprintf(", values below %.0f %% of the scale are not drawn", 100*d.Display.Threshold)
	}
	if d.Display.Fade {
		words += ", fading towards zero"
	}
	return words
}

// bar is the scale of a map; nil where its palette is not known.
func bar(d report.Drawn, unit string) *Bar {
	colours, known := render.Colors(d.Colours)
	lo, hi := float64(d.Low), float64(d.High)
	if !known || !finite(d.Low) || !finite(d.High) || lo > hi {
		return nil
	}
	r := render.Range{Lo: lo, Hi: hi}
	b := &Bar{Strip: render.Bar(256, 1, colours, r), Unit: text(r.Axis(unit))}
	for _, t := range render.Ticks(r, 4) {
		b.Ticks = append(b.Ticks, Tick{r.Position(t.Value), t.Label})
	}
	return b
}

// parts are texts and tables beside the maps.
func (w *writer) parts(mapsLeft int) {
	s := newSection("Besides")
	if mapsLeft > 0 {
		s.add("Maps", fmt.Sprintf("%d more are in the results and not on this page", mapsLeft))
	}
	for _, p := range w.report.Parts {
		label := name(w.method(p.Visualizer), p.Visualizer)
		switch p.Kind {
		case "text":
			s.add(label, p.Title, p.Text)
		case "table":
			s.add(label, p.Title, fmt.Sprintf("table of %d rows in %s", len(p.Rows), p.File))
		default:
			s.add(label, p.Title, p.File)
		}
	}
	w.put(s)
}

func (w *writer) measured() {
	s := newSection("Regions and measurements")
	for _, one := range w.report.Regions {
		s.add("Region", one.Words())
	}
	for _, m := range w.report.Measured {
		s.add(m.Kind, m.Lines...)
	}
	w.put(s)
}

// model is the picture's and the model's identity.
func (w *writer) model() {
	r := w.report
	s := newSection("Picture and model")
	s.add("Picture", fmt.Sprintf("%d×%d pixels", r.Image.Width, r.Image.Height), scan(r.Image.Scan))
	s.add("Picture, changed", r.Covered.Words(), before(r.Covered))
	s.add("Picture, SHA-256", r.Image.SHA256)
	s.add("Model", filepath.Base(filepath.ToSlash(r.Model.Path)))
	s.add("Model, SHA-256", r.Model.SHA256)
	if r.Model.ONNXRuntime != "" {
		s.add("Run by", "ONNX Runtime "+r.Model.ONNXRuntime, r.Model.Provider)
	}
	s.add("Model, noticed", r.Model.Notes...)
	for _, d := range r.Doubts {
		s.add("In doubt", d.Text)
	}
	w.put(s)
}

// before is the answer for the picture before a part was covered.
func before(c *report.Covered) string {
	if c == nil || len(c.Before) == 0 {
		return ""
	}
	best := c.Before[0]
	return fmt.Sprintf("the answer before: %s, probability %s", best.Name, number(&best.Probability))
}

// scan is how a medical picture was shown and where it lies, without a name.
func scan(s *report.Scan) string {
	if s == nil {
		return ""
	}
	var words []string
	if s.Modality != "" {
		words = append(words, s.Modality)
	}
	if s.Slices > 1 {
		words = append(words, fmt.Sprintf("slice %d of %d", s.Slice+1, s.Slices))
	}
	if s.Window != nil {
		words = append(words, strings.TrimSpace(fmt.Sprintf("width %.4g, level %.4g %s", float64(s.Window.Width), float64(s.Window.Center), s.Unit)))
	}
	if len(s.SpacingMM) == 2 && finite(s.SpacingMM[0]) && finite(s.SpacingMM[1]) {
		words = append(words, fmt.Sprintf("pixels of %s×%s mm", spelling.Number(float64(s.SpacingMM[1])), spelling.Number(float64(s.SpacingMM[0]))))
	}
	return strings.Join(words, ", ")
}

// preparation lists what was done to the picture, and where each value comes
// from.
func (w *writer) preparation() {
	p := w.report.Preparation
	if p == nil {
		return
	}
	s := newSection("Preparation, and where it is known from")
	s.add("input", fmt.Sprintf("%s, %s, %d×%d pixels of %d channels", p.Input.Name, p.Input.Layout, p.Input.Width, p.Input.Height, p.Input.Channels))
	s.add("output", p.Output.Name, p.Output.Kind, p.Output.Activation)
	origins := maps.Clone(p.Origins)
	var steps map[string]json.RawMessage
	if data, err := json.Marshal(p.Preprocess); err == nil && json.Unmarshal(data, &steps) == nil {
		for _, key := range slices.Sorted(maps.Keys(steps)) {
			s.add(key, strings.ReplaceAll(string(steps[key]), `"`, ""), origin(origins["preprocess."+key]))
			delete(origins, "preprocess."+key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(origins)) {
		s.add(strings.TrimPrefix(key, "preprocess."), origins[key])
	}
	w.put(s)
}

func origin(text string) string {
	if text == "" {
		return ""
	}
	return "from: " + text
}

func (w *writer) remarks() {
	s := newSection("Remarks")
	s.add("Warning", w.report.Warnings...)
	s.add("Noticed", w.report.Remarks...)
	s.add("Run", slices.DeleteFunc(slices.Clone(w.report.Notes), w.told)...)
	w.put(s)
}

// told reports whether a note stands with its map already.
func (w *writer) told(note string) bool {
	return slices.ContainsFunc(w.report.Maps, func(m report.Map) bool { return m.Finding == note })
}

// section collects facts; those without words are left out.
type section struct {
	Section
	left int
}

func newSection(title string) *section { return &section{Section: Section{Title: text(title)}} }

func (s *section) add(name string, texts ...string) {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" || t == "." })
	switch {
	case len(texts) == 0:
	case len(s.Facts) == mostFacts:
		s.left++
	default:
		s.Facts = append(s.Facts, Fact{text(name), text(strings.Join(texts[:min(len(texts), mostFacts)], "; "))})
	}
}

// put adds a section that says something.
func (w *writer) put(s *section) {
	if s.left > 0 {
		s.Facts = append(s.Facts, Fact{"And", fmt.Sprintf("%d more lines in %s", s.left, picture.ResultFile)})
	}
	if len(s.Facts) > 0 {
		w.page.Sections = append(w.page.Sections, s.Section)
	}
}

// text is a text from outside as it may stand on a page: of bounded length, with
// control characters as escapes.
func text(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if runes := []rune(s[:min(len(s), 4*mostText)]); len(runes) > mostText {
		s = string(runes[:mostText]) + "…"
	} else if len(s) > 4*mostText {
		s = strings.ToValidUTF8(s[:4*mostText], "") + "…"
	}
	return visible.Text(strings.Join(strings.Fields(s), " "))
}

// number has three digits behind the point, as predictions have; "" for none.
func number(n *report.Number) string {
	if n == nil || !finite(*n) {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(float64(*n), 'f', 3, 64), "-", spelling.Minus, 1)
}

func finite(n report.Number) bool { return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0) }
