package visualizers

import (
	"math"
	"math/rand/v2"

	"picasso/backend/infer"
	"picasso/backend/picture"
)

func MeanOf(values []float32) float64 {
	var sum float64
	for _, v := range values {
		sum += float64(v)
	}
	return sum / float64(len(values))
}

// colour is a fill of one colour, per channel in the model's units. A number
// is in the picture's raw units, or in the tensor's own where there is no
// picture.
func colour(in Input, name string) []float32 {
	channels, _, _ := in.Subject.Shape()
	raw := make([]float32, channels)
	value, isNumber := finite(name)
	if !isNumber {
		value = shade(in, name)
	}
	for i := range raw {
		raw[i] = float32(value)
	}
	if isNumber && in.Image == nil {
		return raw
	}
	return in.Subject.Encoder(in.Image)(raw)
}

// shade is the raw value of black, white or the grey midway.
func shade(in Input, name string) float64 {
	low, high := Shades(in.Image)
	switch name {
	case "black":
		return low
	case "white":
		return high
	}
	return (low + high) / 2
}

// Hounsfield units of air and of dense bone, with water at 0 midway.
const air, bone = -1000, 1000

// Shades are the raw values of black and white. In Hounsfield units these are
// air and bone, whatever window the file asks to be shown through; in other
// pictures the values that look so. Without a picture they are 8-bit values.
func Shades(img *picture.Image) (black, white float64) {
	switch {
	case img == nil || img.Range[0] == img.Range[1]:
		return 0, 255
	case img.Unit == "HU":
		return air, bone
	}
	return float64(img.Range[0]), float64(img.Range[1])
}

// flat is a tensor's data with one value per channel.
func flat(t infer.Tensor, values []float32) []float32 {
	out := make([]float32, len(t.Data))
	plane := len(out) / len(values)
	for c, v := range values {
		part := out[c*plane : (c+1)*plane]
		for i := range part {
			part[i] = v
		}
	}
	return out
}

// ChannelMeans are the means of a C×H×W tensor's planes.
func ChannelMeans(t infer.Tensor) []float32 {
	means := make([]float32, t.Shape[0])
	for c := range means {
		means[c] = float32(MeanOf(t.Slice(c).Data))
	}
	return means
}

// noise draws every value from a normal distribution with the mean and
// deviation of its plane, kept within the plane's own range. The same seed
// gives the same noise on every machine.
func noise(t infer.Tensor, seed uint64) []float32 {
	random := rand.New(rand.NewPCG(seed, 0))
	out := make([]float32, 0, len(t.Data))
	for c, mean := range ChannelMeans(t) {
		plane := t.Slice(c).Data
		low, high, square := plane[0], plane[0], 0.0
		for _, v := range plane {
			low, high = min(low, v), max(high, v)
			d := float64(v) - float64(mean)
			square += d * d
		}
		deviation := math.Sqrt(square / float64(len(plane)))
		for range plane {
			v := float32(float64(mean) + deviation*random.NormFloat64())
			out = append(out, min(max(v, low), high))
		}
	}
	return out
}
