package cover

import (
	"image"
	"math"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/visualizers"
)

// occluder hides regions of one input tensor behind a background of the same
// shape: the fill of an occlusion, prepared once for all windows.
type occluder struct {
	input      infer.Tensor
	background []float32
	soft       bool // blend with a Gaussian weight around the window's middle
	size       image.Point
}

// newOccluder prepares the fill named by the setting for windows of a size.
func newOccluder(in visualizers.Input, size image.Point) occluder {
	name := OcclusionFill.In(in.Values)
	c := occluder{input: in.Tensor, size: size, soft: name == "gauss"}
	c.background = visualizers.Background(in, name, size, uint64(OcclusionSeed.In(in.Values)))
	return c
}

// paint hides a region in dst, a copy of the input.
func (c occluder) paint(dst []float32, region image.Rectangle) {
	if c.soft {
		c.blend(dst, region)
		return
	}
	c.copyRows(dst, c.background, region)
}

// restore undoes paint.
func (c occluder) restore(dst []float32, region image.Rectangle) {
	c.copyRows(dst, c.input.Data, region)
}

func (c occluder) copyRows(dst, from []float32, region image.Rectangle) {
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
func (c occluder) blend(dst []float32, region image.Rectangle) {
	channels, height, width := c.input.Shape[0], c.input.Shape[1], c.input.Shape[2]
	across := bell(region.Dx(), c.size.X)
	down := bell(region.Dy(), c.size.Y)
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

// described tells the model about the occluder.
func (c occluder) described() *perturb.Occluder {
	v := &perturb.Occluder{Fill: infer.Tensor{Shape: c.input.Shape, Data: c.background}}
	if c.soft {
		v.Weights = func(region perturb.Box) [3][]float32 {
			visible := region.Size()
			return [3][]float32{nil, bell(visible[1], c.size.Y), bell(visible[2], c.size.X)}
		}
	}
	return v
}

// bell is the Gaussian weight along one axis of a window of a size, as far as
// the border leaves it.
func bell(visible, size int) []float32 {
	out := make([]float32, visible)
	sigma := float64(size) / 4
	for i := range out {
		d := (float64(i) + 0.5 - float64(size)/2) / sigma
		out[i] = float32(math.Exp(-d * d / 2))
	}
	return out
}

// slots are copies of the input in which windows are hidden in place: hiding
// one touches the window's pixels and those of the one before, no others.
type slots struct {
	occluder occluder
	rects    []image.Rectangle
	copies   []slot
}

type slot struct {
	tensor infer.Tensor
	hidden image.Rectangle
}

func (s *slots) hide(k, window int) (infer.Tensor, error) {
	for len(s.copies) <= k {
		s.copies = append(s.copies, slot{tensor: s.occluder.input.Clone()})
	}
	c := &s.copies[k]
	s.occluder.restore(c.tensor.Data, c.hidden)
	c.hidden = s.rects[window]
	s.occluder.paint(c.tensor.Data, c.hidden)
	return c.tensor, nil
}
