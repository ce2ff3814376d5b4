package star

import (
	"fmt"
	"math/rand/v2"

	"go.starlark.net/starlark"

	"picasso/backend/picture/voxels"
)

// side is an argument that is a length, or an extent of height and width, and in
// volumes of depth.
type side extentValue

// Unpack reads the argument.
func (s *side) Unpack(v starlark.Value) error {
	if n, err := starlark.AsInt32(v); err == nil {
		*s = side{n, n, n}
		return nil
	}
	if e, ok := v.(extentValue); ok {
		*s = side(e)
		return nil
	}
	list, ok := v.(starlark.Indexable)
	if !ok || list.Len() != 2 && list.Len() != 3 {
		return fmt.Errorf("got %s, want a number of pixels, an extent, (height, width) or (depth, height, width)", v.Type())
	}
	to := []*int{&s.depth, &s.height, &s.width}[3-list.Len():]
	for i, p := range to {
		var err error
		if *p, err = starlark.AsInt32(list.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func windows(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var height, width, depth int
	var size, stride side
	if err := starlark.UnpackArgs("windows", args, kwargs, "height", &height, "width", &width, "size", &size, "stride", &stride, "depth?", &depth); err != nil {
		return nil, err
	}
	if min(height, width, size.height, size.width, stride.height, stride.width) < 1 || depth < 0 || depth > 0 && min(size.depth, stride.depth) < 1 {
		return nil, fmt.Errorf("windows: height, width, size and stride must be at least 1, in volumes along the depth too")
	}
	fronts := []int{0}
	if depth > 0 {
		fronts = starts(depth, size.depth, stride.depth)
	}
	tops := starts(height, size.height, stride.height)
	lefts := starts(width, size.width, stride.width)
	const most = 1 << 20
	if len(fronts)*len(tops)*len(lefts) > most {
		return nil, fmt.Errorf("windows: %d×%d×%d places are too many; choose a larger stride", len(fronts), len(tops), len(lefts))
	}
	var out []starlark.Value
	for _, front := range fronts {
		for _, top := range tops {
			for _, left := range lefts {
				place := []int{top, left, min(size.height, height-top), min(size.width, width-left)}
				if depth > 0 {
					place = []int{front, top, left, min(size.depth, depth-front), place[2], place[3]}
				}
				out = append(out, wholes(place))
			}
		}
	}
	return starlark.NewList(out), nil
}

// wholes is a tuple of whole numbers.
func wholes(list []int) starlark.Tuple {
	out := make(starlark.Tuple, len(list))
	for i, n := range list {
		out[i] = starlark.MakeInt(n)
	}
	return out
}

// starts are the places of a window along one axis: at multiples of the
// stride until it covers the last pixel.
func starts(length, size, stride int) []int {
	out := []int{0}
	for at := stride; at < length && at-stride+min(size, length) < length; at += stride {
		out = append(out, at)
	}
	return out
}

func randomMasks(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var count, height, width, seed, depth int
	cells, share := 8, real(0.5)
	if err := starlark.UnpackArgs("random_masks", args, kwargs, "count", &count, "height", &height, "width", &width,
		"cells?", &cells, "share?", &share, "seed?", &seed, "depth?", &depth); err != nil {
		return nil, err
	}
	const most = 4096
	if min(count, height, width, cells) < 1 || max(cells, height, width, depth) > most || depth < 0 || depth > 0 && cells > 64 {
		return nil, fmt.Errorf("random_masks: count, height, width and cells must be from 1 to %d, cells of volumes to 64", most)
	}
	shape := []int{count, height, width}
	if depth > 0 {
		shape = []int{count, depth, height, width}
	}
	out, err := newTensor(shape...)
	if err != nil {
		return nil, err
	}
	source := rand.New(rand.NewPCG(uint64(seed), 1))
	n := len(out.data) / count
	for i := range count {
		if depth > 0 {
			copy(out.data[i*n:(i+1)*n], voxels.Random([3]int{depth, height, width}, cells, float64(share), source))
		} else if err := randomMask(out.data[i*n:(i+1)*n], height, width, cells, float64(share), source); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// randomMask draws one mask: a random grid one cell larger than asked, enlarged
// smoothly and cut at a random place (Petsiuk, Das and Saenko 2018, 3.2).
func randomMask(dst []float32, height, width, cells int, share float64, source *rand.Rand) error {
	grid, err := newTensor(cells+1, cells+1)
	if err != nil {
		return err
	}
	for i := range grid.data {
		if source.Float64() < share {
			grid.data[i] = 1
		}
	}
	cellH, cellW := (height+cells-1)/cells, (width+cells-1)/cells
	large, err := grid.resized((cells+1)*cellH, (cells+1)*cellW, "bilinear")
	if err != nil {
		return err
	}
	top, left := source.IntN(cellH), source.IntN(cellW)
	for y := range height {
		from := (top+y)*large.shape[1] + left
		copy(dst[y*width:(y+1)*width], large.data[from:from+width])
	}
	return nil
}
