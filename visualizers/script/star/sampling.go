package star

import (
	"fmt"
	"math/rand/v2"

	"go.starlark.net/starlark"
)

// side is an argument that is a length, or an extent of height and width.
type side struct{ height, width int }

// Unpack reads the argument.
func (s *side) Unpack(v starlark.Value) error {
	if n, err := starlark.AsInt32(v); err == nil {
		s.height, s.width = n, n
		return nil
	}
	if e, ok := v.(extentValue); ok {
		*s = side(e)
		return nil
	}
	pair, ok := v.(starlark.Indexable)
	if !ok || pair.Len() != 2 {
		return fmt.Errorf("got %s, want a number of pixels, an extent, or (height, width)", v.Type())
	}
	var err error
	if s.height, err = starlark.AsInt32(pair.Index(0)); err != nil {
		return err
	}
	s.width, err = starlark.AsInt32(pair.Index(1))
	return err
}

func windows(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var height, width int
	var size, stride side
	if err := starlark.UnpackArgs("windows", args, kwargs, "height", &height, "width", &width, "size", &size, "stride", &stride); err != nil {
		return nil, err
	}
	if min(height, width, size.height, size.width, stride.height, stride.width) < 1 {
		return nil, fmt.Errorf("windows: height, width, size and stride must be at least 1")
	}
	tops := starts(height, size.height, stride.height)
	lefts := starts(width, size.width, stride.width)
	const most = 1 << 20
	if len(tops)*len(lefts) > most {
		return nil, fmt.Errorf("windows: %d×%d places are too many; choose a larger stride", len(tops), len(lefts))
	}
	var out []starlark.Value
	for _, top := range tops {
		for _, left := range lefts {
			out = append(out, starlark.Tuple{
				starlark.MakeInt(top), starlark.MakeInt(left),
				starlark.MakeInt(min(size.height, height-top)), starlark.MakeInt(min(size.width, width-left)),
			})
		}
	}
	return starlark.NewList(out), nil
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
	var count, height, width, seed int
	cells, share := 8, real(0.5)
	if err := starlark.UnpackArgs("random_masks", args, kwargs, "count", &count, "height", &height, "width", &width,
		"cells?", &cells, "share?", &share, "seed?", &seed); err != nil {
		return nil, err
	}
	const most = 4096
	if min(count, height, width, cells) < 1 || max(cells, height, width) > most {
		return nil, fmt.Errorf("random_masks: count, height, width and cells must be from 1 to %d", most)
	}
	out, err := newTensor(count, height, width)
	if err != nil {
		return nil, err
	}
	source := rand.New(rand.NewPCG(uint64(seed), 1))
	n := height * width
	for i := range count {
		if err := randomMask(out.data[i*n:(i+1)*n], height, width, cells, float64(share), source); err != nil {
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
