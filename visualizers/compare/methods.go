package compare

import (
	"math"

	"picasso/visualizers/trust"
)

// Pair is how alike the maps of two methods are, of one picture and class.
type Pair struct {
	A        string       `json:"a"` // ids of the methods
	B        string       `json:"b"`
	Spearman trust.Number `json:"spearman"` // signed rank correlation, −1…1
	IoU      trust.Number `json:"iou"`      // of the greatest tenths, 0…1; maps that have nothing in common reach [similarity.ChanceIoU]
}

// Pairs compares each two methods, as the test “agreement” does.
func Pairs(maps []trust.Named) []Pair {
	var list []Pair
	for i, a := range maps {
		for k, l := range trust.Agrees(a.Map, maps[i+1:]).With {
			list = append(list, Pair{a.Visualizer, maps[i+1+k].Visualizer, l.Spearman, l.IoU})
		}
	}
	return list
}

// Matrix is a symmetric table of one number of pairs, by the ids' places: the mean
// of what is known of each pair, NaN where nothing is, and 1 for a method with
// itself.
func Matrix(ids []string, pairs []Pair, of func(Pair) trust.Number) [][]float64 {
	at := map[string]int{}
	table, count := make([][]float64, len(ids)), make([][]int, len(ids))
	for i, id := range ids {
		at[id] = i
		table[i], count[i] = make([]float64, len(ids)), make([]int, len(ids))
	}
	for _, p := range pairs {
		if v := float64(of(p)); !math.IsNaN(v) {
			i, k := at[p.A], at[p.B]
			table[i][k] += v
			count[i][k]++
		}
	}
	for i := range ids {
		table[i][i] = 1
		for k := i + 1; k < len(ids); k++ {
			sum, n := table[i][k]+table[k][i], count[i][k]+count[k][i]
			table[i][k] = sum / float64(n) // NaN of none
			table[k][i] = table[i][k]
		}
	}
	return table
}
