package similarity

import (
	"cmp"
	"math"
	"slices"
)

// TopShare is the part of a map that counts as what it points at when two maps
// are compared.
const TopShare = .1

// TopIoU is the intersection over union, 0…1, of the greatest share of the
// cells of two maps of one size; only positive cells count, and ties go to the
// first in row order. NaN where neither map has a positive cell.
func TopIoU(a, b Grid, share float64) float64 {
	inA, inB := top(a, share), top(b, share)
	both, either := 0, 0
	for i := range inA {
		if inA[i] && inB[i] {
			both++
		}
		if inA[i] || inB[i] {
			either++
		}
	}
	return float64(both) / float64(either)
}

// ChanceIoU is what [TopIoU] of two maps is on average that have nothing to do
// with each other.
func ChanceIoU(share float64) float64 { return share / (2 - share) }

func top(g Grid, share float64) []bool {
	order := Descending(g.Values)
	in := make([]bool, len(g.Values))
	for _, i := range order[:max(1, int(math.Round(share*float64(len(order)))))] {
		in[i] = g.Values[i] > 0
	}
	return in
}

// Descending lists the indices of values from the greatest to the least; ties
// stay in order, and what is unknown comes last.
func Descending(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		u, v := values[i], values[j]
		switch nanU, nanV := math.IsNaN(u), math.IsNaN(v); {
		case nanU && nanV:
			return 0
		case nanU:
			return 1
		case nanV:
			return -1
		}
		return cmp.Compare(v, u)
	})
	return order
}

// AUPRC is the area under the curve of precision over recall, 0…1, of values as
// a score for being inside: the average precision, with equal values as one
// step. Chance gives the share of what is inside. NaN where nothing or
// everything known is inside.
func AUPRC(values []float64, inside []bool) float64 {
	order := Descending(values)
	known, total := 0, 0
	for _, i := range order {
		if math.IsNaN(values[i]) {
			break
		}
		known++
		if inside[i] {
			total++
		}
	}
	if total == 0 || total == known {
		return math.NaN()
	}
	var area float64
	hits := 0
	for from := 0; from < known; {
		to, before := from, hits
		for ; to < known && values[order[to]] == values[order[from]]; to++ {
			if inside[order[to]] {
				hits++
			}
		}
		area += float64(hits-before) / float64(total) * float64(hits) / float64(to)
		from = to
	}
	return area
}
