package audit

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"picasso/visualizers/audit/ways"
)

// Way is a group of maps that look alike.
type Way struct {
	Items      []int // pictures, the most typical first
	Mean       []float32
	Lift       Lifts
	Accuracy   Rate
	Silhouette float64
	// Against is the p value of Fisher's exact test that the answers are right as often
	// as those of the other ways; NaN where there is nothing to compare.
	Against float64
	// Apart are the properties that tell its pictures from those of the other ways.
	Apart    []Shortcut
	Outliers []int // the least typical ones
	Hot      []bool
	// Likeness is what the features of its pictures tell; nil where there are none.
	Likeness *Likeness
	// Covered is what covering Hot does to the answers; nil while it was not tried.
	Covered *Covered
	// Moved is whether the map follows the picture when that is moved; nil while
	// it was not tried.
	Moved *Moved
}

// mostCompared bounds the maps of a class that are compared with each other, the
// work of which grows with their square. The others join the way whose mean is
// nearest.
const mostCompared = 10_000

// findWays groups the maps of a class.
func (s Sample) findWays(ctx context.Context, c *Class, at located, standing []Standing) error {
	with := at.items
	compared := with
	if len(with) > mostCompared {
		compared = make([]int, mostCompared)
		for k := range compared {
			compared[k] = with[k*len(with)/mostCompared]
		}
		c.Why = fmt.Sprintf("The ways were found among %d of %d maps, evenly chosen; the others joined the nearest.", len(compared), len(with))
	}
	found, err := ways.Find(ctx, s.projected(compared), ways.Options{Seed: seed})
	if err != nil {
		return err
	}
	c.Values = found.Eigenvalues
	groups := make([][]int, found.Count)
	for k, i := range compared {
		g := found.Of[k]
		groups[g] = append(groups[g], i)
		standing[i].Uniqueness, standing[i].Nearest = found.Uniqueness[k], compared[found.Nearest[k]]
		standing[i].X, standing[i].Y = found.Plane[k][0], found.Plane[k][1]
	}
	s.join(groups, with, compared)
	for g, of := range groups {
		if len(of) == 0 {
			continue
		}
		w, apart := s.way(c, at, of, found.Silhouette[g])
		for i, d := range apart {
			standing[i].Way, standing[i].Distance = len(c.Ways), math.Sqrt(d)
		}
		c.Ways = append(c.Ways, w)
	}
	s.tellApart(c)
	return nil
}

// projected are the distributions of some pictures in few coordinates: ten thousand maps
// as they are would take as much memory as a hundred thousand rows.
func (s Sample) projected(items []int) [][]float32 {
	p := ways.NewProjection(Side*Side, seed)
	out := make([][]float32, len(items))
	ways.Beside(len(items), func(k int) { out[k] = p.Of(s.distribution(items[k])) })
	return out
}

// join adds the pictures that were not compared to the group with the nearest mean.
func (s Sample) join(groups [][]int, with, compared []int) {
	if len(with) == len(compared) {
		return
	}
	means := make([][]float32, len(groups))
	for g, of := range groups {
		means[g] = s.meanMap(of)
	}
	known := map[int]bool{}
	for _, i := range compared {
		known[i] = true
	}
	for _, i := range with {
		if known[i] {
			continue
		}
		q := s.distribution(i)
		best, least := 0, math.Inf(1)
		for g, mean := range means {
			if d := squared(q, mean); d < least {
				best, least = g, d
			}
		}
		groups[best] = append(groups[best], i)
	}
	for _, of := range groups {
		slices.Sort(of)
	}
}

func squared(a, b []float32) float64 {
	total := 0.0
	for c, v := range a {
		d := float64(v - b[c])
		total += d * d
	}
	return total
}

// way describes a group, its pictures by their distance from its mean, whose squares
// it gives too.
func (s Sample) way(c *Class, at located, items []int, silhouette float64) (w Way, apart map[int]float64) {
	w = Way{Silhouette: silhouette, Lift: c.Lift, Mean: c.Mean, Accuracy: s.accuracy(items)}
	if len(items) < len(at.items) { // else it is the class
		w.Lift, w.Mean = lifts(at.of(items)), s.meanMap(items)
	}
	apart = map[int]float64{}
	for _, i := range items {
		apart[i] = squared(s.distribution(i), w.Mean)
	}
	w.Items = slices.Clone(items)
	slices.SortFunc(w.Items, func(a, b int) int { return cmp.Or(cmp.Compare(apart[a], apart[b]), a-b) })
	w.Outliers = slices.Clone(w.Items[max(0, len(w.Items)-farthest):])
	slices.Reverse(w.Outliers)
	w.Hot = hottest(w.Mean)
	return w, apart
}

// Typical are the pictures that stand for the way.
func (w Way) Typical() []int { return w.Items[:min(nearest, len(w.Items))] }

// hottest are the cells of a map with the highest values, a twentieth of all.
func hottest(values []float32) []bool {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	hot := make([]bool, len(values))
	for _, i := range order[:(len(values)+10)/20] {
		hot[i] = values[i] > 0
	}
	return hot
}
