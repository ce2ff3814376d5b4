package kernel

import (
	"slices"
	"sync"
)

// Taps are what makes each of some values along an axis: as many others as Count, from the
// one that First tells on, with weights in 1/2^[TapBits].
type Taps struct {
	Count   int
	First   []int32
	Weights []int32 // Count for each
}

// TapBits is the precision of weights, which sum up to 2^TapBits: as much as leaves room for 8 bits
// and for sums a little beyond them.
const TapBits = 22

// within tells that all taps are among n values.
func (t Taps) within(n int) bool {
	if t.Count < 1 || t.Count > n || len(t.Weights) < t.Count*len(t.First) {
		return false
	}
	for _, f := range t.First {
		if f < 0 || int(f) > n-t.Count {
			return false
		}
	}
	return true
}

// span is the values that taps are made of: from one up to another.
func (t Taps) span() (from, to int) {
	if len(t.First) == 0 {
		return 0, 0
	}
	return int(slices.Min(t.First)), int(slices.Max(t.First)) + t.Count
}

// less are taps of values that begin n later.
func (t Taps) less(n int) Taps {
	first := make([]int32, len(t.First))
	for i, f := range t.First {
		first[i] = f - int32(n)
	}
	t.First = first
	return t
}

// mostLent bounds the rows between that are kept for the next picture.
const mostLent = 8 << 20

// between is memory for rows that are resized along their width alone.
var between = sync.Pool{New: func() any { return new([]uint8) }}

// Resize writes a picture of so many pixels, of one to four channels, as the taps on either
// axis make it: its width first, then its height. An axis with taps of the Count 0 stays as
// it is.
func Resize(to, from []uint8, width, height, channels int, x, y Taps) {
	switch {
	case y.Count == 0:
		Across(to, from, height, width, channels, x)
		return
	case x.Count == 0:
		Down(to, from, width*channels, height, y)
		return
	}
	fits(y.within(height) && len(from) >= width*height*channels)
	first, end := y.span()
	room := between.Get().(*[]uint8)
	n := len(x.First) * channels
	if cap(*room) < n*(end-first) {
		*room = make([]uint8, n*(end-first))
	}
	rows := (*room)[:n*(end-first)]
	Across(rows, from[width*first*channels:], end-first, width, channels, x)
	Down(to, rows, n, end-first, y.less(first))
	if cap(*room) <= mostLent {
		between.Put(room)
	}
}

// Across resizes rows of width pixels, of one to four channels, along their width: each
// becomes one of as many pixels as the taps say.
func Across(to, from []uint8, rows, width, channels int, t Taps) {
	if rows == 0 || len(t.First) == 0 {
		return
	}
	stride, out := width*channels, len(t.First)*channels
	fits(rows > 0 && width > 0 && width <= mostSide && channels > 0 && channels <= 4 && len(from) >= rows*stride && len(to) >= rows*out && t.within(width))
	across(to, from, rows, width, channels, t)
}

// Down resizes rows of n bytes along their height: as many rows are made as the taps say,
// each of a row's bytes from those at the same place in others.
func Down(to, from []uint8, n, rows int, t Taps) {
	if n == 0 || len(t.First) == 0 {
		return
	}
	fits(n > 0 && rows > 0 && rows <= mostSide && len(from) >= rows*n && len(to) >= len(t.First)*n && t.within(rows))
	down(to, from, n, t)
}
