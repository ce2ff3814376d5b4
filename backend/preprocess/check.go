package preprocess

import (
	"fmt"
	"math"

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

// Check says what looks wrong with the tensor t (C×H×W) that img became.
// Whether the numbers suit the model cannot be known, but an input without
// content, or one cut off at its limits, can. img is nil for an array, which is
// used as it is.
func Check(img *picture.Image, t infer.Tensor) []string {
	if img == nil || len(t.Data) == 0 {
		return nil
	}
	flat := pictureAtLimits(img)
	switch {
	case flat == 1: // a picture of one or two values says nothing about its preparation
		return nil
	case isConstant(t):
		return []string{fmt.Sprintf("All values of the model's input are %.4g: nothing is left of the picture. Check scale, window and standard deviation.", t.Data[0])}
	}
	if share := shareAtLimits(t) - flat; share > 0.3 {
		return []string{fmt.Sprintf("%.0f %% more of the model's input than of the picture is at the lowest or highest value, so contrast is lost. Check window, range and clip.", 100*share)}
	}
	return nil
}

// SaysNothing tells that a picture of one or two values, or an input of one, says
// nothing about how it was prepared.
func SaysNothing(img *picture.Image, t infer.Tensor) bool {
	return pictureAtLimits(img) == 1 || isConstant(t)
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
	lo, hi := Limits(t.Data)
	n := 0
	for _, v := range t.Data {
		if v == lo || v == hi {
			n++
		}
	}
	return float64(n) / float64(max(len(t.Data), 1))
}

// Limits are the lowest and highest of some values.
func Limits(data []float32) (lo, hi float32) {
	lo, hi = data[0], data[0]
	for _, v := range data {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// sampled bounds the pixels of a picture that are measured along each side.
const sampled = 256

// pictureAtLimits is shareAtLimits of the picture itself, from a sample.
func pictureAtLimits(m *picture.Image) float64 {
	t := infer.Tensor{}
	for y := 0; y < m.Height; y += max(1, m.Height/sampled) {
		for x := 0; x < m.Width; x += max(1, m.Width/sampled) {
			for c := range m.Channels {
				t.Data = append(t.Data, m.At(x, y, c))
			}
		}
	}
	if len(t.Data) == 0 {
		return 0
	}
	return shareAtLimits(t)
}
