package kept

import (
	"math"

	"picasso/visualizers"
)

// MapSide is the longer side of a small map in values.
const MapSide = 72

// levels are the steps between the smallest and the largest value of a small
// map. Code 0 stands for a value that is not known.
const levels = 254

// Map is a map in few bytes: at most [MapSide] values a side, each in a byte.
// It never changes.
type Map struct {
	about    visualizers.Map // without values
	codes    []uint8
	lo, step float64
}

// ShrinkMap makes a small map. Where several values become one, the one of
// largest magnitude stays, as for channels, so that smallest and largest value
// are those of the whole map; others are off by at most 1/508 of its range, and
// zero stays zero.
func ShrinkMap(m visualizers.Map) Map {
	width, height := m.Width, m.Height
	if longest := max(width, height); longest > MapSide {
		width, height = max(1, width*MapSide/longest), max(1, height*MapSide/longest)
	}
	strong := strongest(m, width, height)
	out := Map{about: m, codes: make([]uint8, len(strong))}
	out.about.Values, out.about.Channels, out.about.Width, out.about.Height = nil, 1, width, height
	out.scale(strong)
	for i, v := range strong {
		out.codes[i] = out.code(float64(v))
	}
	return out
}

// strongest is m with width×height values, NaN where nothing is known.
func strongest(m visualizers.Map, width, height int) []float32 {
	out := make([]float32, width*height)
	for i := range out {
		out[i] = float32(math.NaN())
	}
	for i, v := range m.Values {
		if v-v != 0 || m.Width == 0 || m.Height == 0 { // NaN or infinite
			continue
		}
		x, y := i%m.Width*width/m.Width, i/m.Width%m.Height*height/m.Height
		if old := out[y*width+x]; old-old != 0 || math.Abs(float64(v)) > math.Abs(float64(old)) {
			out[y*width+x] = v
		}
	}
	return out
}

// scale finds what codes 1 to 255 stand for. Zero, where it is in between, has
// a code of its own.
func (m *Map) scale(values []float32) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v-v == 0 {
			lo, hi = min(lo, float64(v)), max(hi, float64(v))
		}
	}
	if lo > hi {
		return
	}
	m.lo, m.step = lo, (hi-lo)/levels
	if lo < 0 && hi > 0 {
		below := min(levels-1, max(1, math.Round(-lo/m.step)))
		m.step = max(-lo/below, hi/(levels-below))
		m.lo = -below * m.step
	}
}

func (m *Map) code(v float64) uint8 {
	switch {
	case v-v != 0:
		return 0
	case m.step == 0:
		return 1
	}
	return uint8(min(max(math.Round((v-m.lo)/m.step), 0), levels)) + 1
}

// Open is the map to draw.
func (m Map) Open() visualizers.Map {
	out := m.about
	out.Values = make([]float32, len(m.codes))
	for i, code := range m.codes {
		out.Values[i] = float32(m.lo + m.step*(float64(code)-1))
		if code == 0 {
			out.Values[i] = float32(math.NaN())
		}
	}
	return out
}

// Worded is the map with other words about it.
func (m Map) Worded(words func(visualizers.Map) visualizers.Map) Map {
	values := m.about.Values
	m.about = words(m.about)
	m.about.Values = values
	return m
}

// Bytes is how much the map takes.
func (m Map) Bytes() int {
	const header = 384
	return header + len(m.codes)
}
