package visualizers

import (
	"image"
	"sync"

	"picasso/backend/preprocess"
)

// Sizes are depth, height and width of the map of a volume.
func (m Map) Sizes() [3]int { return [3]int{m.Depth, m.Height / m.Depth, m.Width} }

// Whole is the map of a volume that a slice's map was cut out of.
type Whole struct {
	Map   Map
	Block preprocess.Block // what the model got of the file's volume
	Slice int              // of the file, that the map was cut at

	mu    sync.Mutex
	found map[any][2]float64
}

// Ends is the result of find for the values of the map, kept under key: whatever is drawn of
// the map asks for them again.
func (w *Whole) Ends(key any, find func(Map) (low, high float64)) (low, high float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ends, ok := w.found[key]
	if !ok {
		ends[0], ends[1] = find(w.Map)
		if w.found == nil {
			w.found = map[any][2]float64{}
		}
		w.found[key] = ends
	}
	return ends[0], ends[1]
}

// OnSlice is the map of a volume on one slice of the file, as a map of that slice:
// in its pixels, interpolated, and NaN outside of the block that the model got. It is
// drawn on the scale of the whole.
func (m Map) OnSlice(b preprocess.Block, slice int) Map {
	size := m.Sizes()
	n := size[0] * size[1] * size[2]
	out := m
	out.Depth, out.Height, out.Width, out.WholePicture, out.Step = 0, b.Source[1], b.Source[2], true, image.Point{}
	out.Values = nil
	for c := range m.Channels {
		out.Values = append(out.Values, b.Over(m.Values[c*n:(c+1)*n], size, slice)...)
	}
	b.Tensor.Data = nil // maps do not keep the model's input
	out.Of = &Whole{Map: m, Block: b, Slice: slice}
	return out
}
