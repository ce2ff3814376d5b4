package render

import "image/color"

// ColorMap turns positions 0…1 into colours through a table made when the map
// is made.
type ColorMap struct {
	Name   string // as settings and scripts write it
	Title  string // as the window shows it
	About  string // when to use it, one sentence
	Signed bool   // diverging: the middle stands for zero
	table  []color.RGBA
}

// At is the colour at position t, clamped to 0…1; NaN is transparent.
func (m ColorMap) At(t float64) color.RGBA { return color.RGBA{} }

// Colors makes the colour map of that name.
func Colors(name string) (ColorMap, bool) { return ColorMap{}, false }

// Names lists the colour maps for signed (diverging) or unsigned (sequential)
// values; the first is the default.
func Names(signed bool) []string { return nil }
