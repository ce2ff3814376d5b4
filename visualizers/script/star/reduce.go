package star

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"go.starlark.net/starlark"
)

// summary is what one pass over numbers tells, in double precision.
type summary struct {
	count     int
	sum       float64
	square    float64 // Σ (v − mean)², by Welford's update
	running   float64
	low, high float64
}

func newSummary() summary { return summary{low: math.Inf(1), high: math.Inf(-1)} }

func (s *summary) add(v float32) {
	x := float64(v)
	s.count++
	s.sum += x
	d := x - s.running
	s.running += d / float64(s.count)
	s.square += d * (x - s.running)
	s.low, s.high = min(s.low, x), max(s.high, x)
}

func (s summary) mean() float64 { return s.sum / float64(s.count) }
func (s summary) std() float64  { return math.Sqrt(max(0, s.square/float64(s.count))) }

func (t *tensor) summary() summary {
	s := newSummary()
	for _, v := range t.data {
		s.add(v)
	}
	return s
}

// reductions give one number for many.
var reductions = map[string]func(summary) float64{
	"sum":  func(s summary) float64 { return s.sum },
	"mean": summary.mean,
	"std":  summary.std,
	"min":  func(s summary) float64 { return s.low },
	"max":  func(s summary) float64 { return s.high },
}

// reduce sums up all values to a number, or those along one axis to a tensor
// without that axis.
func (t *tensor) reduce(of func(summary) float64, axis *int) (starlark.Value, error) {
	if len(t.data) == 0 {
		return nil, fmt.Errorf("the tensor has no values")
	}
	if axis == nil {
		return starlark.Float(of(t.summary())), nil
	}
	k := *axis
	if k < 0 {
		k += len(t.shape)
	}
	if k < 0 || k >= len(t.shape) {
		return nil, fmt.Errorf("axis %d of a tensor of shape %s does not exist", *axis, shapeText(t.shape))
	}
	out, err := newTensor(slices.Delete(slices.Clone(t.shape), k, k+1)...)
	if err != nil {
		return nil, err
	}
	inner, _ := elements(t.shape[k+1:])
	for i := range out.data {
		s := newSummary()
		first := i/inner*inner*t.shape[k] + i%inner
		for j := range t.shape[k] {
			s.add(t.data[first+j*inner])
		}
		out.data[i] = float32(of(s))
	}
	if len(out.shape) == 0 {
		return starlark.Float(out.data[0]), nil
	}
	return out, nil
}

// quantile interpolates between the sorted values, as NumPy does by default.
func (t *tensor) quantile(q float64) (float64, error) {
	if len(t.data) == 0 {
		return 0, fmt.Errorf("the tensor has no values")
	}
	if !(q >= 0 && q <= 1) {
		return 0, fmt.Errorf("q is %g; choose a fraction from 0 to 1", q)
	}
	sorted := slices.Clone(t.data)
	slices.Sort(sorted)
	at := q * float64(len(sorted)-1)
	k := int(at)
	low, high := float64(sorted[k]), float64(sorted[min(k+1, len(sorted)-1)])
	return low + (at-float64(k))*(high-low), nil
}

// top are the places of the k largest values, largest first; of equal ones
// the first.
func (t *tensor) top(k int) []int {
	order := make([]int, len(t.data))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.data[b], t.data[a]) })
	return order[:min(max(k, 0), len(order))]
}
