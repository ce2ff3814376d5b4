package preprocess

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/picture"
)

// ChannelStats are what one channel of a model's input holds.
type ChannelStats struct{ Min, Mean, Max float64 }

// Statistics measures every channel of a C×H×W tensor.
func Statistics(t infer.Tensor) []ChannelStats {
	if len(t.Shape) != 3 || t.Check() != nil {
		return nil
	}
	n := t.Shape[1] * t.Shape[2]
	out := make([]ChannelStats, t.Shape[0])
	for c := range out {
		s := ChannelStats{Min: math.Inf(1), Max: math.Inf(-1)}
		for _, v := range t.Data[c*n : (c+1)*n] {
			x := float64(v)
			s.Min, s.Max, s.Mean = min(s.Min, x), max(s.Max, x), s.Mean+x/float64(n)
		}
		out[c] = s
	}
	return out
}

// tooMany is the share of an input's values at its limits from which contrast
// is lost, unless as many of the picture's are.
const tooMany = 0.3

// Check says what looks wrong with the tensor t (C×H×W) that img became.
// Whether the numbers suit the model cannot be known, but an input without
// content, or one cut off at its limits, can. img is nil for an array, which is
// used as it is.
func Check(img *picture.Image, t infer.Tensor) []string {
	if img == nil || len(t.Data) == 0 {
		return nil
	}
	// The picture is looked at where its input gives reason to.
	constant, share := isConstant(t), shareAtLimits(t)
	switch {
	case !constant && share <= tooMany:
		return nil
	case twoValued(img): // says nothing about its preparation
		return nil
	case constant:
		return []string{fmt.Sprintf("All values of the model's input are %.4g: nothing is left of the picture. Check scale, window and standard deviation.", t.Data[0])}
	}
	if share -= pictureAtLimits(img); share > tooMany {
		return []string{fmt.Sprintf("%.0f %% more of the model's input than of the picture is at the lowest or highest value, so contrast is lost. Check window, range and clip.", 100*share)}
	}
	return nil
}

// SaysNothing tells that a picture of one or two values, or an input of one, says
// nothing about how it was prepared.
func SaysNothing(img *picture.Image, t infer.Tensor) bool {
	return twoValued(img) || isConstant(t)
}

func isConstant(t infer.Tensor) bool {
	for _, v := range t.Data {
		if v != t.Data[0] {
			return false
		}
	}
	return len(t.Data) > 0
}

// shareAtLimits is the share of values that are the lowest or the highest.
func shareAtLimits(t infer.Tensor) float64 {
	if len(t.Data) == 0 {
		return 0
	}
	lo, hi := t.Data[0], t.Data[0]
	low, high := 0, 0 // how many are the lowest and the highest so far
	for _, v := range t.Data {
		switch {
		case v > lo && v < hi:
		case v != v: // with one that is no number none is the lowest
			return 0
		case v < lo:
			lo, low = v, 1
		case v > hi:
			hi, high = v, 1
		default:
			if v == lo {
				low++
			}
			if v == hi {
				high++
			}
		}
	}
	if lo == hi {
		return 1
	}
	return float64(low+high) / float64(len(t.Data))
}

// Limits are the lowest and highest of some values; not numbers where one is none.
func Limits(data []float32) (lo, hi float32) {
	lo, hi = data[0], data[0]
	for _, v := range data {
		if !(v >= lo) { // true of what is no number, too
			lo = min(lo, v)
		}
		if !(v <= hi) {
			hi = max(hi, v)
		}
	}
	return lo, hi
}

// sampled bounds the pixels of a picture that are measured along each side.
const sampled = 256

// samples are raw values of a picture, evenly spread over it.
func samples(m *picture.Image) iter.Seq[float32] {
	return func(yield func(float32) bool) {
		for y := 0; y < m.Height; y += max(1, m.Height/sampled) {
			for x := 0; x < m.Width; x += max(1, m.Width/sampled) {
				for c := range m.Channels {
					if !yield(m.At(x, y, c)) {
						return
					}
				}
			}
		}
	}
}

// pictureAtLimits is shareAtLimits of the picture itself, from a sample.
func pictureAtLimits(m *picture.Image) float64 {
	t := infer.Tensor{Data: slices.Collect(samples(m))}
	if len(t.Data) == 0 {
		return 0
	}
	return shareAtLimits(t)
}

// twoValued tells whether a picture's samples have one or two values.
func twoValued(m *picture.Image) bool {
	var seen []float32
	for v := range samples(m) {
		switch {
		case slices.Contains(seen, v):
		case len(seen) == 2 || v != v:
			return false
		default:
			seen = append(seen, v)
		}
	}
	return len(seen) > 0
}
