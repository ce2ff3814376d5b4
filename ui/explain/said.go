package explain

import (
	"fmt"
	"strings"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/words"
	"picasso/visualizers/render"
)

// said is every word about the map on the screen. All of it speaks about one
// map: the one that is drawn, with its own target.
type said struct {
	finding string // one sentence
	note    string // what else must be known
	unit    string // of the colour bar
	state   string // what is not whole or not up to date, written on the map
	old     bool   // the map belongs to another picture, target or setting
}

// say words what the picture shows.
func (p *Picture) say() said {
	s := p.c.State()
	panel := s.Panel()
	if s.Probe != nil {
		return said{
			finding: "This is what the model saw with one region covered.",
			note:    "Its answer and how it changed are on the right. Press Esc or click again to go back.",
		}
	}
	if p.covers {
		return said{
			finding: "Paint over what the model is not to see.",
			note:    "The right button, or Alt, uncovers. [ and ] change the brush, Ctrl+Z takes a stroke back, Esc goes back to the maps.",
		}
	}
	if over := s.Over(); over != nil {
		note := "It was made of this slice. Open a model to make maps of your own."
		if s.Model != nil {
			note = "It was made of this slice. Choose a method to see the open model’s own maps."
		}
		which := "A map from a file lies over this slice: "
		if over.Count > 1 {
			which = fmt.Sprintf("Map %d of %d from files lies over this slice: ", over.Number+1, over.Count)
			note = "Scan → Next map or region from a file shows the others. " + note
		}
		return said{
			finding: which + words.Sentence(over.Title), note: note,
			unit: over.Map.Unit, state: "map from a file",
		}
	}
	var out said
	var notes []string
	if !p.drawn.field.Empty() {
		m := panel.Map
		out.unit = m.Unit
		if _, whole := panel.Display.Follows(*m); whole {
			out.unit += ", scale of the volume"
		}
		out.state, out.old = mapState(s)
		if out.finding = m.Finding; out.finding == "" {
			out.finding = valueOf(s, panel.Shown(), m.Target) + " " + positive(m.Positive, m.Signed)
		} else {
			notes = append(notes, positive(m.Positive, m.Signed))
		}
		if text := render.Describe(p.drawn.field, m.Signed); text != "" {
			notes = append(notes, words.Sentence(text))
		}
	}
	if p.drawn.field.Empty() && former(s) {
		out.state, out.old = pictureBefore, true
	}
	if p.drawn.field.Empty() && panel.Result != nil && panel.Stale { // words without a map
		out.old = true
	}
	if s.Look != nil && s.Look.Block != nil && !out.old {
		notes = append(notes, words.Sentence(s.Look.Part(p.c).String()))
	}
	if s.Look != nil && s.Look.Covered != nil {
		out.state = strings.TrimSuffix(s.Look.Covered.Words()+" · "+out.state, " · ")
	}
	if out.state != "" {
		notes = append([]string{words.Sentence(out.state)}, notes...)
	}
	if panel.Result != nil && panel.Err == nil && panel.Shown() == s.Look {
		for _, text := range append([]string{panel.Result.Note}, panel.Result.Warnings...) {
			if text = words.Sentence(text); text != "" && out.finding == "" && p.drawn.field.Empty() {
				out.finding = text
			} else if text != "" {
				notes = append(notes, text)
			}
		}
	}
	if len(notes) == 0 {
		notes = append(notes, panel.Info.About)
	}
	out.finding = strings.TrimSpace(out.finding)
	out.note = strings.TrimSpace(strings.Join(notes, " "))
	return out
}

// valueOf says what the score of a target is in the picture of a map.
func valueOf(s *control.State, of *control.Look, t score.Target) string {
	v, err := t.Value(of.Base)
	if err != nil {
		return ""
	}
	return t.Symbol(s.Model) + " is " + words.Score(v, t.Score) + "."
}

func positive(means string, signed bool) string {
	if means == "" {
		return ""
	}
	if signed {
		means = "Positive: " + means
	}
	return strings.TrimSuffix(words.Sentence(means), ".") + "."
}

// pictureBefore is what is said of a picture that stays until the next one is
// read.
const pictureBefore = "the picture before"

// former reports whether the picture on the screen is not the one that is chosen,
// which is still being read.
func former(s *control.State) bool {
	now := s.Selected()
	return s.Look != nil && now != nil && (s.Look.ID != now.ID || s.Look.Slice != now.Slice)
}

// mapState says what must be known about the map on the screen: that it is
// partial, or belongs to something else than is chosen.
func mapState(s *control.State) (text string, old bool) {
	p := s.Panel()
	percent := fmt.Sprintf("%d %%", int(100*p.Result.Done))
	switch {
	case s.Looking:
		return "map of " + pictureBefore, true
	case p.Stale && (p.Status == control.Running || p.Status == control.Waiting):
		return "old map, updating…", true
	case p.Stale && p.Status == control.Stopped:
		return "old map: stopped before the new one", true
	case p.Stale && p.Status == control.Asking:
		return "old map: press Run for the new one", true
	case p.Stale:
		return "old map", true
	case p.Status == control.Stopped && p.Result.Done < 1:
		return "partial map: stopped at " + percent, false
	case p.Status == control.Running && p.Result.Done < 1:
		return "partial map: " + percent, false
	}
	return "", false
}
