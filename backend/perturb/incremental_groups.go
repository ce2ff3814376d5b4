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
		if slices.ContainsFunc(c.axes, func(a *axisPlan) bool { return !a.any[segment] }) {
			continue
		}
		at := make([]incremental.Crop, len(c.axes))
		for axis, a := range c.axes {
			at[axis] = a.crops[segment]
		}
		all = append(all, crop{c, at})
	}
	slices.SortStableFunc(all, func(a, b crop) int { // the largest first
		return slices.CompareFunc(a.at, b.at, func(a, b incremental.Crop) int { return cmp.Compare(a.Less, b.Less) })
	})
	s := w.plan.Segments[segment]
	var groups [][]crop
next:
	for _, c := range all {
		own := s.Area(c.at)
		for g, group := range groups {
			both := joint(group[0].at, c.at)
			wide, size := s.Area(both), s.Area(group[0].at)
			if wide-own <= tolerated*own && float64(len(group))*(wide-size)+wide-own <= tolerated*own {
				groups[g] = append(group, c)
				for k := range groups[g] {
					groups[g][k].widen(both)
				}
				continue next
			}
		}
		groups = append(groups, []crop{c})
	}
	return groups
}

// joint are crops that leave out no more than either of two.
func joint(a, b []incremental.Crop) []incremental.Crop {
	both := make([]incremental.Crop, len(a))
	for axis := range a {
		both[axis].Less = min(a[axis].Less, b[axis].Less)
	}
	return both
}

// widen lets the crop leave out as little as another one.
func (c *crop) widen(to []incremental.Crop) {
	for axis := range c.at {
		a, less := &c.at[axis], to[axis].Less
		a.Skip, a.Less = max(0, a.Skip-(a.Less-less)), less
	}
}
