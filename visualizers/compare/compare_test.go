package compare

import (
	"image"
	"math"
	"testing"

	"picasso/backend/preprocess"
	"picasso/visualizers"
	"picasso/visualizers/trust"
)

type labels []string

func (l labels) Classes() int           { return len(l) }
func (l labels) ClassName(i int) string { return l[i] }

func TestClassesAreMatchedByLabel(t *testing.T) {
	for _, c := range []struct {
		a, b  labels
		class int
		want  Match
	}{
		{labels{"cat", "dog"}, labels{"Dog ", "cat"}, 1, Match{1, 0, true}},
		{labels{"tench"}, labels{"shark", "tench, Tinca tinca"}, 0, Match{0, 1, true}},
		{labels{"tench, Tinca tinca"}, labels{"shark", "tench"}, 0, Match{0, 1, true}},
		{labels{"x", "crane"}, labels{"crane", "crane"}, 1, Match{1, 1, true}}, // of two, the one at its place
		{labels{"cat", "dog"}, labels{"a", "b"}, 1, Match{1, 1, false}},
		{labels{"a, b"}, labels{"c, b"}, 0, Match{0, 0, false}}, // a shared second name is not enough
	} {
		got, err := Classes(c.a, c.b, c.class)
		if err != nil || got != c.want {
			t.Errorf("%q in %q is %+v, %v", c.a[c.class], c.b, got, err)
		}
		if (got.Note(c.a, c.b) == "") != c.want.ByName {
			t.Errorf("%+v: %q", got, got.Note(c.a, c.b))
		}
	}
	if m, err := Classes(labels{"a", "b"}, labels{"c"}, 1); err == nil {
		t.Errorf("a class that is not there is %+v", m)
	}
}

func side(height, width int, place preprocess.Placement, values ...float32) Side {
	return Side{Map: visualizers.Map{Channels: 1, Height: height, Width: width, Values: values}, Place: place, Input: image.Pt(width, height)}
}

func same(a, b float32) bool { return a == b || a != a && b != b }

// A map of two cells over a picture of four columns, against one of four; and one
// whose model sees the middle only.
func TestMapsAreBroughtToThePicture(t *testing.T) {
	nan := float32(math.NaN())
	coarse := side(1, 2, preprocess.Placement{ScaleX: 2, ScaleY: 1}, 1, 3)
	fine := side(1, 4, preprocess.Placement{ScaleX: 1, ScaleY: 1}, 0, 1, 2, 5)
	cropped := side(1, 2, preprocess.Placement{ScaleX: 1, ScaleY: 1, OffsetX: 1}, 7, 8)
	double := side(1, 8, preprocess.Placement{ScaleX: .5, ScaleY: 1}, 0, 2, 1, 1, 4, 0, 3, 5)
	for _, c := range []struct {
		a, b                 Side
		wantB, wantDifferent []float32
	}{
		{coarse, fine, []float32{0, 1, 2, 5}, []float32{1, 0, 1, -2}},
		{coarse, cropped, []float32{nan, 7, 8, nan}, []float32{nan, -6, -5, nan}},
		{coarse, double, []float32{1, 1, 2, 4}, []float32{0, 0, 1, -1}},
	} {
		r := Maps(c.a, c.b, 1, 4, false)
		for i := range r.B {
			if !same(r.B[i], c.wantB[i]) || !same(r.Difference[i], c.wantDifferent[i]) {
				t.Fatalf("B %v, difference %v; want %v, %v", r.B, r.Difference, c.wantB, c.wantDifferent)
			}
		}
	}
	if r := Maps(fine, fine, 1, 4, false); math.Abs(r.Spearman-1) > 1e-12 {
		t.Errorf("Spearman of a map with itself is %v", r.Spearman)
	}
	backwards := side(1, 4, fine.Place, 5, 2, 1, 0)
	if r := Maps(fine, backwards, 1, 4, false); math.Abs(r.Spearman+1) > 1e-12 {
		t.Errorf("Spearman against the order is %v", r.Spearman)
	}
}

// Of shapes, a multiple is the same map.
func TestShapesHaveNoScale(t *testing.T) {
	place := preprocess.Placement{ScaleX: 1, ScaleY: 1}
	a, b := side(1, 3, place, 1, -2, 2), side(1, 3, place, 10, -20, 20)
	r := Maps(a, b, 1, 3, true)
	for i, want := range []float32{1 / float32(math.Sqrt(3)), -2 / float32(math.Sqrt(3)), 2 / float32(math.Sqrt(3))} {
		if math.Abs(float64(r.A[i]-want)) > 1e-6 || math.Abs(float64(r.Difference[i])) > 1e-6 {
			t.Errorf("%v − %v = %v", r.A, r.B, r.Difference)
		}
	}
	if z := Maps(side(1, 2, place, 0, 0), side(1, 2, place, 0, 0), 1, 2, true); z.Difference[0] != 0 || !math.IsNaN(z.Spearman) {
		t.Errorf("of nothing: %+v", z)
	}
}

// Three methods on a ramp, the same one, and the other way round.
func TestPairsOfMethods(t *testing.T) {
	ramp := func(sign float32) visualizers.Map {
		m := visualizers.Map{Channels: 1, Height: 10, Width: 10, Values: make([]float32, 100)}
		for i := range m.Values {
			m.Values[i] = sign * float32(i+1)
		}
		return m
	}
	flat := visualizers.Map{Channels: 1, Height: 10, Width: 10, Values: make([]float32, 100)}
	pairs := Pairs([]trust.Named{{Visualizer: "a", Map: ramp(1)}, {Visualizer: "b", Map: ramp(2)}, {Visualizer: "c", Map: ramp(-1)}, {Visualizer: "d", Map: flat}})
	if len(pairs) != 6 {
		t.Fatalf("%d pairs of four methods", len(pairs))
	}
	ids := []string{"a", "b", "c", "d"}
	spearman := Matrix(ids, append(pairs, Pair{A: "b", B: "a", Spearman: 0}), func(p Pair) trust.Number { return p.Spearman })
	iou := Matrix(ids, pairs, func(p Pair) trust.Number { return p.IoU })
	for i, want := range [][]float64{{1, .5, -1}, {.5, 1, -1}, {-1, -1, 1}} { // of a and b the mean of 1 and 0
		for k := range want {
			if math.Abs(spearman[i][k]-want[k]) > 1e-12 {
				t.Errorf("Spearman %d, %d is %v", i, k, spearman[i][k])
			}
		}
		if !math.IsNaN(spearman[i][3]) {
			t.Errorf("Spearman with a flat map is %v", spearman[i][3])
		}
	}
	if iou[0][1] != 1 || iou[0][2] != 0 || iou[3][3] != 1 {
		t.Errorf("IoU %v", iou)
	}
}
