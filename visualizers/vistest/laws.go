package vistest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/cover"
)

// Laws runs every law on a visualizer. A new visualizer is tested by being
// registered.
func Laws(t *testing.T, v visualizers.Visualizer) {
	laws := []struct {
		name string
		law  func(*testing.T, visualizers.Visualizer, *Net)
	}{
		{"tells what it is", complete},
		{"defaults hold", defaults},
		{"input is left alone", untouched},
		{"partial results grow and stay", partials},
		{"maps are well formed", wellFormed},
		{"same input, same output", deterministic},
		{"batch size does not matter", batchSize},
		{"no state between runs", stateless},
		{"every option works", options},
		{"what does not matter changes nothing", immaterial},
		{"cancel", cancelled},
		{"failure is passed on", failing},
		{"refuses what does not fit", refuses},
		{"works without extras or says why", modest},
		{"covers what it says", covers},
	}
	for _, net := range []*Net{Random(3, 12, 12), Random(1, 9, 14)} {
		for _, l := range laws {
			t.Run(fmt.Sprintf("%s/%d×%d×%d", l.name, net.Channels, net.Height, net.Width), func(t *testing.T) {
				l.law(t, v, net)
			})
		}
	}
}

func complete(t *testing.T, v visualizers.Visualizer, _ *Net) {
	if err := visualizers.Check([]visualizers.Visualizer{v}); err != nil {
		t.Error(err)
	}
	d := visualizers.Describe(v)
	for i, s := range d.Settings {
		if s.Default == "" || s.Type == "" {
			t.Errorf("setting %d (%q) describes no type or default: %+v", i, s.Key, s)
		}
	}
}

func defaults(t *testing.T, v visualizers.Visualizer, n *Net) {
	values := visualizers.Defaults(v, n)
	if err := visualizers.CheckValues(v, n, values); err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for key, text := range visualizers.FormatValues(v, values) {
		pairs = append(pairs, key+"="+text)
	}
	again, err := visualizers.ParseValues(v, n, pairs)
	if err != nil || !reflect.DeepEqual(again, values) {
		t.Errorf("defaults %v are read back as %v, %v", values, again, err)
	}
}

func untouched(t *testing.T, v visualizers.Visualizer, n *Net) {
	in, before := input(t, n, v), input(t, n, v)
	explain(t, v, in)
	if !reflect.DeepEqual(in.Tensor, before.Tensor) || !reflect.DeepEqual(in.Base, before.Base) {
		t.Error("the tensor of the picture or the base scores were changed")
	}
	if !reflect.DeepEqual(in.Values, before.Values) || !slices.Equal(in.Targets, before.Targets) {
		t.Error("the values or targets were changed")
	}
	for y := range in.Image.Height {
		a, b := make([]float32, in.Image.Width*in.Image.Channels), make([]float32, in.Image.Width*in.Image.Channels)
		in.Image.Row(y, a)
		before.Image.Row(y, b)
		if !slices.Equal(a, b) {
			t.Fatalf("row %d of the picture was changed", y)
		}
	}
}

func partials(t *testing.T, v visualizers.Visualizer, n *Net) {
	var emitted, copies []visualizers.Result
	final, err := v.Explain(context.Background(), input(t, n, v), func(r visualizers.Result) {
		emitted, copies = append(emitted, r), append(copies, snapshot(r))
	})
	if err != nil {
		t.Fatal(err)
	}
	if final.Done != 1 {
		t.Errorf("the final result is done to %g, want 1", final.Done)
	}
	last := visualizers.Result{}
	for i, r := range append(emitted, final) {
		if r.Done < last.Done || r.Done > 1 || r.Passes < last.Passes {
			t.Errorf("result %d: done %g after %g, %d passes after %d", i, r.Done, last.Done, r.Passes, last.Passes)
		}
		last = r
	}
	for i := range emitted {
		if !sameResult(emitted[i], copies[i], 0) {
			t.Errorf("partial result %d was changed after it was given out", i)
		}
	}
}

