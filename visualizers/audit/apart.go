package audit

import (
	"math"

	"picasso/visualizers/audit/statistics"
)

// tellApart compares every way of a class with the rest of it: how often answers are
// right, and what the pictures are like beside what they show.
func (s Sample) tellApart(c *Class) {
	var all []Shortcut
	for k := range c.Ways {
		c.Ways[k].Against = math.NaN()
		if len(c.Ways) > 1 {
			c.Ways[k].Against = against(c.Ways[k].Accuracy, c.Ways)
			all = append(all, s.apart(c.Ways, k)...)
		}
	}
	if len(all) == 0 {
		return
	}
	var p []float64
	for _, one := range all {
		p = append(p, one.P)
	}
	significant := statistics.FalseDiscovery(p, falseDiscovery)
	for i, one := range all {
		if w := &c.Ways[i*len(c.Ways)/len(all)]; significant[i] && one.AUROC() >= suspectAUROC {
			w.Apart = append(w.Apart, one)
		}
	}
}

// against is Fisher's p value of the hypothesis that the answers of a way are right
// as often as those of the other ways; NaN where no label tells.
func against(r Rate, all []Way) float64 {
	hits, of := 0, 0
	for _, w := range all {
		hits, of = hits+w.Accuracy.Hits, of+w.Accuracy.Of
	}
	if r.Of == 0 || r.Of == of {
		return math.NaN()
	}
	return statistics.Fisher(r.Hits, r.Of-r.Hits, hits-r.Hits, of-r.Of-(hits-r.Hits))
}

// apart tells how well every property tells way k from the others: as many as there
// are properties.
func (s Sample) apart(ways []Way, k int) []Shortcut {
	var known []int
	var inside []statistics.Group
	for j, w := range ways {
		for _, i := range w.Items {
			if len(s.Rows[i].Properties) == len(Properties) {
				known, inside = append(known, i), append(inside, statistics.GroupOf(j == k))
			}
		}
	}
	ranks := rank(len(known), func(i int) Numbers { return s.Rows[known[i]].Properties })
	list := make([]Shortcut, len(Properties)) // those that tell nothing stay empty, at p = 1
	for i, property := range Properties {
		list[i] = Shortcut{Property: property, Label: math.NaN(), P: 1}
	}
	for _, found := range shortcuts(ranks, inside, nil) {
		for i, property := range Properties {
			if property.ID == found.Property.ID {
				list[i] = found
			}
		}
	}
	return list
}
