package visualizers

import (
	"math"
	"math/rand/v2"
	"slices"
)

// tenth is the part of a map that counts as the most important.
const tenth = 0.1

// Steady estimates how much of the most important tenth of a map's pixels will
// stay when all windows have been run: intersection over union, 0…1. surface is
// what is known and interpolated of each window ([Patches.Surface]), off how far
// interpolated values are from true ones: a standard deviation. It is the mean over
// a few maps in which the interpolated values are moved at random, the same way
// each time.
func (w *Patches) Steady(surface []float64, off float64) float64 {
	const (
		draws = 6
		// Neighbouring windows are interpolated from the same ones, so their
		// errors go together: those of as many rows and columns are one.
		together = 3
	)
	unknown := w.unknown()
	expected := topOf(w.sampled(spread(w, surface)))
	if len(unknown) == 0 || off == 0 || len(expected) == 0 {
		return 1
	}
	rng := rand.New(rand.NewPCG(1, uint64(len(unknown))))
	errors := make([]float64, len(surface))
	sum := 0.0
	for range draws {
		for i := range errors {
			errors[i] = off * rng.NormFloat64()
		}
		moved := slices.Clone(surface)
		for _, i := range unknown {
			moved[i] += errors[i/w.Columns/together*w.Columns+i%w.Columns/together]
		}
		sum += overlap(expected, topOf(w.sampled(spread(w, moved))))
	}
	return sum / draws
}

// sampled are the known values of pixels that lie about half a stride apart: from one
// window's edge to the next the map is constant.
func (w *Patches) sampled(values []float32) []float32 {
	dx, dy := max(1, w.Stride.X/2), max(1, w.Stride.Y/2)
	var out []float32
	for y := dy / 2; y < w.Height; y += dy {
		for x := dx / 2; x < w.Width; x += dx {
			if v := values[y*w.Width+x]; v == v {
				out = append(out, v)
			}
		}
	}
	return out
}

// topOf marks the largest tenth of the values, at least one of them.
func topOf(values []float32) []bool {
	if len(values) == 0 {
		return nil
	}
	least := Threshold(values)
	top := make([]bool, len(values))
	for i, v := range values {
		top[i] = v >= least
	}
	return top
}

// Threshold is the least of the largest tenth of the values, of which there is one.
func Threshold[T float32 | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)-max(1, int(math.Round(tenth*float64(len(sorted)))))]
}

// overlap is intersection over union of two sets.
func overlap(a, b []bool) float64 {
	both, either := 0, 0
	for i := range a {
		if a[i] && b[i] {
			both++
		}
		if a[i] || b[i] {
			either++
		}
	}
	return float64(both) / float64(either)
}
