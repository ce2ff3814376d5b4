package survey

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"picasso/ui/auditing"
	"picasso/ui/report/digest"
	"picasso/ui/uitest"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/labels"
)

// five rows: the second failed, the fifth has no label.
func five() *digest.Digest {
	d := &digest.Digest{
		Analysis: &audit.Analysis{},
		Truth: &labels.Truth{Covered: []int{0, 1}, Items: []*labels.Marks{
			{Present: []int{1}}, {Present: []int{0}}, {Present: []int{0}}, {Present: []int{1}}, nil}},
	}
	d.Sample.Names = []string{"cat", "dog"}
	d.Manifest.Model.Classes = d.Sample.Names
	for i, r := range []audit.Row{
		{Path: "a10.png", Predicted: 1, Probability: 0.7, Top: 0.2},
		{Path: "a9.png", Error: "damaged"},
		{Path: "b1.png", Predicted: 1, Probability: 0.9, Top: 0.4},
		{Path: "a2.png", Predicted: 0, Probability: 0.8, Top: 0.4},
		{Path: "c.png", Predicted: 0, Probability: 0.6, Top: audit.Number(math.NaN())},
	} {
		if r.Error == "" {
			r.Name = d.Sample.Names[r.Predicted]
		}
		d.Sample.Rows = append(d.Sample.Rows, r)
		d.Analysis.Standing = append(d.Analysis.Standing, audit.Standing{Way: []int{1, -1, 0, 0, -1}[i]})
	}
	return d
}

func TestRowsAreOrderedByAnyColumn(t *testing.T) {
	d := five()
	for _, c := range []struct {
		a    arrangement
		want []int
	}{
		{arrangement{order: Order{By: File}}, []int{3, 1, 0, 2, 4}}, // numbers by their value
		{arrangement{order: Order{By: File, Reverse: true}}, []int{4, 2, 0, 1, 3}},
		{arrangement{order: Order{By: given}}, []int{0, 1, 2, 3, 4}},
		{arrangement{order: Order{By: Answer}}, []int{3, 4, 2, 0, 1}}, // the surest first
		{arrangement{order: Order{By: Probability}}, []int{2, 3, 0, 4, 1}},
		{arrangement{order: Order{By: Probability, Reverse: true}}, []int{4, 0, 3, 2, 1}}, // what has no value stays last
		{arrangement{order: Order{By: Label}}, []int{2, 0, 3, 1, 4}},
		{arrangement{order: Order{By: Correct}}, []int{2, 3, 0, 1, 4}}, // wrong ones first
		{arrangement{order: Order{By: Way}}, []int{2, 3, 0, 1, 4}},
		{arrangement{order: Order{By: Top}}, []int{2, 3, 0, 1, 4}},
		{arrangement{order: Order{By: given}, subset: Subset{Rows: []int{4, 2, 0}}}, []int{4, 2, 0}},
		{arrangement{order: Order{By: Probability}, subset: Subset{Rows: []int{4, 2, 0}}}, []int{2, 0, 4}},
		{arrangement{order: Order{By: File}, filter: "answer:dog"}, []int{0, 2}},
		{arrangement{order: Order{By: File}, wrong: true}, []int{3, 2}},
	} {
		got, err := c.a.list(t.Context(), d)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, %v, want %v", c.a, got, err, c.want)
		}
	}
}

// lookingAt is a controller that looks at a digest.
func lookingAt(t *testing.T, d *digest.Digest) (*Controller, *uitest.Desk) {
	t.Helper()
	desk := uitest.NewControl(t)
	s := New(desk.C, t.TempDir(), "")
	s.show(&auditing.Result{Digest: d}, "")
	return s, desk
}

