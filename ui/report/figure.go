package report

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/metadata"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/render/plate"
	"picasso/visualizers/spelling"
)

// Figure is a map of the subject with every word that belongs to it.
func (s Subject) Figure(shown Shown) drawing.Figure {
	m := shown.Map
	_, height, width := s.Model.Shape()
	f := drawing.Figure{
		Base: s.Base, Map: m, At: drawing.Place(m, s.Place, width, height, s.Base.Rect.Size()), Display: shown.Display,
		Turn: shown.Turn, Measured: shown.Measured, State: shown.State,
		Subject: s.explained(shown), Finding: s.found(shown), Legend: legend(m),
		Facts: s.facts(shown), Notice: drawing.Notice(s.Picture),
	}
	if ranked := s.Model.Rank(s.Scores); len(ranked) > 0 {
		best := ranked[0]
		value := float64(best.Probability)
		if m.Target.Score == score.Logit {
			value = float64(best.Logit)
		}
		f.Answer, f.Score = best.Name, visualizers.ScoreWords(value, m.Target.Score)
		if m.Target.Score == score.Logit {
			f.Score = "logit " + f.Score
		}
	}
	if s.medical() {
		g := s.Picture.Scan.Geometry
		f.Scan, f.Aspect, f.Letters = true, g.Aspect, g.Letters
	}
	return plain(f)
}

// plain shows control characters in names from outside as escapes, and says where
// letters cannot be shown.
func plain(f drawing.Figure) drawing.Figure {
	for _, text := range []*string{&f.Answer, &f.Subject, &f.Finding, &f.Legend, &f.Map.Unit} {
		*text = visible.Text(*text)
	}
	lacks := plate.Lacks(f.Answer + f.Subject + f.Finding + f.Map.Unit)
	for i := range f.Facts {
		f.Facts[i].Value = visible.Text(f.Facts[i].Value)
		lacks = lacks || plate.Lacks(f.Facts[i].Value)
	}
	if lacks {
		f.Facts = append(f.Facts, drawing.Fact{Name: "Letters", Value: "some letters of names are not in the built-in font and show as boxes; SVG and JSON hold them as text"})
	}
	return f
}

// explained says what is explained, with its value in the picture, and how.
func (s Subject) explained(shown Shown) string {
	title, name := shown.Visualizer.Info().Title, s.Name()
	if s.Covered != nil {
		name += " (partly covered by hand)"
	}
	symbol := shown.Map.Target.Symbol(s.Model)
	v, err := shown.Map.Target.Value(s.Scores)
	if err != nil {
		return fmt.Sprintf("%s: %s explained by %s", name, symbol, title)
	}
	return fmt.Sprintf("%s: %s = %s, explained by %s", name, symbol, visualizers.ScoreWords(v, shown.Map.Target.Score), title)
}

// found is the finding of the map, or at least the value of its target.
func (s Subject) found(shown Shown) string {
	if shown.Map.Finding != "" {
		return shown.Map.Finding
	}
	return visualizers.Stated(shown.Map.Target, s.Scores, s.Model)
}

func legend(m visualizers.Map) string {
	switch {
	case m.Positive == "":
		return ""
	case m.Signed:
		return "Positive: " + m.Positive + "."
	}
	return strings.ToUpper(m.Positive[:1]) + m.Positive[1:] + "."
}

// facts are the lines below the picture: what it is, how it is shown, what was
// measured, how it was explained, by which model, and what is not certain.
func (s Subject) facts(shown Shown) []drawing.Fact {
	var facts []drawing.Fact
	add := func(name string, texts ...string) {
		texts = slices.DeleteFunc(texts, func(text string) bool { return text == "" })
		if len(texts) > 0 {
			facts = append(facts, drawing.Fact{Name: name, Value: strings.Join(texts, "; ")})
		}
	}
	add("Picture", s.shape(), s.lies())
	add("Covered", s.Covered.Words())
	if s.Block != nil {
		add("Volume", s.Block.String())
	}
	add("Window", s.windowed())
	for _, one := range s.Regions {
		add("Region", one.Words())
	}
	for _, m := range shown.Measured {
		add("Measured", m.Kind+": "+strings.Join(m.Lines, ", "))
	}
	add("Method", settings(shown))
	add("Map", append([]string{render.Describe(drawing.Field(shown.Map), shown.Map.Signed)},
		shown.Display.Words(shown.Map, s.medical(), drawing.Colourfulness(s.Base))...)...)
	add("Run", shown.Note)
	add("Model", s.file())
	if s.Card != nil {
		add("Region", counted(s.Card))
		add("Guessed", guessed(s.Card.Origins))
		for _, d := range s.Card.Doubts {
			add("In doubt", d.Text)
		}
	}
	for _, text := range slices.Concat(s.Doubts, shown.Warnings) {
		add("Note", text)
	}
	if s.Picture != nil {
		for _, text := range s.Picture.Notes {
			add("Remark", text)
		}
	}
	return facts
}

