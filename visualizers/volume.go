package visualizers

import (
	"image"

	"picasso/backend/preprocess"
)

// Sizes are depth, height and width of the map of a volume.
func (m Map) Sizes() [3]int { return [3]int{m.Depth, m.Height / m.Depth, m.Width} }

// OnSlice is the map of a volume on one slice of the file, as a map of that slice:
// in its pixels, interpolated, and NaN outside of the block that the model got.
func (m Map) OnSlice(b preprocess.Block, slice int) Map {
	size := m.Sizes()
	n := size[0] * size[1] * size[2]
	out := m
	out.Depth, out.Height, out.Width, out.WholePicture, out.Step = 0, b.Source[1], b.Source[2], true, image.Point{}
	out.Values = nil
	for c := range m.Channels {
		out.Values = append(out.Values, b.Over(m.Values[c*n:(c+1)*n], size, slice)...)
	}
	return out
}