// Rows stay as they are listed until the new order is there, and of several orders
// only the newest comes.
func TestTheOldOrderStaysUntilTheNewOneIsThere(t *testing.T) {
	s, desk := lookingAt(t, five())
	st := s.State()
	if want := []int{0, 1, 2, 3, 4}; !st.Arranging || !slices.Equal(st.Listed, want) {
		t.Fatalf("at first %v, arranging %v, want %v as the audit has them", st.Listed, st.Arranging, want)
	}
	desk.Q.Until(t, "the first order", func() bool { return !st.Arranging })
	byName, version := []int{3, 1, 0, 2, 4}, st.Version
	if !slices.Equal(st.Listed, byName) {
		t.Fatalf("listed are %v, want %v", st.Listed, byName)
	}
	s.Sort(Answer)
	s.SetFilter("answer:cat", false)
	s.Sort(Probability)
	s.Sort(Probability)
	if !st.Arranging || !slices.Equal(st.Listed, byName) || st.Version != version {
		t.Errorf("while it is sorted %v, version %d, want %v, %d", st.Listed, st.Version, byName, version)
	}
	desk.Q.Until(t, "the newest order", func() bool { return !st.Arranging })
	if want := []int{4, 3}; !slices.Equal(st.Listed, want) || st.Version != version+1 {
		t.Errorf("listed are %v, version %d, want %v, %d", st.Listed, st.Version, want, version+1)
	}
}

// What is stopped leaves the order, the filter and the subset that are shown.
func TestStopKeepsTheOrderThatIsShown(t *testing.T) {
	s, desk := lookingAt(t, five())
	st := s.State()
	s.SetFilter("answer:dog", false)
	desk.Q.Until(t, "the first order", func() bool { return !st.Arranging })
	listed := st.Listed
	s.Look("one", []int{4})
	s.Sort(Top)
	s.SetFilter("", true)
	desk.C.Stop()
	if st.Arranging || st.Order != (Order{By: File}) || st.Filter != "answer:dog" || st.Wrong || st.Subset.Rows != nil || !slices.Equal(st.Listed, listed) {
		t.Errorf("after Stop: %+v", st)
	}
}

func TestSortingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, a := range []arrangement{{}, {order: Order{By: given}, filter: "a"}, {order: Order{By: Top}}} {
		if _, err := a.list(ctx, five()); !errors.Is(err, context.Canceled) {
			t.Errorf("%+v: %v", a, err)
		}
	}
}

// Labels that were dropped on the list are proposed, but not in place of others.
func TestLabelsOfTheListAreProposed(t *testing.T) {
	desk := uitest.NewControl(t)
	s := New(desk.C, t.TempDir(), "")
	model := filepath.Join(desk.Dir, "m.onnx")
	desk.C.Open(model)
	desk.Q.Until(t, "the model", func() bool { return desk.C.State().Model != nil })
	desk.C.Drop([]string{desk.Picture("p.png", 255)})
	desk.Q.Until(t, "the picture", func() bool { return len(desk.C.State().Images) == 1 })
	write := func(name string) string {
		path := filepath.Join(desk.Dir, name)
		if err := os.WriteFile(path, []byte("path,label\np.png,"+desk.C.State().Model.ClassName(0)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first, second := write("first.csv"), write("second.csv")
	drop := func(path string) {
		t.Helper()
		desk.C.Drop([]string{path})
		desk.Q.Until(t, "the labels", func() bool { return desk.C.TruthFile() == path && s.labels == path })
	}
	drop(first)
	if got := s.State().Setup.Labels; got != first || !s.OfList(got) {
		t.Errorf("proposed is %q, want %q", got, first)
	}
	drop(second)
	if got := s.State().Setup.Labels; got != second {
		t.Errorf("proposed is %q, want the newer %q", got, second)
	}
	s.Choose(func(now *Setup) { now.Labels = ByFolder })
	drop(first)
	if got := s.State().Setup.Labels; got != ByFolder || s.OfList(got) {
		t.Errorf("%q took the place of what was chosen", got)
	}
}

// BenchmarkArrange orders 100,000 rows.
func BenchmarkArrange(b *testing.B) {
	d := &digest.Digest{Analysis: &audit.Analysis{}}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 100_000 {
		d.Sample.Rows = append(d.Sample.Rows, audit.Row{Path: fmt.Sprintf("folder %03d/picture %06d.jpeg", i/1000, random.IntN(1e6)), Name: fmt.Sprint("class ", i%250), Top: audit.Number(random.Float64())})
		d.Analysis.Standing = append(d.Analysis.Standing, audit.Standing{})
	}
	for name, a := range map[string]arrangement{"path": {}, "top": {order: Order{By: Top}}, "filter": {order: Order{By: given}, filter: "class 17"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := a.list(b.Context(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
