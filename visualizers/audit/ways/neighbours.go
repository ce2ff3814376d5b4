package ways

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// projected is the number of coordinates that longer vectors are projected to:
// distances keep within a few per cent (Johnson and Lindenstrauss 1984).
const projected = 64

// Projection brings vectors of one length to few coordinates. The zero value leaves
// them as they are.
type Projection struct{ basis [][]float32 }

// NewProjection is that of vectors of a length, which short ones do not need.
func NewProjection(length int, seed uint64) Projection {
	if length <= 4*projected {
		return Projection{}
	}
	random := rand.New(rand.NewPCG(seed, uint64(length)))
	basis := make([][]float32, projected)
	for k := range basis {
		basis[k] = make([]float32, length)
		for i := range basis[k] {
			basis[k][i] = float32(random.NormFloat64() / math.Sqrt(projected))
		}
	}
	return Projection{basis}
}

// Of is a vector in the coordinates.
func (p Projection) Of(v []float32) []float32 {
	if p.basis == nil {
		return v
	}
	out := make([]float32, len(p.basis))
	for k, b := range p.basis {
		total := float32(0)
		for c, x := range v {
			total += x * b[c]
		}
		out[k] = total
	}
	return out
}

// project brings vectors to at most projected coordinates.
func project(points [][]float32, seed uint64) [][]float32 {
	p := NewProjection(len(points[0]), seed)
	out := make([][]float32, len(points))
	Beside(len(points), func(i int) { out[i] = p.Of(points[i]) })
	return out
}

// Beside calls run for 0…n−1 on all cores.
func Beside(n int, run func(i int)) {
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), n)
	for k := range workers {
		wait.Go(func() {
			for i := k; i < n; i += workers {
				run(i)
			}
		})
	}
	wait.Wait()
}

// neighbour is a point near another.
type neighbour struct {
	point    int
	distance float64
}

// nearby are the nearest points of every point, the nearest first.
type nearby [][]neighbour

// neighbours finds the k nearest points of every point, itself left out; equally
// near ones in their order.
func neighbours(ctx context.Context, points [][]float32, k int) (nearby, error) {
	out := make(nearby, len(points))
	Beside(len(points), func(i int) {
		if ctx.Err() != nil {
			return
		}
		list := make([]neighbour, 0, k+1)
		for j, p := range points {
			if j == i {
				continue
			}
			d := distance(points[i], p)
			if len(list) == k && d >= list[k-1].distance {
				continue // equally near ones came earlier
			}
			at, _ := slices.BinarySearchFunc(list, d, func(n neighbour, d float64) int {
				if n.distance <= d {
					return -1
				}
				return 1
			})
			list = slices.Insert(list, at, neighbour{j, d})
			list = list[:min(len(list), k)]
		}
		out[i] = list
	})
	return out, ctx.Err()
}

func distance(a, b []float32) float64 { return math.Sqrt(float64(Squared(a, b))) }

// Squared is the square of the distance of two vectors of one length. Four sums run
// beside each other: one alone would wait for itself at every number.
func Squared(a, b []float32) float32 {
	b = b[:len(a)]
	var s, t, u, v float32
	i := 0
	for ; i < len(a)-3; i += 4 {
		d, e, f, g := a[i]-b[i], a[i+1]-b[i+1], a[i+2]-b[i+2], a[i+3]-b[i+3]
		s, t, u, v = s+d*d, t+e*e, u+f*f, v+g*g
	}
	for ; i < len(a); i++ {
		d := a[i] - b[i]
		s += d * d
	}
	return s + t + (u + v)
}

func (n nearby) nearest() []int {
	out := make([]int, len(n))
	for i, list := range n {
		out[i] = list[0].point
	}
	return out
}

// uniqueness weighs the distances to the three nearest points as FiftyOne does
// (0.6, 0.3, 0.1), over the largest.
func (n nearby) uniqueness() []float64 {
	out := make([]float64, len(n))
	for i, list := range n {
		for k, weight := range []float64{0.6, 0.3, 0.1} {
			out[i] += weight * list[min(k, len(list)-1)].distance
		}
	}
	if most := slices.Max(out); most > 0 {
		for i := range out {
			out[i] /= most
		}
	}
	return out
}
