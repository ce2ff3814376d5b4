package covering

import (
	"math"

	"picasso/ui/control"
	"picasso/visualizers/cover"
)

// handOf is what a mask covers of the model's input. In a volume it lies on the slice
// in hand: see [cover.ProjectSlice].
func handOf(share []uint8, height, width int, look *control.Look) cover.Hand {
	if b := look.Block; b != nil {
		slice, _ := look.Image.Span()
		return cover.ProjectSlice(share, *b, slice)
	}
	return cover.ProjectSoft(share, height, width, look.Place, look.Input.Shape[1], look.Input.Shape[2])
}

// lattice leads from places in the picture to the model's input, whose pixels, or
// voxels of the slice in hand, lie at the sum of what a row and a column give.
type lattice struct {
	row, column func(at float64) (offset int, inside bool)
}

func latticeOf(k *control.Look) lattice {
	if k.Block == nil {
		p, shape := k.Place, k.Input.Shape
		along := func(scale, offset float64, n, step int) func(float64) (int, bool) {
			return func(at float64) (int, bool) {
				i := int(math.Floor((at - offset) / scale))
				return i * step, i >= 0 && i < n
			}
		}
		return lattice{along(p.ScaleY, p.OffsetY, shape[1], shape[2]), along(p.ScaleX, p.OffsetX, shape[2], 1)}
	}
	size := k.Block.Size()
	steps := [3]int{size[1] * size[2], size[2], 1}
	along := func(of int) func(float64) (int, bool) {
		for i, a := range k.Block.Axes {
			if a.Of == of {
				return func(at float64) (int, bool) {
					n := int(math.Round(a.Index(at)))
					return n * steps[i], n >= 0 && n < size[i]
				}
			}
		}
		return nil
	}
	slice, _ := k.Image.Span()
	front, met := along(0)(float64(slice))
	rows, columns := along(1), along(2)
	return lattice{
		row: func(at float64) (int, bool) {
			offset, inside := rows(at - 0.5)
			return front + offset, met && inside
		},
		column: func(at float64) (int, bool) { return columns(at - 0.5) },
	}
}
