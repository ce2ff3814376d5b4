package dicom

import (
	"math"
	"slices"
)

// tail is the part of the values at either end that the first look at a
// picture without a window leaves out, so that a hot pixel does not make it
// black.
const tail = 0.001

// fewValues is how many different values a map of labels has at most: all of
// them are shown.
const fewValues = 16

// span is the exact window from lo to hi.
func span(name string, lo, hi float32) Window {
	return Window{Name: name, Center: (float64(lo) + float64(hi)) / 2, Width: max(float64(hi)-float64(lo), 1e-6), Function: LinearExact}
}

// Window is the one to begin with: the file's first, else all values but the
// outermost 0.1 % at either end.
func (m *Frame) Window() Window {
	if len(m.Windows) > 0 || m.Channels != 1 {
		return m.own()
	}
	lo, hi := Tails(m.Values, m.Empty, m.Inside)
	if lo == m.Inside[0] && hi == m.Inside[1] {
		return span("full range", lo, hi)
	}
	return span("without 0.1 % tails", lo, hi)
}

func (m *Frame) own() Window {
	if len(m.Windows) > 0 {
		return m.Windows[0]
	}
	return m.Auto()
}

// Auto is the window from the smallest to the largest value that is a number
// and not padding.
func (m *Frame) Auto() Window { return span("auto", m.Inside[0], m.Inside[1]) }

// Tails are the values behind which 0.1 % of those lie that are not empty, at
// either end; the ends themselves for pictures of a few values and where
// nothing else would be left. bounds are the smallest and the largest value.
func Tails(values []float32, empty []bool, bounds [2]float32) (lo, hi float32) {
	h := histogram(values, empty, bounds)
	if h == nil || h.few() {
		return bounds[0], bounds[1]
	}
	cut := int(tail * float64(h.total))
	lo, hi = h.at(cut), h.at(h.total-1-cut)
	if lo >= hi {
		return bounds[0], bounds[1]
	}
	return lo, hi
}

// bins is the counts of values in equal parts of their range.
type bins struct {
	values []float32
	empty  []bool
	first  float32
	scale  float64 // bins by value
	counts []int
	total  int
}

const numBins = 1 << 12

// histogram counts; nil where all values are the same.
func histogram(values []float32, empty []bool, bounds [2]float32) *bins {
	width := float64(bounds[1]) - float64(bounds[0])
	if !(width > 0) || math.IsInf(width, 0) {
		return nil
	}
	h := &bins{values: values, empty: empty, first: bounds[0], scale: (numBins - 1) / width, counts: make([]int, numBins)}
	for i, v := range values {
		if empty == nil || !empty[i] {
			h.counts[h.bin(v)]++
			h.total++
		}
	}
	return h
}

func (h *bins) bin(v float32) int {
	return min(max(int((float64(v)-float64(h.first))*h.scale), 0), numBins-1)
}

// few reports whether there are so few different values that they are labels.
func (h *bins) few() bool {
	used := 0
	for _, n := range h.counts {
		if n > 0 {
			used++
		}
	}
	if used > fewValues {
		return false
	}
	seen := map[float32]bool{}
	for i, v := range h.values {
		if h.empty == nil || !h.empty[i] {
			if seen[v] = true; len(seen) > fewValues {
				return false
			}
		}
	}
	return true
}

// at is the value that would be the k-th if they were sorted.
func (h *bins) at(k int) float32 {
	bin := 0
	for ; bin < numBins-1 && k >= h.counts[bin]; bin++ {
		k -= h.counts[bin]
	}
	var in []float32
	for i, v := range h.values {
		if (h.empty == nil || !h.empty[i]) && h.bin(v) == bin {
			in = append(in, v)
		}
	}
	slices.Sort(in)
	return in[min(k, len(in)-1)]
}

// flat reports whether a window shows all that is not empty in one grey,
// although the values differ.
func (m *Frame) flat(w Window) bool {
	if m.Channels != 1 || m.Inside[0] == m.Inside[1] {
		return false
	}
	grey := func(v float32) int { return int(w.At(float64(v))*255 + 0.5) }
	first := grey(m.Inside[0])
	if first != grey(m.Inside[1]) {
		return false
	}
	if w.table == nil { // brighter and brighter
		return true
	}
	for i, v := range m.Values {
		if (m.Empty == nil || !m.Empty[i]) && grey(v) != first {
			return false
		}
	}
	return true
}

// look adds what is to be said of the first look.
func (m *Frame) look() {
	if len(m.Windows) > 0 && m.flat(m.Windows[0]) {
		m.Warnings = append(m.Warnings, "the file's first window shows the whole picture in one grey; “auto” shows the full range of the values")
	}
}
