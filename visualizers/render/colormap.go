package render

import (
	"image/color"
	"math"
)

// tableSize is odd, so that a table has an entry for the exact middle.
const tableSize = 1023

// ColorMap turns positions 0…1 into colours through a table made when the map
// is made. The zero ColorMap is transparent everywhere.
type ColorMap struct {
	Name   string // as settings and scripts write it
	Title  string // as the window shows it
	About  string // when to use it, one sentence
	Signed bool   // diverging: the middle stands for zero
	table  []color.RGBA
}

// At is the colour at position t, clamped to 0…1; NaN is transparent.
func (m ColorMap) At(t float64) color.RGBA {
	if len(m.table) == 0 || math.IsNaN(t) {
		return color.RGBA{}
	}
	return m.table[tableIndex(t)]
}

// tableIndex is the entry for a position, which must be a number.
func tableIndex(t float64) int {
	return int(min(max(t, 0), 1)*(tableSize-1) + 0.5)
}

// Colors makes the colour map of that name.
func Colors(name string) (ColorMap, bool) {
	for _, p := range palettes() {
		if p.Name == name {
			return p.make(), true
		}
	}
	return ColorMap{}, false
}

// Names lists the colour maps for signed (diverging) or unsigned (sequential)
// values; the first is the default.
func Names(signed bool) []string {
	var names []string
	for _, p := range palettes() {
		if p.Signed == signed {
			names = append(names, p.Name)
		}
	}
	return names
}
