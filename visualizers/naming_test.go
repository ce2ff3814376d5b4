package visualizers

import (
	"reflect"
	"testing"

	"picasso/backend/score"
)

// called is a model whose classes have names.
type called struct {
	Subject
	names []string
}

func (c called) Classes() int           { return len(c.names) }
func (c called) ClassName(i int) string { return c.names[i] }

// Every text of a result speaks of the new names; names that swap places, and
// one that begins like another, do not get mixed up.
func TestResultsAreRenamed(t *testing.T) {
	old := called{names: []string{"class 1", "class 11", "cat", "dog", "no"}}
	now := called{names: []string{"tank", "sky", "dog", "cat", "none"}}
	r := Result{
		Note: "P(class 11) and logit(class 1), no doubt.", Warnings: []string{"P(cat) is odd"}, Passes: 7,
		Maps: []Map{{
			Target: score.ClassTarget(2, score.Probability), Values: []float32{1}, Unit: "drop in P(cat)",
			Positive: "supports P(cat) − P(dog)", Finding: "P(class 1) falls.",
		}},
		Parts: []Part{
			{Title: "P(dog)", Text: "no P(cat)"},
			{Table: &Table{Columns: []string{"class", "P(no)"}, Rows: [][]any{{"class 1", 0.5}, {"dog", nil}}}},
			{Map: &Map{Finding: "logit(class 11)"}},
		},
	}
	before := r.Maps[0].Values
	got := NamingOf(old).To(NamingOf(now)).Result(r)
	want := Result{
		Note: "P(sky) and logit(tank), no doubt.", Warnings: []string{"P(dog) is odd"}, Passes: 7,
		Maps: []Map{{
			Target: score.ClassTarget(2, score.Probability), Values: []float32{1}, Unit: "drop in P(dog)",
			Positive: "supports P(dog) − P(cat)", Finding: "P(tank) falls.",
		}},
		Parts: []Part{
			{Title: "P(cat)", Text: "no P(dog)"},
			{Table: &Table{Columns: []string{"class", "P(none)"}, Rows: [][]any{{"tank", 0.5}, {"cat", nil}}}},
			{Map: &Map{Finding: "logit(sky)"}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if &got.Maps[0].Values[0] != &before[0] {
		t.Error("the numbers were copied")
	}
	if r.Maps[0].Unit != "drop in P(cat)" || r.Parts[1].Table.Rows[0][0] != "class 1" {
		t.Error("the former result changed")
	}
}
