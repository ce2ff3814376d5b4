package audit

import (
	"cmp"
	"context"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers/audit/likeness"
)

// Featured is a Subject whose penultimate activations can be read: the vector in front
// of the layer that gives the scores.
type Featured interface {
	// Penultimate names the tensor and the length of its vector, or says why there is
	// none.
	Penultimate(ctx context.Context) (tensor string, length int, err error)
	// Featured answers for one picture and gives its vector, in one run.
	Featured(ctx context.Context, x infer.Tensor) (score.Scores, []float32, error)
}

// Likeness is what the features of a way's pictures tell, beside its maps.
type Likeness struct {
	// Within is the share of the pictures most similar by their features that are in
	// the same way, among those of the class; ByChance what it would be if ways had
	// nothing to do with features.
	Within, ByChance float64
	// Typical is the mean cosine between the features of the pictures that stand for
	// the way, Any that between pictures of the class.
	Typical, Any float64
}

// alike compares the pictures by their features, where there are any.
func (s Sample) alike(ctx context.Context, a *Analysis) error {
	if s.Features == nil {
		return nil
	}
	found, err := likeness.Find(ctx, len(s.Rows), s.feature)
	if err != nil {
		return err
	}
	a.Compared, a.Sampled = found.Compared, found.Sampled
	for i, near := range found.Near {
		if near != nil {
			a.Standing[i].Alike, a.Standing[i].Similarity, a.Standing[i].Apart = int(near[0]), float64(found.Similarity[i]), float64(found.Apart[i])
		}
	}
	a.Alike = unlike(found.Alike, a.Copies)
	for k := range a.Classes {
		s.compareWays(&a.Classes[k], a.Standing, found)
	}
	return nil
}

// feature is the vector of picture i, nil where it has none.
func (s Sample) feature(i int) []float32 {
	if s.Rows[i].Error != "" {
		return nil
	}
	return s.Features(i)
}

// unlike are the groups that are not copies already.
func unlike(groups [][]int, copies []Copies) [][]int {
	of := map[int]int{}
	for k, c := range copies {
		for _, i := range c.Items {
			of[i] = k + 1
		}
	}
	var list [][]int
	for _, g := range groups {
		for _, i := range g {
			if of[i] == 0 || of[i] != of[g[0]] {
				list = append(list, g)
				break
			}
		}
	}
	return list
}

// compareWays sets the ways of a class against what the features tell.
func (s Sample) compareWays(c *Class, standing []Standing, found *likeness.Likeness) {
	of := 0
	for _, w := range c.Ways {
		of += len(w.Items)
	}
	class := make(map[int]bool, of)
	var all []int
	for _, w := range c.Ways {
		for _, i := range w.Items {
			class[i], all = true, append(all, i)
		}
	}
	anyTwo := s.meanCosine(spaced(all, mostPaired))
	for k := range c.Ways {
		w := &c.Ways[k]
		within, near := 0, 0
		for _, i := range w.Items {
			for _, j := range found.Near[i] {
				if class[int(j)] {
					near++
					if standing[j].Way == k {
						within++
					}
				}
			}
		}
		typical := s.meanCosine(w.Typical())
		if near == 0 || math.IsNaN(typical) {
			continue
		}
		w.Likeness = &Likeness{float64(within) / float64(near), float64(len(w.Items)-1) / float64(max(of-1, 1)), typical, anyTwo}
	}
}

// mostPaired is how many pictures of a class are compared with each other.
const mostPaired = 40

// spaced are at most so many of a list, evenly chosen.
func spaced(list []int, most int) []int {
	if len(list) <= most {
		return list
	}
	out := make([]int, most)
	for k := range out {
		out[k] = list[k*len(list)/most]
	}
	return out
}

// meanCosine is that of the features of any two of some pictures; NaN where fewer have
// any.
func (s Sample) meanCosine(items []int) float64 {
	var vectors [][]float32
	for _, i := range items {
		if v := s.feature(i); v != nil {
			vectors = append(vectors, v)
		}
	}
	total, pairs := 0.0, 0
	for k, v := range vectors {
		for _, w := range vectors[:k] {
			total += likeness.Cosine(v, w)
			pairs++
		}
	}
	return total / float64(pairs)
}

// farApart is how many times the usual distance from its neighbours makes a picture
// unlike all others.
const farApart = 2

// Strangers are the pictures that are farthest from all others by their features, the
// farthest first, at most so many.
func (a *Analysis) Strangers(most int) []int {
	var list []int
	for i, s := range a.Standing {
		if s.Apart >= farApart {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(i, j int) int { return cmp.Compare(a.Standing[j].Apart, a.Standing[i].Apart) })
	return list[:min(most, len(list))]
}
