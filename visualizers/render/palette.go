package render

import (
	"image/color"

	"github.com/lucasb-eyer/go-colorful"
)

// palette is a colour map as data: paths through CIELAB (D65). A path has
// lightness in equal steps, and moves through the plane of hue and chroma at
// constant speed, so that equal differences of value look equal everywhere.
type palette struct {
	ColorMap
	// low runs from t = 0 to the middle of a diverging map; empty otherwise.
	low path
	// high runs from the middle to t = 1, or over all of a sequential map.
	high path
}

// path is a curve in CIELAB, with L* in 0…100.
type path struct {
	from, to float64      // L* at both ends
	plane    [][2]float64 // a*, b* that the curve passes
}

// palettes lists every colour map, the defaults first.
func palettes() []palette {
	return []palette{
		{ColorMap: ColorMap{Name: "blue-red", Title: "Blue - red", Signed: true,
			About: "Diverging with a light centre: red supports, blue opposes. Readable for colour-blind people."},
			low:  path{32, 96, [][2]float64{{24, -54}, {5, -34}, {-3, -14}, {0, 0}}},
			high: path{96, 32, [][2]float64{{0, 0}, {18, 10}, {42, 24}, {50, 32}}}},
		{ColorMap: ColorMap{Name: "night", Title: "Night (dark centre)", Signed: true,
			About: "Diverging with a dark centre, for dark rooms: orange supports, blue opposes. Readable for colour-blind people."},
			low:  path{78, 8, [][2]float64{{-12, -28}, {2, -42}, {4, -24}, {0, 0}}},
			high: path{8, 78, [][2]float64{{0, 0}, {16, 16}, {32, 40}, {20, 48}}}},
		{ColorMap: ColorMap{Name: "purple-green", Title: "Purple - green", Signed: true,
			About: "Diverging with a light centre, for pictures in which red and blue already have a meaning."},
			low:  path{30, 96, [][2]float64{{42, -40}, {30, -28}, {14, -14}, {0, 0}}},
			high: path{96, 30, [][2]float64{{0, 0}, {-18, 14}, {-32, 26}, {-35, 31}}}},
		{ColorMap: ColorMap{Name: "meadow", Title: "Meadow (violet to yellow)",
			About: "Sequential from dark violet through green to yellow; readable in greyscale and for colour-blind people."},
			high: path{15, 90, [][2]float64{{34, -32}, {10, -34}, {-22, -10}, {-34, 28}, {-8, 76}}}},
		{ColorMap: ColorMap{Name: "ember", Title: "Ember (black to cream)",
			About: "Sequential from black through purple and orange to cream; weak values stay dark."},
			high: path{4, 95, [][2]float64{{2, -4}, {34, -40}, {54, -8}, {34, 20}, {-3, 22}}}},
		{ColorMap: ColorMap{Name: "grey", Title: "Grey",
			About: "Sequential from black to white, as in print."},
			high: path{0, 100, [][2]float64{{0, 0}}}},
		{ColorMap: ColorMap{Name: "blues", Title: "Blues (one hue)",
			About: "Sequential from almost white to dark blue, for light pages and print."},
			high: path{97, 25, [][2]float64{{-2, -3}, {-8, -20}, {4, -42}, {16, -46}}}},
	}
}

// make fills the table.
func (p palette) make() ColorMap {
	m := p.ColorMap
	m.table = make([]color.RGBA, tableSize)
	at := p.curve()
	for i := range m.table {
		r, g, b := at(float64(i) / (tableSize - 1)).Clamped().RGB255()
		m.table[i] = color.RGBA{r, g, b, 255}
	}
	return m
}

// curve gives the colour at t, before it is forced into sRGB.
func (p palette) curve() func(t float64) colorful.Color {
	high := p.high.curve()
	if !p.Signed {
		return high
	}
	low := p.low.curve()
	return func(t float64) colorful.Color {
		if t < 0.5 {
			return low(2 * t)
		}
		return high(2*t - 1)
	}
}

func (c path) curve() func(t float64) colorful.Color {
	plane := newCurve(c.plane)
	return func(t float64) colorful.Color {
		a, b := plane.at(t)
		l := c.from + t*(c.to-c.from)
		return colorful.Lab(l/100, a/100, b/100)
	}
}
