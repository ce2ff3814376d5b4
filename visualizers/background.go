package visualizers

import (
	"image"

	"picasso/backend/infer"
)

// Background is what a method puts in the place of the image, in the shape of
// the input tensor: a colour by name or number, zero, the image's mean colour,
// the image without structure smaller than size, or noise like the image.
func Background(in Input, name string, size image.Point, seed uint64) []float32 {
	switch name {
	case "zero":
		return make([]float32, len(in.Tensor.Data))
	case "blur":
		return blurred(in.Tensor, size, DepthOf(in.Subject))
	case "noise":
		return noise(in.Tensor, seed)
	case "mean", "gauss":
		return flat(in.Tensor, ChannelMeans(in.Tensor))
	}
	return flat(in.Tensor, colour(in, name))
}

// BaselineBlur is the size of structure that a blurred baseline loses: a
// quarter of the image, or of a slice of depth of them.
func BaselineBlur(t infer.Tensor, depth int) image.Point {
	return image.Pt(max(1, t.Shape[2]/4), max(1, t.Shape[1]/max(1, depth)/4))
}
