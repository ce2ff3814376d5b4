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

	found *found
}

// found is what was found out about the map of a volume, for all its slices.
type found struct {
	mu     sync.Mutex
	ends   map[any][2]float64
	shares [3][]float64
}

// Ends is the result of find for the values of the map, kept under key: whatever is drawn of
// the map asks for them again.
func (w *Whole) Ends(key any, find func(Map) (low, high float64)) (low, high float64) {
	w.found.mu.Lock()
	defer w.found.mu.Unlock()
	ends, ok := w.found.ends[key]
	if !ok {
		ends[0], ends[1] = find(w.Map)
		if w.found.ends == nil {
			w.found.ends = map[any][2]float64{}
		}
		w.found.ends[key] = ends
	}
	return ends[0], ends[1]
}

// Shares is the part of the magnitude of the map's first channel on each slice of the file,
// or, with along 1 or 2, on each of its rows or columns: see [preprocess.Block.Shares]. The
// result is shared and must not be changed.
func (w *Whole) Shares(along int) []float64 {
	w.found.mu.Lock()
	defer w.found.mu.Unlock()
	if w.found.shares[along] == nil {
		size := w.Map.Sizes()
		w.found.shares[along] = w.Block.Shares(w.Map.Values[:size[0]*size[1]*size[2]], size, along)
	}
	return w.found.shares[along]
}

// OnSlice is the map on another slice of the file: see [Map.OnSlice].
func (w *Whole) OnSlice(slice int) Map {
	size := w.Map.Sizes()
	n := size[0] * size[1] * size[2]
	out := w.Map
	out.Depth, out.Height, out.Width, out.WholePicture, out.Step = 0, w.Block.Source[1], w.Block.Source[2], true, image.Point{}
	out.Values = nil
	for c := range w.Map.Channels {
		out.Values = append(out.Values, w.Block.Over(w.Map.Values[c*n:(c+1)*n], size, slice)...)
	}
	out.Of = &Whole{Map: w.Map, Block: w.Block, Slice: slice, found: w.found}
	return out
}

// OnSlice is the map of a volume on one slice of the file, as a map of that slice:
// in its pixels, interpolated, and NaN outside of the block that the model got. It is
// drawn on the scale of the whole.
func (m Map) OnSlice(b preprocess.Block, slice int) Map {
	b.Tensor.Data = nil // maps do not keep the model's input
	w := Whole{Map: m, Block: b, found: &found{}}
	return w.OnSlice(slice)
}
