package vistest

import (
	"context"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"picasso/backend/score"
	"picasso/visualizers"
)

// input is what a visualizer is asked on a net, or the end of the test.
func input(t *testing.T, n *Net, v visualizers.Visualizer) visualizers.Input {
	t.Helper()
	in, err := ask(n, v)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// explain runs a visualizer that must succeed.
func explain(t *testing.T, v visualizers.Visualizer, in visualizers.Input) visualizers.Result {
	t.Helper()
	r, err := v.Explain(context.Background(), in, func(visualizers.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// snapshot copies a result so deeply that nothing is shared.
func snapshot(r visualizers.Result) visualizers.Result {
	r.Warnings = slices.Clone(r.Warnings)
	r.Maps = slices.Clone(r.Maps)
	r.Parts = snapshotParts(r.Parts)
	for i, m := range r.Maps {
		r.Maps[i].Values = slices.Clone(m.Values)
		r.Maps[i].Metrics = maps.Clone(m.Metrics)
	}
	if r.Patches != nil {
		w := *r.Patches
		w.Rects, w.Scores = slices.Clone(w.Rects), slices.Clone(w.Scores)
		for i, s := range w.Scores {
			w.Scores[i] = score.Scores{Probabilities: slices.Clone(s.Probabilities), Logits: slices.Clone(s.Logits)}
		}
		r.Patches = &w
	}
	return r
}

func snapshotParts(parts []visualizers.Part) []visualizers.Part {
	parts = slices.Clone(parts)
	for i, p := range parts {
		if p.Picture != nil {
			c := *p.Picture
			c.Values = slices.Clone(c.Values)
			parts[i].Picture = &c
		}
		if p.Map != nil {
			m := *p.Map
			m.Values = slices.Clone(m.Values)
			parts[i].Map = &m
		}
		if p.Table != nil {
			rows := slices.Clone(p.Table.Rows)
			for k := range rows {
				rows[k] = slices.Clone(rows[k])
			}
			parts[i].Table = &visualizers.Table{Columns: slices.Clone(p.Table.Columns), Rows: rows, Each: p.Table.Each}
		}
	}
	return parts
}

// sameParts compares parts; numbers in tables may differ by the tolerance.
func sameParts(a, b []visualizers.Part, tolerance float64) bool {
	return slices.EqualFunc(a, b, func(p, q visualizers.Part) bool {
		if p.Title != q.Title || p.Text != q.Text || (p.Table == nil) != (q.Table == nil) || (p.Picture == nil) != (q.Picture == nil) || (p.Map == nil) != (q.Map == nil) {
			return false
		}
		return (p.Table == nil || sameTable(*p.Table, *q.Table, tolerance)) &&
			(p.Map == nil || sameMap(*p.Map, *q.Map, tolerance)) &&
			(p.Picture == nil || near(p.Picture.Values, q.Picture.Values, tolerance))
	})
}

func sameTable(a, b visualizers.Table, tolerance float64) bool {
	return slices.Equal(a.Columns, b.Columns) && slices.EqualFunc(a.Rows, b.Rows, func(x, y []any) bool {
		return slices.EqualFunc(x, y, func(u, v any) bool {
			f, okF := u.(float64)
			g, okG := v.(float64)
			if okF && okG {
				return near([]float32{float32(f)}, []float32{float32(g)}, tolerance)
			}
			return reflect.DeepEqual(u, v)
		})
	})
}

// sameResult compares what results say; numbers may differ by tolerance times
// the larger of them or 1.
func sameResult(a, b visualizers.Result, tolerance float64) bool {
	if a.Passes != b.Passes || a.Done != b.Done || !slices.Equal(a.Warnings, b.Warnings) || len(a.Maps) != len(b.Maps) {
		return false
	}
	if !sameParts(a.Parts, b.Parts, tolerance) {
		return false
	}
	for i := range a.Maps {
		if !sameMap(a.Maps[i], b.Maps[i], tolerance) {
			return false
		}
	}
	if a.Patches == nil || b.Patches == nil {
		return a.Patches == b.Patches
	}
	return slices.Equal(a.Patches.Rects, b.Patches.Rects) &&
		slices.EqualFunc(a.Patches.Scores, b.Patches.Scores, func(x, y score.Scores) bool {
			return near(x.Probabilities, y.Probabilities, tolerance) && near(x.Logits, y.Logits, tolerance)
		})
}

func sameMap(a, b visualizers.Map, tolerance float64) bool {
	return a.Target == b.Target && a.Channels == b.Channels && a.Height == b.Height && a.Width == b.Width &&
		a.Unit == b.Unit && a.Positive == b.Positive && a.Signed == b.Signed && a.Cells == b.Cells &&
		near(a.Values, b.Values, tolerance)
}

func near(a, b []float32, tolerance float64) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		if math.IsNaN(float64(x)) || math.IsNaN(float64(y)) {
			return math.IsNaN(float64(x)) && math.IsNaN(float64(y))
		}
		return math.Abs(float64(x)-float64(y)) <= tolerance*max(1, math.Abs(float64(x)), math.Abs(float64(y)))
	})
}
