package visualizers

import (
	"slices"
	"strings"

	"picasso/backend/score"
)

// Naming is how the classes of a model were called at one time.
type Naming struct {
	names   []string
	symbols []string // of each class, by score
}

// naming scores in the order of a Naming's symbols.
var namedScores = []score.Score{score.Probability, score.Logit}

// NamingOf notes how the classes of a subject are called now.
func NamingOf(s Subject) Naming {
	var n Naming
	for class := range s.Classes() {
		n.names = append(n.names, s.ClassName(class))
		for _, by := range namedScores {
			n.symbols = append(n.symbols, score.ClassTarget(class, by).Symbol(s))
		}
	}
	return n
}

// Renaming says results in other names of the same classes. No number changes.
type Renaming struct {
	texts *strings.Replacer // symbols such as P(class 3)
	cells map[string]string // bare names, which only a cell of a table is sure to be
}

// To is the renaming from n to another naming of as many classes.
func (n Naming) To(now Naming) Renaming {
	w := Renaming{cells: map[string]string{}}
	type pair struct{ old, new string }
	var pairs []pair
	for i, old := range n.symbols {
		if strings.Contains(old, "(") && old != now.symbols[i] { // a bare name could be any word
			pairs = append(pairs, pair{old, now.symbols[i]})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return len(b.old) - len(a.old) })
	var flat []string
	for _, p := range pairs {
		flat = append(flat, p.old, p.new)
	}
	for i, old := range n.names {
		w.cells[old] = now.names[i]
	}
	w.texts = strings.NewReplacer(flat...)
	return w
}

// Result is r in the new names; it shares its numbers with r.
func (w Renaming) Result(r Result) Result {
	r.Note = w.texts.Replace(r.Note)
	r.Warnings = slices.Clone(r.Warnings)
	for i, text := range r.Warnings {
		r.Warnings[i] = w.texts.Replace(text)
	}
	r.Maps = slices.Clone(r.Maps)
	for i, m := range r.Maps {
		r.Maps[i] = w.Map(m)
	}
	r.Parts = slices.Clone(r.Parts)
	for i, p := range r.Parts {
		r.Parts[i] = w.part(p)
	}
	return r
}

// Map is m in the new names; it shares its numbers with m.
func (w Renaming) Map(m Map) Map {
	m.Unit, m.Positive, m.Finding = w.texts.Replace(m.Unit), w.texts.Replace(m.Positive), w.texts.Replace(m.Finding)
	return m
}

func (w Renaming) part(p Part) Part {
	p.Title, p.Text = w.texts.Replace(p.Title), w.texts.Replace(p.Text)
	if p.Map != nil {
		m := w.Map(*p.Map)
		p.Map = &m
	}
	if p.Table != nil {
		t := Table{Columns: w.row(p.Table.Columns), Each: p.Table.Each}
		for _, cells := range p.Table.Rows {
			row := slices.Clone(cells)
			for i, cell := range row {
				if text, ok := cell.(string); ok {
					row[i] = w.cell(text)
				}
			}
			t.Rows = append(t.Rows, row)
		}
		p.Table = &t
	}
	return p
}

func (w Renaming) row(cells []string) []string {
	out := slices.Clone(cells)
	for i, text := range out {
		out[i] = w.cell(text)
	}
	return out
}

func (w Renaming) cell(text string) string {
	if name, ok := w.cells[text]; ok {
		return name
	}
	return w.texts.Replace(text)
}
