package statistics

import (
	"cmp"
	"math"
	"slices"
)

// AUROC is the probability that a value of a positive is larger than one of a
// negative, ties counting half: Mann and Whitney's U/(n₊·n₋). NaN where one of
// the groups is empty.
func AUROC(values []float64, positive []bool) float64 {
	auroc, _ := compare(values, positive)
	return auroc
}

// MannWhitney is the two-sided p value of the hypothesis that both groups are
// drawn alike, by the normal approximation with a correction for ties and for
// continuity (Mann and Whitney 1947). 1 where a group is empty or all values are
// equal.
func MannWhitney(values []float64, positive []bool) float64 {
	_, p := compare(values, positive)
	return p
}

func compare(values []float64, positive []bool) (auroc, p float64) {
	of := make([]Group, len(values))
	for i, yes := range positive {
		of[i] = GroupOf(yes)
	}
	return Rank(len(values), func(i int) float64 { return values[i] }).Compare(of)
}

// Group is where a value belongs when two groups are compared.
type Group int8

// Groups. The zero value is left out of a comparison.
const (
	LeftOut Group = iota
	Negative
	Positive
)

// GroupOf is Positive or Negative.
func GroupOf(positive bool) Group {
	if positive {
		return Positive
	}
	return Negative
}

// Ranking are values in their order. They are sorted once, however many groups of
// them are compared.
type Ranking struct {
	order []int32
	again []bool // the value is that of the place before
}

// Rank orders n values. Those that are NaN are left out.
func Rank(n int, value func(i int) float64) Ranking {
	var r Ranking
	for i := range n {
		if !math.IsNaN(value(i)) {
			r.order = append(r.order, int32(i))
		}
	}
	slices.SortFunc(r.order, func(a, b int32) int { return cmp.Compare(value(int(a)), value(int(b))) })
	r.again = make([]bool, len(r.order))
	for k := 1; k < len(r.order); k++ {
		r.again[k] = value(int(r.order[k])) == value(int(r.order[k-1]))
	}
	return r
}

// Compare compares the positives with the negatives, see [AUROC] and [MannWhitney].
// of has the group of every value.
func (r Ranking) Compare(of []Group) (auroc, p float64) {
	u, n, m, ties := r.sum(of)
	if n == 0 || m == 0 {
		return math.NaN(), 1
	}
	auroc = u / (float64(n) * float64(m))
	count := float64(n + m)
	variance := float64(n) * float64(m) / 12 * (count + 1 - ties/(count*(count-1)))
	if variance <= 0 {
		return auroc, 1
	}
	apart := max(0, math.Abs(u-float64(n)*float64(m)/2)-0.5)
	return auroc, math.Erfc(apart / math.Sqrt(variance) / math.Sqrt2)
}

// sum is U of the positives, the sizes of both groups, and Σ(t³−t) over groups of t
// equal values.
func (r Ranking) sum(of []Group) (u float64, n, m int, ties float64) {
	total := 0.0
	for start := 0; start < len(r.order); {
		first, positives, negatives := n+m, 0, 0
		end := start
		for ; end == start || end < len(r.order) && r.again[end]; end++ {
			switch of[r.order[end]] {
			case Positive:
				positives++
			case Negative:
				negatives++
			}
		}
		equal := positives + negatives
		total += float64(positives) * float64(2*first+equal+1) / 2 // the mean of their ranks
		n, m = n+positives, m+negatives
		t := float64(equal)
		ties += t*t*t - t
		start = end
	}
	return total - float64(n)*float64(n+1)/2, n, m, ties
}

// AveragePrecision is Σ(R_k − R_{k−1})·P_k over the values in descending order,
// without interpolation. Equal values count as one step. NaN without positives.
func AveragePrecision(values []float64, positive []bool) float64 {
	order := make([]int, len(values))
	all := 0
	for i := range order {
		order[i] = i
		if positive[i] {
			all++
		}
	}
	if all == 0 {
		return math.NaN()
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	hits, area := 0, 0.0
	for start := 0; start < len(order); {
		end, before := start, hits
		for end < len(order) && values[order[end]] == values[order[start]] {
			if positive[order[end]] {
				hits++
			}
			end++
		}
		area += float64(hits-before) / float64(all) * float64(hits) / float64(end)
		start = end
	}
	return area
}

// FalseDiscovery tells which of some p values are significant when at most the
// share rate of those named may be chance (Benjamini and Hochberg 1995).
func FalseDiscovery(p []float64, rate float64) []bool {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	last := -1
	for k, i := range order {
		if p[i] <= rate*float64(k+1)/float64(len(p)) {
			last = k
		}
	}
	significant := make([]bool, len(p))
	for _, i := range order[:last+1] {
		significant[i] = true
	}
	return significant
}

// Fisher is the two-sided p value of a table of two groups and two outcomes, a of
// a+b against c of c+d: the probability of tables with these margins that are no
// likelier (Fisher 1922).
func Fisher(a, b, c, d int) float64 {
	row, column, all := a+b, a+c, a+b+c+d
	likelihood := func(x int) float64 {
		return math.Exp(choose(column, x) + choose(all-column, row-x) - choose(all, row))
	}
	seen, total := likelihood(a), 0.0
	for x := max(0, row+column-all); x <= min(row, column); x++ {
		if p := likelihood(x); p <= seen*(1+1e-9) {
			total += p
		}
	}
	return min(total, 1)
}

// choose is the logarithm of the number of ways to choose k of n.
func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
