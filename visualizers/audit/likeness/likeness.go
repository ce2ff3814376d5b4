package likeness

import (
	"context"
	"math"
	"slices"

	"picasso/visualizers/audit/ways"
)

const (
	// Neighbours is the number of nearest pictures of each.
	Neighbours = 10
	// Least is the number of vectors from which distances are compared with their
	// median.
	Least = 20
	// Exactly is the number of pictures up to which each is compared with all others.
	// Beyond it the work would grow with the square of it: each is compared with
	// sampled ones, evenly chosen, and with those that lie beside it along some
	// coordinates, where all that are nearly the same are found.
	Exactly = 10_000
	sampled = 2_000
	sorted  = 8 // coordinates along which pictures are sorted
	window  = 4 // pictures on either side
	// nearDuplicate is the share of the median distance to the nearest below which
	// pictures count as near-duplicates, as cleanlab has it.
	nearDuplicate = 0.13
	seed          = 1
)

// Likeness is how pictures lie to each other.
type Likeness struct {
	// Near are the nearest pictures of each, the nearest first; nil of those without a
	// vector.
	Near [][]int32
	// Similarity is the cosine of the vectors of a picture and of its nearest one, NaN
	// without any.
	Similarity []float32
	// Apart is the mean distance to the nearest pictures over the median of all
	// pictures: 1 is usual, 2 and more far from the others. NaN where there are fewer
	// vectors than [Least].
	Apart []float32
	// Alike are groups of near-duplicates, each in order.
	Alike [][]int
	// Compared is the number of pictures that have a vector, Sampled with how many of
	// them each was compared; 0 for all.
	Compared, Sampled int
}

// Find compares n pictures. vector gives that of picture i, all of one length, nil for
// none; from several goroutines.
func Find(ctx context.Context, n int, vector func(i int) []float32) (*Likeness, error) {
	f := finder{vector: vector, l: &Likeness{Near: make([][]int32, n), Similarity: unknown(n), Apart: unknown(n)}}
	for i := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v := Unit(vector(i))
		if v == nil {
			continue
		}
		if f.points == nil {
			f.projection = ways.NewProjection(len(v), seed)
		}
		f.items, f.points = append(f.items, int32(i)), append(f.points, f.projection.Of(v))
	}
	f.l.Compared = len(f.items)
	if len(f.items) < 2 {
		return f.l, nil
	}
	apart, err := f.search(ctx)
	if err != nil {
		return nil, err
	}
	f.exactly()
	if len(f.items) >= Least {
		f.compare(apart)
	}
	return f.l, nil
}

func unknown(n int) []float32 { return slices.Repeat([]float32{float32(math.NaN())}, n) }

// finder looks for neighbours among those that have a vector.
type finder struct {
	l          *Likeness
	vector     func(i int) []float32
	projection ways.Projection
	items      []int32 // that have a vector
	points     [][]float32
}

// search finds the neighbours of every picture and gives their mean distances, by
// place in f.items.
func (f *finder) search(ctx context.Context) ([]float32, error) {
	candidates := f.candidates()
	apart := make([]float32, len(f.items))
	ways.Beside(len(f.items), func(k int) {
		if ctx.Err() != nil {
			return
		}
		near := nearest{limit: min(Neighbours, len(f.items)-1)}
		candidates(k, func(other int) {
			if other != k {
				near.offer(int32(other), f.points[k], f.points[other])
			}
		})
		list := make([]int32, len(near.list))
		total := 0.0
		for i, at := range near.list {
			list[i] = f.items[at.point]
			total += math.Sqrt(float64(at.square))
		}
		f.l.Near[f.items[k]], apart[k] = list, float32(total/float64(max(len(list), 1)))
	})
	return apart, ctx.Err()
}

// candidates are the places in f.items that one is compared with.
func (f *finder) candidates() func(k int, offer func(other int)) {
	n := len(f.items)
	if n <= Exactly {
		return func(_ int, offer func(int)) {
			for other := range n {
				offer(other)
			}
		}
	}
	f.l.Sampled = sampled
	orders, places := f.orders()
	return func(k int, offer func(int)) {
		for s := range sampled {
			offer(s * n / sampled)
		}
		for c, order := range orders {
			at := int(places[c][k])
			for _, other := range order[max(0, at-window):min(n, at+window+1)] {
				offer(int(other))
			}
		}
	}
}

// orders sorts the pictures along some coordinates, and tells the place of each.
func (f *finder) orders() (orders, places [][]int32) {
	n := len(f.items)
	for c := range min(sorted, len(f.points[0])) {
		order, place := make([]int32, n), make([]int32, n)
		for k := range order {
			order[k] = int32(k)
		}
		slices.SortFunc(order, func(a, b int32) int {
			switch x, y := f.points[a][c], f.points[b][c]; {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return int(a - b)
		})
		for at, k := range order {
			place[k] = int32(at)
		}
		orders, places = append(orders, order), append(places, place)
	}
	return orders, places
}

// exactly takes the similarity of each with its nearest from the vectors themselves.
func (f *finder) exactly() {
	ways.Beside(len(f.items), func(k int) {
		i := f.items[k]
		f.l.Similarity[i] = float32(Cosine(f.vector(int(i)), f.vector(int(f.l.Near[i][0]))))
	})
}

// compare sets distances against those of all pictures.
func (f *finder) compare(apart []float32) {
	usual := median(apart)
	distances := make([]float32, len(f.items))
	for k, i := range f.items {
		if usual > 0 {
			f.l.Apart[i] = apart[k] / usual
		}
		distances[k] = Distance(f.l.Similarity[i])
	}
	limit := nearDuplicate * median(distances)
	group := groups{}
	for k, i := range f.items {
		if distances[k] <= limit && limit > 0 {
			group.join(int(i), int(f.l.Near[i][0]))
		}
	}
	f.l.Alike = group.list()
}

func median(values []float32) float32 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// Distance is that of two vectors of length 1 with a cosine, 0…2.
func Distance(cosine float32) float32 { return float32(math.Sqrt(max(0, 2-2*float64(cosine)))) }

// Unit is a vector divided by its length; nil where it has none.
func Unit(v []float32) []float32 {
	square := 0.0
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return nil
	}
	out, length := make([]float32, len(v)), math.Sqrt(square)
	for c, x := range v {
		out[c] = float32(float64(x) / length)
	}
	return out
}

// Cosine is that of two vectors, 0 where one has no length.
func Cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for c, x := range a {
		ab, aa, bb = ab+float64(x)*float64(b[c]), aa+float64(x)*float64(x), bb+float64(b[c])*float64(b[c])
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return min(1, ab/math.Sqrt(aa*bb))
}
