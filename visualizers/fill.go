package visualizers

import (
	"image"
	"math"
	"math/rand/v2"

	"picasso/backend"
)

// curtain hides regions of one input tensor behind a background of the same
// shape: the fill of an occlusion, prepared once for all windows.
type curtain struct {
	input      backend.Tensor
	background []float32
	soft       bool // blend with a Gaussian weight around the window's middle
	size       image.Point
}

// newCurtain prepares the fill named by the setting for windows of a size.
func newCurtain(in Input, size image.Point) curtain {
	c := curtain{input: in.Tensor, size: size}
	switch name := occlusionFill.In(in.Values); name {
	case "zero":
		c.background = make([]float32, len(in.Tensor.Data))
	case "blur":
		c.background = blurred(in.Tensor, size)
	case "noise":
		c.background = noise(in.Tensor, uint64(occlusionSeed.In(in.Values)))
	case "mean", "gauss":
		c.background = flat(in.Tensor, channelMeans(in.Tensor))
		c.soft = name == "gauss"
	default:
		c.background = flat(in.Tensor, colour(in, name))
	}
	return c
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
	return in.Subject.Encode(raw)
}

// shade is the raw value of black, white or the grey midway.
func shade(in Input, name string) float64 {
	low, high := 0.0, 255.0
	if in.Image != nil && in.Image.Range[1] > in.Image.Range[0] {
		low, high = float64(in.Image.Range[0]), float64(in.Image.Range[1])
	}
	switch name {
	case "black":
		return low
	case "white":
		return high
	}
	return (low + high) / 2
}

// flat is a tensor's data with one value per channel.
func flat(t backend.Tensor, values []float32) []float32 {
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

// channelMeans are the means of a C×H×W tensor's planes.
func channelMeans(t backend.Tensor) []float32 {
	means := make([]float32, t.Shape[0])
	for c := range means {
		plane := t.Slice(c).Data
		var sum float64
		for _, v := range plane {
			sum += float64(v)
		}
		means[c] = float32(sum / float64(len(plane)))
	}
	return means
}

// noise draws every value from a normal distribution with the mean and
// deviation of its plane, kept within the plane's own range. The same seed
// gives the same noise on every machine.
func noise(t backend.Tensor, seed uint64) []float32 {
	random := rand.New(rand.NewPCG(seed, 0))
	out := make([]float32, 0, len(t.Data))
	for c, mean := range channelMeans(t) {
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

// paint hides a region in dst, a copy of the input.
func (c curtain) paint(dst []float32, region image.Rectangle) {
	if c.soft {
		c.blend(dst, region)
		return
	}
	c.copyRows(dst, c.background, region)
}

// restore undoes paint.
func (c curtain) restore(dst []float32, region image.Rectangle) {
	c.copyRows(dst, c.input.Data, region)
}

func (c curtain) copyRows(dst, from []float32, region image.Rectangle) {
	channels, height, width := c.input.Shape[0], c.input.Shape[1], c.input.Shape[2]
	for plane := range channels {
		for y := region.Min.Y; y < region.Max.Y; y++ {
			row := (plane*height + y) * width
			copy(dst[row+region.Min.X:row+region.Max.X], from[row+region.Min.X:row+region.Max.X])
		}
	}
}

// blend fades the background in towards the window's middle with the weight
// exp(−(dx²/σx² + dy²/σy²)/2), σ a quarter of the window, as MONAI's Gaussian
// occlusion does.
func (c curtain) blend(dst []float32, region image.Rectangle) {
	channels, height, width := c.input.Shape[0], c.input.Shape[1], c.input.Shape[2]
	across := bell(region.Min.X, region.Max.X, c.size.X)
	down := bell(region.Min.Y, region.Max.Y, c.size.Y)
	for plane := range channels {
		for y := region.Min.Y; y < region.Max.Y; y++ {
			row := (plane*height + y) * width
			for x := region.Min.X; x < region.Max.X; x++ {
				weight := across[x-region.Min.X] * down[y-region.Min.Y]
				from := c.input.Data[row+x]
				dst[row+x] = from + weight*(c.background[row+x]-from)
			}
		}
	}
}

// bell is the Gaussian weight along one axis of a window of a size that
// starts at low and is cut off at high.
func bell(low, high, size int) []float32 {
	out := make([]float32, high-low)
	sigma := float64(size) / 4
	for i := range out {
		d := (float64(i) + 0.5 - float64(size)/2) / sigma
		out[i] = float32(math.Exp(-d * d / 2))
	}
	return out
}
