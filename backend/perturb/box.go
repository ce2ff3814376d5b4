package perturb

import (
	"image"

	"picasso/backend/onnx/incremental"
	"picasso/backend/preprocess"
)

// Size is a number of slices, rows and columns. A picture is one slice.
type Size [3]int

// Flat is the size of a rectangle.
func Flat(p image.Point) Size { return Size{1, p.Y, p.X} }

// sidesOf is the size of a model's input.
func sidesOf(in preprocess.Input) Size { return Size{max(in.Depth, 1), in.Height, in.Width} }

// rankOf is the number of axes of places of a model's input.
func rankOf(in preprocess.Input) int {
	if in.Depth > 0 {
		return 3
	}
	return 2
}

// Box is a part of a picture or volume: slices, rows and columns from From up to
// but not including To.
type Box struct{ From, To Size }

// Rectangle is a part of a picture.
func Rectangle(r image.Rectangle) Box {
	return Box{Size{0, r.Min.Y, r.Min.X}, Size{1, r.Max.Y, r.Max.X}}
}

// Rectangles are parts of a picture.
func Rectangles(list []image.Rectangle) []Box {
	boxes := make([]Box, len(list))
	for i, r := range list {
		boxes[i] = Rectangle(r)
	}
	return boxes
}

// Size is how far the box reaches on each axis.
func (b Box) Size() Size {
	var s Size
	for k := range s {
		s[k] = max(0, b.To[k]-b.From[k])
	}
	return s
}

// Empty reports a box without places.
func (b Box) Empty() bool {
	s := b.Size()
	return s[0]*s[1]*s[2] == 0
}

// within is what of the box lies in an input of a size.
func (b Box) within(sides Size) Box {
	for k, n := range sides {
		b.From[k], b.To[k] = min(max(b.From[k], 0), n), min(max(b.To[k], 0), n)
	}
	return b
}

// along are the box's ranges on the last axes.
func (b Box) along(rank int) []incremental.Interval {
	spans := make([]incremental.Interval, rank)
	for k := range spans {
		axis := len(b.From) - rank + k
		spans[k] = incremental.Interval{Lo: b.From[axis], Hi: b.To[axis]}
	}
	return spans
}

// Lines visits the box's rows in a tensor of C×(slices·rows)×columns: from and to are
// the elements of one.
func (b Box) Lines(channels int, sides Size, visit func(from, to int)) {
	for c := range channels {
		for z := b.From[0]; z < b.To[0]; z++ {
			for y := b.From[1]; y < b.To[1]; y++ {
				row := ((c*sides[0]+z)*sides[1] + y) * sides[2]
				visit(row+b.From[2], row+b.To[2])
			}
		}
	}
}

// largest is the size of the largest box on each axis.
func largest(boxes []Box) Size {
	var most Size
	for _, b := range boxes {
		for k, n := range b.Size() {
			most[k] = max(most[k], n)
		}
	}
	return most
}