func wellFormed(t *testing.T, v visualizers.Visualizer, n *Net) {
	in := input(t, n, v)
	check := func(r visualizers.Result) {
		if len(r.Maps) != 0 && len(r.Maps) != len(in.Targets) {
			t.Fatalf("%d maps for %d targets", len(r.Maps), len(in.Targets))
		}
		for i, m := range r.Maps {
			wellFormedMap(t, m, in.Targets[i])
		}
		if r.Patches != nil {
			wellFormedWindows(t, r.Patches, n)
		}
		for i, p := range r.Parts {
			if err := p.Check(); err != nil {
				t.Errorf("part %d: %v", i, err)
			}
		}
	}
	r, err := v.Explain(context.Background(), in, check)
	if err != nil {
		t.Fatal(err)
	}
	check(r)
	if len(r.Maps) == 0 && len(r.Parts) == 0 && r.Note == "" && len(r.Warnings) == 0 {
		t.Error("the result says nothing: no map, no part, no note, no warning")
	}
}

func wellFormedMap(t *testing.T, m visualizers.Map, want score.Target) {
	t.Helper()
	if m.Target != want {
		t.Errorf("map of %+v where %+v was asked for", m.Target, want)
	}
	if m.Channels < 1 || m.Height < 1 || m.Width < 1 || len(m.Values) != m.Channels*m.Height*m.Width {
		t.Errorf("map of %d×%d×%d has %d values", m.Channels, m.Height, m.Width, len(m.Values))
	}
	if m.Unit == "" || m.Positive == "" {
		t.Errorf("map without unit (%q) or meaning (%q)", m.Unit, m.Positive)
	}
	for i, x := range m.Values {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			t.Fatalf("value %d is %v with default settings", i, x)
		}
		if !m.Signed && x < 0 {
			t.Fatalf("value %d is %v in a map without signs", i, x)
		}
	}
	for key, x := range m.Metrics {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Errorf("metric %s is %v", key, x)
		}
	}
}

func wellFormedWindows(t *testing.T, w *visualizers.Patches, n *Net) {
	t.Helper()
	if len(w.Rects) != w.Rows*w.Columns || len(w.Scores) != len(w.Rects) || w.Height != n.Height || w.Width != n.Width {
		t.Fatalf("%d×%d windows: %d regions, %d scores on %d×%d", w.Rows, w.Columns, len(w.Rects), len(w.Scores), w.Height, w.Width)
	}
	for i, r := range w.Rects {
		if r.Empty() || r.Min.X < 0 || r.Min.Y < 0 || r.Max.X > n.Width || r.Max.Y > n.Height {
			t.Fatalf("window %d covers %v of %d×%d", i, r, n.Width, n.Height)
		}
	}
}

func deterministic(t *testing.T, v visualizers.Visualizer, n *Net) {
	if !sameResult(explain(t, v, input(t, n, v)), explain(t, v, input(t, n, v)), 0) {
		t.Error("two runs on the same input differ")
	}
}

func batchSize(t *testing.T, v visualizers.Visualizer, n *Net) {
	var first visualizers.Result
	for i, size := range []int{1, 3, 8} {
		m := *n
		m.BatchSize = size
		r := explain(t, v, input(t, &m, v))
		if i == 0 {
			first = r
		} else if !sameResult(first, r, 1e-6) {
			t.Errorf("batches of %d give another result than batches of 1", size)
		}
	}
}

func stateless(t *testing.T, v visualizers.Visualizer, n *Net) {
	want := explain(t, v, input(t, n, v))
	results := make(chan visualizers.Result)
	for range 2 {
		in := input(t, n, v)
		go func() {
			r, err := v.Explain(context.Background(), in, func(visualizers.Result) {})
			if err != nil {
				t.Error(err)
			}
			results <- r
		}()
	}
	for range 2 {
		if !sameResult(<-results, want, 0) {
			t.Error("two runs at once disturb each other")
		}
	}
}

// options tries every option of every choice, both sides of every toggle and
// the smallest value of every number.
func options(t *testing.T, v visualizers.Visualizer, n *Net) {
	for _, set := range v.Settings() {
		for _, value := range trial(set, n) {
			in := input(t, n, v)
			in.Values[set.Key()] = value
			if err := visualizers.CheckValues(v, n, in.Values); err != nil {
				t.Error(err)
				continue
			}
			r, err := v.Explain(context.Background(), in, func(visualizers.Result) {})
			if err != nil {
				t.Errorf("%s=%s: %v", set.Key(), set.Format(value), err)
			} else if r.Done != 1 {
				t.Errorf("%s=%s: done to %g", set.Key(), set.Format(value), r.Done)
			}
		}
	}
}

