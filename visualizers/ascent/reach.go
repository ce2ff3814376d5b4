package ascent

import (
	"math"

	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/visualizers"
)

// reach is what values a model's input can have, and what they are as raw
// colours: canvas −1 and 1 are the darkest and the brightest value of each
// channel.
type reach struct {
	middle, half []float64 // of each channel, in the model's units
	decoder      preprocess.Decoder
	unit         string
	ends         [2]float32 // raw values of the darkest and the brightest
}

// beyond is a raw value that no picture has: where preparation cuts values off,
// its limits show there.
const beyond = 1 << 24

// reachOf asks how pictures are prepared. Where no window or limit bounds the
// values, those bound them that the file of the picture could hold.
func reachOf(s visualizers.Decoded, in visualizers.Input) reach {
	channels, _, _ := s.Shape()
	raw := [2]float32{0, 255}
	r := reach{}
	if in.Image != nil {
		raw, r.unit = in.Image.Depth(), in.Image.Unit
	}
	encode := s.Encoder(in.Image)
	of := func(value float32) []float32 {
		list := make([]float32, channels)
		for i := range list {
			list[i] = value
		}
		return encode(list)
	}
	low, high := of(raw[0]), of(raw[1])
	under, over, farther := of(-beyond), of(beyond), of(2*beyond)
	dark, bright := make([]float32, channels), make([]float32, channels)
	for c := range channels {
		if over[c] == farther[c] && under[c] != over[c] { // cut off at both ends
			low[c], high[c] = under[c], over[c]
		}
		a, b := float64(low[c]), float64(high[c])
		r.middle, r.half = append(r.middle, (a+b)/2), append(r.half, math.Abs(b-a)/2)
		dark[c], bright[c] = min(low[c], high[c]), max(low[c], high[c])
	}
	r.decoder = s.Decoder(in.Image)
	first, last := r.decoder.Raw(dark), r.decoder.Raw(bright)
	r.ends = [2]float32{min(first[0], last[0]), max(first[0], last[0])}
	return r
}

// input is a canvas in the model's units.
func (r reach) input(s size, canvas []float64) infer.Tensor {
	t := infer.NewTensor(s.channels, s.height, s.width)
	n := s.plane()
	for i, v := range canvas {
		t.Data[i] = float32(r.middle[i/n] + r.half[i/n]*v)
	}
	return t
}

// pull is d/d canvas from d/d input.
func (r reach) pull(s size, g infer.Tensor) []float64 {
	out := make([]float64, len(g.Data))
	for i, v := range g.Data {
		out[i] = r.half[i/s.plane()] * float64(v)
	}
	return out
}

// canvas is an input as a canvas.
func (r reach) canvas(s size, x infer.Tensor) []float64 {
	out := make([]float64, len(x.Data))
	for i, v := range x.Data {
		if c := i / s.plane(); r.half[c] > 0 {
			out[i] = (float64(v) - r.middle[c]) / r.half[c]
		}
	}
	return out
}

// picture is an input in raw colours: grey for one channel, else red, green and
// blue.
func (r reach) picture(x infer.Tensor) *visualizers.Picture {
	channels, height, width := x.Shape[0], x.Shape[1], x.Shape[2]
	p := &visualizers.Picture{Channels: 3, Height: height, Width: width, Range: r.ends, Unit: r.unit}
	if channels == 1 {
		p.Channels = 1
	}
	n := height * width
	p.Values = make([]float32, p.Channels*n)
	values := make([]float32, channels)
	for i := range n {
		for c := range values {
			values[c] = x.Data[c*n+i]
		}
		raw := r.decoder.Raw(values)
		for c := range p.Channels {
			p.Values[c*n+i] = raw[c]
		}
	}
	return p
}
