package ways

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// cliques are three groups of three, each joined with each, and the groups in a
// row by one edge of a weight.
func cliques(joint float64) graph {
	weights := make([]map[int]float64, 9)
	for i := range weights {
		weights[i] = map[int]float64{}
		for j := range 9 {
			if i != j && i/3 == j/3 {
				weights[i][j] = 1
			}
		}
	}
	if joint > 0 {
		for _, e := range [][2]int{{2, 3}, {5, 6}} {
			weights[e[0]][e[1]], weights[e[1]][e[0]] = joint, joint
		}
	}
	return newGraph(weights)
}

func TestEigenvaluesOfCliques(t *testing.T) {
	values, _, err := cliques(0).spectrum(context.Background(), 9, 1)
	want := []float64{0, 0, 0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5}
	for i, v := range values {
		if err != nil || math.Abs(v-want[i]) > 1e-9 {
			t.Fatalf("apart: %v, %v", values, err)
		}
	}
	values, _, _ = cliques(.1).spectrum(context.Background(), 9, 1)
	for i, v := range []float64{0, .01553, .0471, 1.44118} {
		if math.Abs(values[i]-v) > 5e-6 {
			t.Errorf("joined: eigenvalue %d is %.6f, want %.5f", i, values[i], v)
		}
	}
	if k := Gap(values, 8, .1); k != 3 {
		t.Errorf("%d groups", k)
	}
}

func TestNoGapIsOneWay(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   int
	}{
		{[]float64{0, .05, .09, .15, .2}, 1},
		{[]float64{0, .5, .55, .6}, 1},
		{[]float64{0, .01, .5, .55}, 2},
		{[]float64{0}, 1},
	} {
		if got := Gap(c.values, 8, .1); got != c.want {
			t.Errorf("%v: %d, want %d", c.values, got, c.want)
		}
	}
}

// groups are points around some centres, interleaved.
func groups(count, each, length int) [][]float32 {
	random := rand.New(rand.NewPCG(3, 4))
	centres := make([][]float32, count)
	for k := range centres {
		centres[k] = make([]float32, length)
		for i := range centres[k] {
			centres[k][i] = float32(random.NormFloat64() * 5)
		}
	}
	var points [][]float32
	for range each {
		for _, c := range centres {
			p := make([]float32, length)
			for i := range p {
				p[i] = c[i] + float32(random.NormFloat64())
			}
			points = append(points, p)
		}
	}
	return points
}

func TestPlantedGroupsAreFound(t *testing.T) {
	for _, each := range []int{8, 120} { // by the whole matrix, and by iteration
		w, err := Find(t.Context(), groups(5, each, 40), Options{Neighbours: 6})
		if err != nil || w.Count != 5 {
			t.Fatalf("%d groups, %v, eigenvalues %.4f", w.Count, err, w.Eigenvalues)
		}
		for i, g := range w.Of {
			if g != w.Of[i%5] {
				t.Errorf("point %d of group %d is in %d", i, i%5, g)
			}
		}
		if slices.Min(w.Silhouette) < .9 {
			t.Errorf("silhouettes %v", w.Silhouette)
		}
		again, _ := Find(t.Context(), groups(5, each, 40), Options{Neighbours: 6})
		if !slices.Equal(w.Of, again.Of) {
			t.Error("a second run groups otherwise")
		}
	}
}

func TestOneCloudIsOneWay(t *testing.T) {
	w, err := Find(t.Context(), groups(1, 200, 40), Options{})
	if err != nil || w.Count != 1 || slices.Max(w.Of) != 0 {
		t.Errorf("%d groups, %v, eigenvalues %.3f", w.Count, err, w.Eigenvalues)
	}
}

func TestLongVectorsAreProjected(t *testing.T) {
	w, err := Find(t.Context(), groups(3, 40, 1024), Options{})
	if err != nil || w.Count != 3 {
		t.Errorf("%d groups, %v", w.Count, err)
	}
}

func TestTheOutlierIsUnique(t *testing.T) {
	points := groups(1, 30, 10)
	points = append(points, slices.Repeat([]float32{50}, 10), slices.Clone(points[4]))
	w, err := Find(t.Context(), points, Options{})
	if err != nil || w.Uniqueness[30] != 1 || w.Nearest[31] != 4 || w.Nearest[4] != 31 {
		t.Errorf("uniqueness %.2f, nearest %d and %d, %v", w.Uniqueness[30], w.Nearest[31], w.Nearest[4], err)
	}
}

func TestFewAndEqualPoints(t *testing.T) {
	for n := range 5 {
		w, err := Find(t.Context(), slices.Repeat([][]float32{{1, 2}}, n), Options{})
		if err != nil || len(w.Of) != n || w.Count > max(1, n) {
			t.Errorf("%d equal points: %+v, %v", n, w, err)
		}
	}
}

func TestFindingStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Find(ctx, groups(2, 100, 20), Options{}); err == nil {
		t.Error("a stopped search finds something")
	}
}

func BenchmarkFind1000(b *testing.B) {
	points := groups(4, 250, 1024)
	for b.Loop() {
		if _, err := Find(b.Context(), points, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