// immaterial tries other values of the settings that matter only beside certain values
// of others, beside all those of which it is said that they do not.
func immaterial(t *testing.T, v visualizers.Visualizer, n *Net) {
	for _, set := range v.Settings() {
		only := set.Spec().Only
		if only == nil {
			continue
		}
		for _, other := range v.Settings() {
			for _, beside := range trial(other, n) {
				in := input(t, n, v)
				if in.Values[other.Key()] = beside; other.Key() != only.Key || set.Matters(in.Values) {
					continue
				}
				want := explain(t, v, in)
				for _, value := range append(trial(set, n), far(set)...) {
					in.Values[set.Key()] = value
					if !sameResult(want, explain(t, v, in), 0) {
						t.Errorf("%s=%s changes the result beside %s=%s, where it is not shown", set.Key(), set.Format(value), other.Key(), other.Format(beside))
					}
				}
			}
		}
	}
}

// far is the greatest value of a number.
func far(set visualizers.Setting) []any {
	switch s := set.(type) {
	case visualizers.Int:
		return []any{s.Max}
	case visualizers.Float:
		return []any{s.Max}
	}
	return nil
}

func trial(set visualizers.Setting, n *Net) (values []any) {
	switch s := set.(type) {
	case visualizers.Choice:
		for _, option := range s.All(n) {
			values = append(values, option)
		}
		if s.Number {
			values = append(values, "0")
		}
	case visualizers.Toggle:
		values = []any{false, true}
	case visualizers.Int:
		values = []any{s.Min}
	case visualizers.Float:
		values = []any{s.Min}
	case visualizers.Extent:
		values = []any{visualizers.Square(2), visualizers.Square(1000)}
	}
	return values
}

func failing(t *testing.T, v visualizers.Visualizer, n *Net) {
	fault := errors.New("the device caught fire")
	for _, after := range []int{0, 3} {
		fired := false
		f := counted(n, after, func(context.Context) error { fired = true; return fault })
		_, err := v.Explain(context.Background(), input(t, f, v), func(visualizers.Result) {})
		if !fired {
			continue // it needs no more images than that
		}
		if !errors.Is(err, fault) {
			t.Errorf("after %d pictures the model failed, but the error is %v", after, err)
		}
	}
}

func refuses(t *testing.T, v visualizers.Visualizer, n *Net) {
	in := input(t, n, v)
	in.Tensor = infer.NewTensor(n.Channels, n.Height+1, n.Width)
	if r, err := v.Explain(context.Background(), in, func(visualizers.Result) {}); err == nil && len(r.Maps) > 0 {
		t.Error("a tensor of the wrong shape was explained")
	}
	in = input(t, n, v)
	in.Image = nil
	if _, err := v.Explain(context.Background(), in, func(visualizers.Result) {}); err != nil && !errors.Is(err, cover.ErrNoPicture) {
		t.Errorf("without a picture: %v", err)
	}
}

func modest(t *testing.T, v visualizers.Visualizer, n *Net) {
	in := input(t, n, v)
	in.Subject = plain{n}
	in.Values = visualizers.Defaults(v, in.Subject)
	var refusal error
	if r, ok := v.(visualizers.Requirer); ok {
		refusal = r.Require(in.Subject)
		if err := r.Require(n); err != nil {
			t.Errorf("refuses a model that can do everything: %v", err)
		}
	}
	_, err := v.Explain(context.Background(), in, func(visualizers.Result) {})
	if (refusal == nil) != (err == nil) {
		t.Errorf("Require says %v, Explain says %v", refusal, err)
	}
}

// covers: what Cover shows is what Explain ran.
func covers(t *testing.T, v visualizers.Visualizer, n *Net) {
	c, ok := v.(visualizers.Coverer)
	if !ok {
		return
	}
	in := input(t, n, v)
	w := explain(t, v, in).Patches
	for i, region := range w.Rects {
		hidden, err := c.Cover(in, region)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.scores(n.features(hidden)); !reflect.DeepEqual(got, w.Scores[i]) {
			t.Errorf("window %d: the shown picture scores %v, the run had %v", i, got, w.Scores[i])
		}
	}
}
