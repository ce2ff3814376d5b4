package performance

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"picasso/visualizers/audit"
	"picasso/visualizers/audit/statistics"
)

const (
	// MostConfusions is the number of classes up to which the whole matrix is
	// given.
	MostConfusions = 64
	// bins of confidence, as usual (Guo et al. 2017).
	bins = 15
	// enough is the number of answers below which calibration is noise.
	enough = 200
	// most wrong answers, and confused pairs, that are listed.
	mostListed = 20
)

// Performance is how good answers are. Items are numbers of rows.
type Performance struct {
	Answered int        // rows with a label that says whether the answer is right
	Accuracy audit.Rate // of these
	Classes  []Class    // that labels or answers name, in order
	// Confusion counts answers by label (row) and answer (column), as Classes; nil
	// where items may have several labels, or there are too many classes.
	Confusion [][]int
	Pairs     []Pair // the most frequent confusions
	// Reliability, CalibrationError and Brier are about the probability of the
	// answer and whether it is right.
	Reliability      []statistics.Bin
	CalibrationError float64
	Brier            float64
	Warnings         []string
	Surest           []int // wrong answers, the most probable first
	// LuckyMaps are right answers whose map lies less in the mask than anywhere:
	// right for the wrong reason.
	LuckyMaps []int
}

// Class is one against the rest.
type Class struct {
	Class             int
	Support, Answers  int // items that are of the class, that the model says are
	Precision, Recall audit.Rate
	F1                float64 // NaN where nobody says the class
	Curve             *Curve  // nil where rows hold no probabilities of the class, or one of the groups is empty
}

// Curve is how well the probability of a class tells its items.
type Curve struct {
	AUROC, AveragePrecision float64
	Youden, BestF1          Threshold
	Half                    Threshold // what ½ gives
	Points                  []Threshold
}

// Threshold is what a class has whose probability must be at least Value.
type Threshold struct {
	Value                                 float64
	Sensitivity, Specificity, Precision   float64
	F1                                    float64
	TruePositives, FalsePositives, Misses int
}

// Pair is a confusion: Count items of class Label were called Answer.
type Pair struct{ Label, Answer, Count int }

// Measure compares answers with labels. exclusive says that every item has exactly
// one class.
func Measure(rows []audit.Row, truth audit.Truth, classes int, exclusive bool) Performance {
	m := measurement{rows: rows, truth: truth, classes: classes}
	var p Performance
	m.answers(&p)
	p.Classes = m.perClass()
	if exclusive {
		m.confusions(&p)
	}
	return p
}

type measurement struct {
	rows    []audit.Row
	truth   audit.Truth
	classes int
}

// answers judges the class that the model says of every item.
func (m measurement) answers(p *Performance) {
	var confidence []float64
	var right []bool
	hits, open := 0, 0
	for i, r := range m.rows {
		if r.Error != "" || r.Predicted < 0 {
			continue
		}
		is, known := m.truth.Of(i, r.Predicted)
		if !known {
			open++
			continue
		}
		confidence, right = append(confidence, float64(r.Probability)), append(right, is)
		switch {
		case !is:
			p.Surest = append(p.Surest, i)
		case !math.IsNaN(float64(r.RegionLift)) && r.RegionLift < 1:
			p.LuckyMaps = append(p.LuckyMaps, i)
		}
		if is {
			hits++
		}
	}
	p.Answered, p.Accuracy = len(right), audit.NewRate(hits, len(right))
	p.Reliability = statistics.Reliability(confidence, right, bins)
	p.CalibrationError, p.Brier = statistics.CalibrationError(p.Reliability), statistics.Brier(confidence, right)
	if open > 0 {
		p.Warnings = append(p.Warnings, fmt.Sprintf("Not judged, because labels do not say whether they are right: %d of %d answers.", open, open+len(right)))
	}
	if len(right) < enough {
		p.Warnings = append(p.Warnings, "Calibration of fewer than 200 answers is uncertain.")
	}
	slices.SortStableFunc(p.Surest, func(a, b int) int { return cmp.Compare(m.rows[b].Probability, m.rows[a].Probability) })
	slices.SortStableFunc(p.LuckyMaps, func(a, b int) int { return cmp.Compare(m.rows[a].RegionLift, m.rows[b].RegionLift) })
	p.Surest, p.LuckyMaps = p.Surest[:min(len(p.Surest), mostListed)], p.LuckyMaps[:min(len(p.LuckyMaps), mostListed)]
}

// perClass measures every class that is said or labelled.
func (m measurement) perClass() []Class {
	var list []Class
	for k := range m.classes {
		c := Class{Class: k}
		hits := 0
		var score []float64
		var positive []bool
		for i, r := range m.rows {
			if r.Error != "" || r.Predicted < 0 {
				continue
			}
			is, known := m.truth.Of(i, k)
			if !known {
				continue
			}
			if is {
				c.Support++
			}
			if r.Predicted == k {
				c.Answers++
				if is {
					hits++
				}
			}
			if k < len(r.Probabilities) {
				score, positive = append(score, float64(r.Probabilities.At(k))), append(positive, is)
			}
		}
		if c.Support == 0 && c.Answers == 0 {
			continue
		}
		c.Precision, c.Recall = audit.NewRate(hits, c.Answers), audit.NewRate(hits, c.Support)
		c.F1 = 2 * float64(hits) / float64(c.Answers+c.Support)
		c.Curve = curve(score, positive)
		list = append(list, c)
	}
	return list
}

// confusions counts which classes are taken for which.
func (m measurement) confusions(p *Performance) {
	at := map[int]int{}
	for k, c := range p.Classes {
		at[c.Class] = k
	}
	n := len(p.Classes)
	counts := map[[2]int]int{}
	for i, r := range m.rows {
		if r.Error != "" || r.Predicted < 0 {
			continue
		}
		for _, c := range p.Classes {
			if is, known := m.truth.Of(i, c.Class); is && known {
				counts[[2]int{c.Class, r.Predicted}]++
			}
		}
	}
	if n <= MostConfusions {
		p.Confusion = make([][]int, n)
		for k := range p.Confusion {
			p.Confusion[k] = make([]int, n)
		}
	}
	for pair, count := range counts {
		if p.Confusion != nil {
			p.Confusion[at[pair[0]]][at[pair[1]]] = count
		}
		if pair[0] != pair[1] {
			p.Pairs = append(p.Pairs, Pair{pair[0], pair[1], count})
		}
	}
	slices.SortFunc(p.Pairs, func(a, b Pair) int {
		return cmp.Or(b.Count-a.Count, a.Label-b.Label, a.Answer-b.Answer)
	})
	p.Pairs = p.Pairs[:min(len(p.Pairs), mostListed)]
}
