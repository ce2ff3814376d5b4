package cover

import (
	"image"
	"math"

	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/visualizers"
)

// Hand is a part of a picture that somebody covers: which pixels of the model's
// input, in row order, and how much of each, 0…1.
type Hand struct {
	Height, Width int
	Weights       []float32
}

// Project brings a mask of a picture's pixels, height × width in row order, to the
// model's input of rows × columns, which lies in the picture at a place: a pixel of
// the input is covered where the pixel of the picture at its centre is.
func Project(inside []bool, height, width int, at preprocess.Placement, rows, columns int) Hand {
	h := Hand{Height: rows, Width: columns, Weights: make([]float32, rows*columns)}
	for i := range h.Weights {
		y := int(math.Floor(at.ScaleY*(float64(i/columns)+0.5) + at.OffsetY))
		x := int(math.Floor(at.ScaleX*(float64(i%columns)+0.5) + at.OffsetX))
		if y >= 0 && y < height && x >= 0 && x < width && inside[y*width+x] {
			h.Weights[i] = 1
		}
	}
	return h
}

// Share is how much of the model's input is covered, 0…1.
func (h Hand) Share() float64 {
	total := 0.0
	for _, w := range h.Weights {
		total += float64(w)
	}
	return total / float64(max(len(h.Weights), 1))
}

// Bounds is the smallest rectangle around what is covered.
func (h Hand) Bounds() image.Rectangle {
	var b image.Rectangle
	for i, w := range h.Weights {
		if w > 0 {
			b = b.Union(image.Rect(i%h.Width, i/h.Width, i%h.Width+1, i/h.Width+1))
		}
	}
	return b
}

// Covered is the input with a fill, as [OcclusionFill] names it, in the place of
// what the hand covers. Where that is one of occlusion's windows, it is the very
// copy that occlusion scores.
func (h Hand) Covered(in visualizers.Input) infer.Tensor {
	size := h.Bounds().Size()
	fill := OcclusionFill.In(in.Values)
	background := visualizers.Background(in, fill, image.Pt(max(size.X, 1), max(size.Y, 1)), uint64(OcclusionSeed.In(in.Values)))
	out := in.Tensor.Clone()
	for i := range out.Data {
		switch w := h.Weights[i%len(h.Weights)]; w {
		case 0:
		case 1:
			out.Data[i] = background[i]
		default:
			out.Data[i] += w * (background[i] - out.Data[i])
		}
	}
	return out
}
