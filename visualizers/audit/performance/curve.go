package performance

import (
	"cmp"
	"math"
	"slices"

	"picasso/visualizers/audit"
	"picasso/visualizers/audit/statistics"
)

// mostPoints is the number of thresholds of a curve that are given.
const mostPoints = 100

// curve goes through all thresholds, from the highest.
func curve(score []float64, positive []bool) *Curve {
	auroc := statistics.AUROC(score, positive)
	if math.IsNaN(auroc) {
		return nil
	}
	c := &Curve{AUROC: auroc, AveragePrecision: statistics.AveragePrecision(score, positive)}
	all := thresholds(score, positive)
	c.Youden, c.BestF1 = all[0], all[0]
	for _, t := range all {
		if t.Sensitivity+t.Specificity > c.Youden.Sensitivity+c.Youden.Specificity {
			c.Youden = t
		}
		if t.F1 > c.BestF1.F1 {
			c.BestF1 = t
		}
		if t.Value >= 0.5 {
			c.Half = t
		}
	}
	if c.Half.Value == 0 { // no probability reaches ½
		n := 0
		for _, is := range positive {
			if is {
				n++
			}
		}
		c.Half = at(0.5, 0, 0, n, len(positive)-n)
	}
	c.Half.Value = 0.5
	c.Points = slices.Clone(thin(all, mostPoints))
	for _, t := range append([]*Threshold{&c.Youden, &c.BestF1}, pointers(c.Points)...) {
		t.Value = float64(audit.Number(t.Value).Rounded()) // rows keep six digits
	}
	return c
}

func pointers(list []Threshold) []*Threshold {
	out := make([]*Threshold, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// thresholds are those at which something changes, from the highest.
func thresholds(score []float64, positive []bool) []Threshold {
	order := make([]int, len(score))
	positives := 0
	for i := range order {
		order[i] = i
		if positive[i] {
			positives++
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	var all []Threshold
	hits, wrong := 0, 0
	for start := 0; start < len(order); {
		end := start
		for end < len(order) && score[order[end]] == score[order[start]] {
			if positive[order[end]] {
				hits++
			} else {
				wrong++
			}
			end++
		}
		all = append(all, at(score[order[start]], hits, wrong, positives, len(order)-positives))
		start = end
	}
	return all
}

func at(value float64, hits, wrong, positives, negatives int) Threshold {
	t := Threshold{Value: value, TruePositives: hits, FalsePositives: wrong, Misses: positives - hits}
	t.Sensitivity = float64(hits) / float64(positives)
	t.Specificity = 1 - float64(wrong)/float64(negatives)
	t.Precision = float64(hits) / float64(hits+wrong)
	t.F1 = 2 * float64(hits) / float64(hits+wrong+positives)
	return t
}

// thin keeps about most of the points, first and last among them.
func thin(all []Threshold, most int) []Threshold {
	if len(all) <= most {
		return all
	}
	out := make([]Threshold, most)
	for i := range out {
		out[i] = all[i*(len(all)-1)/(most-1)]
	}
	return out
}
