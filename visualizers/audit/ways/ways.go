// Package ways finds the ways in which a network decides: groups of maps that look
// alike. It is the spectral analysis of SpRAy (Lapuschkin et al. 2019,
// arXiv:1902.10178) on a sparse graph of nearest neighbours: how many groups there
// are follows from the gap between the eigenvalues of the graph's Laplacian, and
// where there is no clear gap there is one way of deciding.
//
// The same points in the same order give the same groups: every draw is seeded.
package ways

import (
	"context"
	"slices"
)

// Options of [Find]. The zero value takes the defaults.
type Options struct {
	Neighbours int     // of each point in the graph; 10
	Most       int     // groups at most; 8
	Gap        float64 // smallest gap between eigenvalues that counts; 0.1
	Count      int     // of groups; 0 finds it
	Seed       uint64  // of random projections and starts; 1
}

func (o Options) complete() Options {
	if o.Neighbours <= 0 {
		o.Neighbours = 10
	}
	if o.Most <= 0 {
		o.Most = 8
	}
	if o.Gap <= 0 {
		o.Gap = 0.1
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	return o
}

// Ways are groups of points.
type Ways struct {
	Of          []int       // group of every point; the largest group is 0
	Count       int         // of groups
	Eigenvalues []float64   // of the Laplacian, ascending from 0
	Coordinates [][]float64 // of every point: Count numbers of length 1
	Silhouette  []float64   // of every group, −1…1: how far it is from the others; 0 for one group
	Nearest     []int       // the most similar other point of every point
	Uniqueness  []float64   // of every point, 0…1: distance to its three nearest, over the largest
	// Plane is where every point lies by the second and the third eigenvector, of
	// which points of one group have like values: for drawing only. nil for fewer than
	// three points.
	Plane [][2]float64
}

// Find groups points, each a vector of one length. Fewer than three points are one
// group. The work grows with the square of the number of points.
func Find(ctx context.Context, points [][]float32, opt Options) (Ways, error) {
	opt = opt.complete()
	n := len(points)
	w := Ways{Of: make([]int, n), Count: 1, Silhouette: []float64{0}, Nearest: make([]int, n), Uniqueness: make([]float64, n), Coordinates: make([][]float64, n)}
	if n < 3 {
		for i := range w.Nearest {
			w.Nearest[i], w.Coordinates[i] = n-1-i, []float64{1}
		}
		return w, nil
	}
	near, err := neighbours(ctx, project(points, opt.Seed), min(opt.Neighbours, n-1))
	if err != nil {
		return Ways{}, err
	}
	w.Nearest, w.Uniqueness = near.nearest(), near.uniqueness()
	values, vectors, err := near.graph().spectrum(ctx, min(n, opt.Most+1), opt.Seed)
	if err != nil {
		return Ways{}, err
	}
	w.Eigenvalues, w.Count = values, opt.Count
	if w.Count <= 0 {
		w.Count = Gap(values, opt.Most, opt.Gap)
	}
	w.Count = min(w.Count, len(vectors))
	w.Coordinates, w.Plane = rows(vectors[:w.Count], n), plane(vectors, n)
	w.Of = bySize(cluster(w.Coordinates, w.Count, opt.Seed), w.Count)
	w.Silhouette = silhouette(w.Coordinates, w.Of, w.Count)
	return w, nil
}

// Gap is the number of groups that ascending eigenvalues of a Laplacian speak for:
// as many as stand before the widest gap, 1 where none is wide enough. At most as
// many as most.
func Gap(values []float64, most int, least float64) int {
	count, widest := 1, 0.0
	for k := 1; k <= most && k < len(values); k++ {
		if gap := values[k] - values[k-1]; gap >= least && gap > widest {
			count, widest = k, gap
		}
	}
	return count
}

// plane takes the second and the third eigenvector as coordinates; 0 where there is
// none.
func plane(vectors [][]float64, n int) [][2]float64 {
	out := make([][2]float64, n)
	for k, v := range vectors[min(1, len(vectors)):min(3, len(vectors))] {
		for i := range out {
			out[i][k] = v[i]
		}
	}
	return out
}

// rows are the coordinates of every point in the space of the vectors, brought to
// length 1 (Ng, Jordan and Weiss 2001).
func rows(vectors [][]float64, n int) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		row := make([]float64, len(vectors))
		for k, v := range vectors {
			row[k] = v[i]
		}
		if length := norm(row); length > 0 {
			for k := range row {
				row[k] /= length
			}
		}
		out[i] = row
	}
	return out
}

// bySize numbers groups by their size, then by their first point.
func bySize(of []int, count int) []int {
	size, first := make([]int, count), slices.Repeat([]int{len(of)}, count)
	for i, g := range of {
		size[g]++
		first[g] = min(first[g], i)
	}
	order := make([]int, count)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if size[a] != size[b] {
			return size[b] - size[a]
		}
		return first[a] - first[b]
	})
	rank := make([]int, count)
	for k, g := range order {
		rank[g] = k
	}
	out := make([]int, len(of))
	for i, g := range of {
		out[i] = rank[g]
	}
	return out
}
