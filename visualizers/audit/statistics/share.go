package statistics

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is a range of plausible values.
type Interval struct{ Low, High float64 }

// z95 is the normal deviate of a two-sided interval of 95 %.
const z95 = 1.959963984540054

// Wilson is the 95 % score interval of a share k of n (Wilson 1927), 0…1 for
// n = 0.
func Wilson(k, n int) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	share, count := float64(k)/float64(n), float64(n)
	centre := share + z95*z95/(2*count)
	half := z95 * math.Sqrt(share*(1-share)/count+z95*z95/(4*count*count))
	scale := 1 + z95*z95/count
	return Interval{max(0, (centre-half)/scale), min(1, (centre+half)/scale)}
}

// Mean is the mean of values and its 95 % interval by the percentile bootstrap
// (Efron 1979) over rounds draws. The same seed gives the same interval. NaN for
// no values.
func Mean(values []float64, rounds int, seed uint64) (mean float64, interval Interval) {
	means, intervals := Means([][]float64{values}, rounds, seed)
	return means[0], intervals[0]
}

// Means are those of several lists of one length, whose values belong together: what
// is drawn for one is drawn for all, and each comes out as [Mean] gives it.
func Means(lists [][]float64, rounds int, seed uint64) (means []float64, intervals []Interval) {
	means, intervals = make([]float64, len(lists)), make([]Interval, len(lists))
	n := len(lists[0])
	for k, values := range lists {
		means[k] = average(values)
		intervals[k] = Interval{means[k], means[k]}
	}
	if n < 2 || rounds < 1 {
		return means, intervals
	}
	drawn := draw(lists, rounds, rand.New(rand.NewPCG(seed, uint64(n))))
	for k, each := range drawn {
		slices.Sort(each)
		intervals[k] = Interval{Quantile(each, 0.025), Quantile(each, 0.975)}
	}
	return means, intervals
}

// draw gives the means of every round by list.
func draw(lists [][]float64, rounds int, random *rand.Rand) [][]float64 {
	n, width := len(lists[0]), len(lists)
	together := make([]float64, n*width) // what is drawn at once lies together
	drawn := make([][]float64, width)
	for k, values := range lists {
		drawn[k] = make([]float64, rounds)
		for i, v := range values {
			together[i*width+k] = v
		}
	}
	totals := make([]float64, width)
	for r := range rounds {
		clear(totals)
		for range n {
			at := random.IntN(n) * width
			for k, v := range together[at : at+width] {
				totals[k] += v
			}
		}
		for k, total := range totals {
			drawn[k][r] = total / float64(n)
		}
	}
	return drawn
}

func average(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total / float64(len(values))
}

// Quantile is the q-quantile of sorted values, with linear interpolation; NaN of
// none.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
