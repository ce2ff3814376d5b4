package audit

import (
	"math"
	"strings"
	"testing"

	"picasso/visualizers/audit/statistics"
)

// A sentence asks for labels only where there are none. Labels that are all alike
// cannot tell whether the property belongs to the class, and the sentence says so.
func TestPropertySentenceKnowsItsLabels(t *testing.T) {
	const n = 40
	var values []Numbers
	var answered []statistics.Group
	for i := range n {
		row := make(Numbers, len(Properties))
		row[0] = float32(i) // brightness tells the answer; the rest is the same everywhere
		values, answered = append(values, row), append(answered, statistics.GroupOf(i >= n/2))
	}
	parity := make([]bool, n)
	for i := range parity {
		parity[i] = i%2 == 1
	}
	yes := make([]bool, n)
	for i := range yes {
		yes[i] = true
	}
	for name, c := range map[string]struct {
		label []bool
		nan   bool
		want  string
	}{
		"no labels":    {nil, true, "Labels would tell."},
		"all the same": {yes, true, "The labels cannot tell: of tank all say the same."},
		"none of it":   {make([]bool, n), true, "The labels cannot tell: of tank all say the same."},
		// Odd numbers among 0…39 have U = 1+3+…: AUROC 0.525.
		"of both": {parity, false, "the label does not follow it (0.53)."},
	} {
		var label []statistics.Group
		for _, is := range c.label {
			label = append(label, statistics.GroupOf(is))
		}
		s := shortcuts(rank(n, func(i int) Numbers { return values[i] }), answered, label)[0]
		if s.AUROC() != 1 || math.IsNaN(s.Label) != c.nan || s.Alike != (c.nan && c.label != nil) {
			t.Errorf("%s: %+v", name, s)
		}
		if text := s.sentence("tank"); !strings.HasSuffix(text, c.want) {
			t.Errorf("%s: %q, want %q at the end", name, text, c.want)
		}
		flags := propertyFlags([]Class{{Name: "tank", Shortcuts: []Shortcut{s}}})
		if len(flags) != 1 || flags[0].Sentence != s.sentence("tank") {
			t.Errorf("%s: flags %+v", name, flags)
		}
	}
}