// shape is the size of the picture, and of its pixels in the patient.
func (s Subject) shape() string {
	size := s.Base.Rect.Size()
	text := fmt.Sprintf("%s, %d×%d pixels", s.Name(), size.X, size.Y)
	if !s.medical() {
		return text
	}
	g := s.Picture.Scan.Geometry
	if g.Spacing[0] > 0 {
		text += fmt.Sprintf(" of %s×%s mm", spelling.Number(g.Spacing[1]), spelling.Number(g.Spacing[0]))
		if g.AtDetector {
			text += " at the detector"
		}
	}
	if g.Thickness > 0 {
		text += ", " + spelling.Number(g.Thickness) + " mm thick"
	}
	if s.Picture.Scan.Lossy {
		text += ", compressed with loss"
	}
	return text
}

// lies is where a slice lies in the patient.
func (s Subject) lies() string {
	if !s.medical() || !s.Picture.Scan.Geometry.Placed {
		return ""
	}
	p := s.Picture.Scan.Geometry.Position
	return fmt.Sprintf("first pixel at %.1f, %.1f, %.1f mm (left, back, head)", p[0], p[1], p[2])
}

// windowed is how a grey scan is shown.
func (s Subject) windowed() string {
	w := s.window()
	if w == nil {
		return ""
	}
	text := fmt.Sprintf("%s, width %.4g, level %.4g", w.Name, w.Width, w.Center)
	if s.Picture.Unit != "" {
		text += " " + s.Picture.Unit
	}
	if s.Inverted {
		text += ", inverted"
	}
	return text
}

// settings are the method and all that was set, by their titles.
func settings(shown Shown) string {
	title := shown.Visualizer.Info().Title
	var list []string
	for _, set := range visualizers.Mattering(shown.Visualizer.Settings(), shown.Values) {
		if v, ok := shown.Values[set.Key()]; ok {
			list = append(list, set.Spec().Title+" "+set.Format(v))
		}
	}
	if len(list) == 0 {
		return title
	}
	return title + ": " + strings.Join(list, ", ")
}

// file is the model by name and checksum.
func (s Subject) file() string {
	name := filepath.Base(s.File.Path)
	c, h, w := s.Model.Shape()
	text := fmt.Sprintf("%s, input %d×%d pixels of %d channels", name, w, h, c)
	switch {
	case s.Card != nil && s.Card.Input.Depth > 0:
		text = fmt.Sprintf("%s, input %d×%d×%d×%d (channels, slices, rows, columns)", name, c, s.Card.Input.Depth, h/s.Card.Input.Depth, w)
	case c == 1:
		text = fmt.Sprintf("%s, input %d×%d pixels of one channel", name, w, h)
	}
	if s.File.SHA256 != "" {
		text += ", SHA-256 " + s.File.SHA256
	}
	return text
}

// counted says which pixels count in scores that are sums over pixels.
func counted(c *metadata.Card) string {
	switch r := c.Output.Region; {
	case c.Output.Kind != score.Segmentation && c.Output.Kind != score.Dense:
		return ""
	case r.Box != nil:
		return fmt.Sprintf("the score counts pixels %d to %d across and %d to %d down of the output", r.Box[0], r.Box[2]-1, r.Box[1], r.Box[3]-1)
	case r.Mask:
		return "the score counts the pixels where the class is the best one"
	}
	return "the score counts all pixels of the output"
}

// guessed are the values of the preparation that nobody states.
func guessed(origins map[string]string) string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(origins)) {
		if strings.HasPrefix(origins[key], "guess") {
			keys = append(keys, strings.TrimPrefix(key, "preprocess."))
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return "how pictures are prepared: " + strings.Join(keys, ", ")
}
