package similarity

import (
	"cmp"
	"math"
	"slices"
)

// Spearman is the rank correlation of two maps of one size, −1…1, with average
// ranks for ties. Left out are places unknown in either, and those that are
// exactly 0 in both: a baseline or a ReLU put them there, and they would make
// any two maps alike (Sundararajan & Taly 2018). NaN where one of them is
// constant on what is left.
func Spearman(a, b Grid) float64 {
	var x, y []float64
	for i := range a.Values {
		u, v := a.Values[i], b.Values[i]
		if math.IsNaN(u) || math.IsNaN(v) || u == 0 && v == 0 {
			continue
		}
		x, y = append(x, u), append(y, v)
	}
	return pearson(ranks(x), ranks(y))
}

// SpearmanAbs is [Spearman] of the sizes of the values, without their signs.
func SpearmanAbs(a, b Grid) float64 { return Spearman(a.Abs(), b.Abs()) }

// ranks are 1-based; equal values share the mean of their ranks.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	out := make([]float64, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return out
}

func pearson(a, b []float64) float64 {
	if len(a) < 2 {
		return math.NaN()
	}
	meanA, meanB := mean(a), mean(b)
	var ab, aa, bb float64
	for i := range a {
		da, db := a[i]-meanA, b[i]-meanB
		ab, aa, bb = ab+da*db, aa+da*da, bb+db*db
	}
	if aa == 0 || bb == 0 {
		return math.NaN()
	}
	return ab / math.Sqrt(aa*bb)
}

func mean(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
