package perturb

import (
	"cmp"
	"slices"

	"picasso/backend/onnx/incremental"
)

// A group takes a copy with a smaller crop in, at the price of a larger crop,
// as long as that adds no more than this share.
const tolerated = 0.12

// groups are the copies that a segment has to run for, with crops of one size
// in each group. Crops that differ a little are widened: a run has a price of
// its own.
func (w *walk) groups(segment int) [][]crop {
	var all []crop
	for _, c := range w.copies {
		if y, x := c.axes[0], c.axes[1]; y.any[segment] && x.any[segment] {
			all = append(all, crop{c, [2]incremental.Crop{y.crops[segment], x.crops[segment]}})
		}
	}
	slices.SortStableFunc(all, func(a, b crop) int { // the largest first
		return cmp.Or(cmp.Compare(a.at[0].Less, b.at[0].Less), cmp.Compare(a.at[1].Less, b.at[1].Less))
	})
	s := w.plan.Segments[segment]
	var groups [][]crop
next:
	for _, c := range all {
		own := s.Area(c.at[0], c.at[1])
		for g, group := range groups {
			y, x := min(group[0].at[0].Less, c.at[0].Less), min(group[0].at[1].Less, c.at[1].Less)
			wide := s.Area(incremental.Crop{Less: y}, incremental.Crop{Less: x})
			size := s.Area(group[0].at[0], group[0].at[1])
			if wide-own <= tolerated*own && float64(len(group))*(wide-size)+wide-own <= tolerated*own {
				groups[g] = append(group, c)
				for k := range groups[g] {
					groups[g][k].widen(y, x)
				}
				continue next
			}
		}
		groups = append(groups, []crop{c})
	}
	return groups
}

// widen lets the crop leave out less.
func (c *crop) widen(y, x int) {
	for axis, less := range [2]int{y, x} {
		a := &c.at[axis]
		a.Skip, a.Less = max(0, a.Skip-(a.Less-less)), less
	}
}
