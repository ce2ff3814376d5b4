package cover

import (
	"image"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/visualizers"
	"picasso/visualizers/inpaint"
)

// Hand is a part of a picture that somebody covers: which pixels of the model's
// input, in row order, and how much of each, 0…1.
type Hand struct {
	Depth         int // slices of a volume, which lie under each other in Height; 0 for a picture
	Height, Width int
	Weights       []float32
}

// Project brings a mask of a picture's pixels, height × width in row order, to the
// model's input of rows × columns, which lies in the picture at a place: a pixel of
// the input is covered where the pixel of the picture at its centre is.
func Project(inside []bool, height, width int, at preprocess.Placement, rows, columns int) Hand {
	return project(height, width, at, rows, columns, func(i int) float32 {
		if inside[i] {
			return 1
		}
		return 0
	})
}

// ProjectSoft is [Project] of how much of each pixel is covered, from 0 for not at all
// to 255 for all of it.
func ProjectSoft(share []uint8, height, width int, at preprocess.Placement, rows, columns int) Hand {
	return project(height, width, at, rows, columns, func(i int) float32 { return float32(share[i]) / 255 })
}

func project(height, width int, at preprocess.Placement, rows, columns int, weight func(i int) float32) Hand {
	h := Hand{Height: rows, Width: columns, Weights: make([]float32, rows*columns)}
	for i := range h.Weights {
		y := int(math.Floor(at.ScaleY*(float64(i/columns)+0.5) + at.OffsetY))
		x := int(math.Floor(at.ScaleX*(float64(i%columns)+0.5) + at.OffsetX))
		if y >= 0 && y < height && x >= 0 && x < width {
			h.Weights[i] = weight(y*width + x)
		}
	}
	return h
}

// ProjectSlice brings what is covered of a slice of a file's volume, as [ProjectSoft]
// has it, to the block that a model gets. It covers the block as deep as it is narrow,
// in voxels of the block, with the slice in the middle: a ball or a box is covered by
// painting its largest cut.
func ProjectSlice(share []uint8, b preprocess.Block, slice int) Hand {
	size := b.Size()
	h := Hand{Depth: size[0], Height: size[0] * size[1], Width: size[2], Weights: make([]float32, size[0]*size[1]*size[2])}
	var deep int // the axis along which slices follow each other
	for k, a := range b.Axes {
		if a.Of == 0 {
			deep = k
		}
	}
	low, high := size, [3]int{-1, -1, -1}
	each := func(visit func(i int, at [3]int, weight float32)) {
		for i := range h.Weights {
			at := [3]int{i / size[2] / size[1], i / size[2] % size[1], i % size[2]}
			var place [3]int
			inside := true
			for k, a := range b.Axes {
				place[a.Of] = int(math.Round(a.At(float64(at[k]))))
				inside = inside && place[a.Of] >= 0 && place[a.Of] < b.Source[a.Of]
			}
			if inside {
				if w := share[place[1]*b.Source[2]+place[2]]; w > 0 {
					visit(i, at, float32(w)/255)
				}
			}
		}
	}
	each(func(_ int, at [3]int, _ float32) {
		for k, p := range at {
			low[k], high[k] = min(low[k], p), max(high[k], p)
		}
	})
	middle := int(math.Round(b.Axes[deep].Index(float64(slice))))
	if middle < 0 || middle >= size[deep] {
		return h
	}
	narrow := math.MaxInt
	for k := range size {
		if k != deep {
			narrow = min(narrow, high[k]-low[k])
		}
	}
	each(func(i int, at [3]int, weight float32) {
		if away := at[deep] - middle; 2*max(away, -away) <= narrow {
			h.Weights[i] = weight
		}
	})
	return h
}

// Solid is the part of a volume whose voxels are given, of depth slices in rows under
// each other.
func Solid(inside []bool, depth, rows, columns int) Hand {
	h := Project(inside, rows, columns, preprocess.Placement{ScaleX: 1, ScaleY: 1}, rows, columns)
	h.Depth = depth
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

// Smooth is the fill that continues what lies around: it has no edge that a network
// could see. The windows of occlusion do not have it, for it takes equations of its
// own for every one of them.
const Smooth = "smooth"

// HandFill is what may be put in the place of a covered part: the fills of occlusion,
// but for the one that fades towards the edges of a window, and [Smooth].
var HandFill = visualizers.Choice{
	Field: visualizers.Field{ID: OcclusionFill.ID, Title: OcclusionFill.Title,
		Doc: "What the covered part is filled with: the mean colour of the picture, grey, black or white (water, air or bone in a CT), zero in the model's own units, the blurred picture, noise with the statistics of the picture, smooth for what continues the surroundings, or a number in the picture's units (0…255, or HU)."},
	Options: append(slices.DeleteFunc(slices.Clone(OcclusionFill.Options), func(name string) bool { return name == "gauss" }), Smooth),
	Number:  true,
}

// Covered is the input with a fill, as [HandFill] names it in the values, in the
// place of what the hand covers. Where that is one of occlusion's windows and fills,
// it is the very copy that occlusion scores.
func (h Hand) Covered(in visualizers.Input) infer.Tensor {
	out := in.Tensor.Clone()
	background := h.background(in)
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

// background is the fill, everywhere.
func (h Hand) background(in visualizers.Input) []float32 {
	fill := HandFill.In(in.Values)
	if fill == Smooth {
		return h.smooth(in.Tensor)
	}
	size := h.Bounds().Size()
	return visualizers.Background(in, fill, image.Pt(max(size.X, 1), min(max(size.Y, 1), h.rows())), uint64(OcclusionSeed.In(in.Values)))
}

// smoothed is how exactly a smooth fill is one, as a share of the largest value: less
// than a step of an 8-bit picture.
const smoothed = 1e-4

// rows are those of a slice.
func (h Hand) rows() int { return h.Height / max(h.Depth, 1) }

// smooth is the input with whatever the hand touches filled from around it, plane by
// plane, of volumes slice by slice. Where nothing is left around, it is the mean.
func (h Hand) smooth(t infer.Tensor) []float32 {
	touched := make([]bool, len(h.Weights))
	for i, w := range h.Weights {
		touched[i] = w > 0
	}
	out := slices.Clone(t.Data)
	plane := make([]float64, h.rows()*h.Width)
	for at := 0; at < len(out); at += len(plane) {
		part, touched := out[at:at+len(plane)], touched[at%len(touched):][:len(plane)]
		guess := meanOutside(part, touched)
		for i, v := range part {
			if plane[i] = float64(v); touched[i] {
				plane[i] = guess
			}
		}
		inpaint.Plane(plane, h.rows(), h.Width, touched, smoothed)
		for i := range part {
			if touched[i] {
				part[i] = float32(plane[i])
			}
		}
	}
	return out
}

// meanOutside is the mean of what is not touched, of all where nothing is left.
func meanOutside(values []float32, touched []bool) float64 {
	var sum float64
	n := 0
	for i, v := range values {
		if !touched[i] {
			sum += float64(v)
			n++
		}
	}
	if n == 0 {
		return visualizers.MeanOf(values)
	}
	return sum / float64(n)
}
