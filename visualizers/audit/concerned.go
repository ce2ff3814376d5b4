package audit

import (
	"cmp"
	"math"
	"slices"
)

// Concerned are the pictures that a flag is about, those that show it best first.
func (s Sample) Concerned(a *Analysis, f Flag) []int {
	at := slices.IndexFunc(a.Classes, func(c Class) bool { return c.Class == f.Class })
	if at < 0 {
		return nil
	}
	c := a.Classes[at]
	if f.Kind == ByProperty {
		return s.byProperty(c, f.Property)
	}
	items := c.Items
	if f.Way >= 0 && f.Way < len(c.Ways) {
		items = c.Ways[f.Way].Items
	}
	if f.Kind != OutsideMask {
		return slices.Clone(items)
	}
	outside := slices.DeleteFunc(slices.Clone(items), func(i int) bool { return !(s.Rows[i].RegionLift < 1) })
	slices.SortStableFunc(outside, func(i, j int) int { return cmp.Compare(s.Rows[i].RegionLift, s.Rows[j].RegionLift) })
	return outside
}

// byProperty orders the pictures of a class by a property, those first that are most
// unlike the other classes.
func (s Sample) byProperty(c Class, id string) []int {
	k := slices.IndexFunc(Properties, func(p Property) bool { return p.ID == id })
	at := slices.IndexFunc(c.Shortcuts, func(s Shortcut) bool { return s.Property.ID == id })
	if k < 0 || at < 0 {
		return slices.Clone(c.Items)
	}
	value := func(i int) float64 {
		if k >= len(s.Rows[i].Properties) {
			return math.Inf(1)
		}
		v := float64(s.Rows[i].Properties.At(k))
		if c.Shortcuts[at].Higher {
			v = -v
		}
		return v
	}
	items := slices.Clone(c.Items)
	slices.SortStableFunc(items, func(i, j int) int { return cmp.Compare(value(i), value(j)) })
	return items
}
