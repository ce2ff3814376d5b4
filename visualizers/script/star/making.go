package star

import (
	"fmt"
	"math/rand/v2"

	"go.starlark.net/starlark"
)

// makers are the functions that make tensors and work with several.
var makers = []Entry{
	{"zeros", "zeros(length, …)", "A tensor of zeros; also `zeros(x.shape)`.", maker("zeros", 0)},
	{"ones", "ones(length, …)", "A tensor of ones.", maker("ones", 1)},
	{"full", "full(shape, value)", "A tensor of one value.", full},
	{"tensor", "tensor(list)", "A tensor from a list of numbers, or a list of lists of the same length.", makeTensor},
	{"stack", "stack(tensors)", "Tensors of one shape joined along a new first axis.", stack},
	{"where", "where(mask, a, b)", "The values of `a` where the mask is not 0, those of `b` elsewhere.", where},
	{"windows", "windows(height, width, size, stride, depth=0)", "The positions of a sliding window as (top, left, height, width), row by row; with a `depth` those of a box in a volume as (front, top, left, depth, height, width). The last one along each axis is cut off at the border, as in the built-in occlusion. `size` and `stride` are numbers or extents.", windows},
	{"random_masks", "random_masks(count, height, width, cells=8, share=0.5, seed=0, depth=0)", "`count` smooth random masks from 0 to 1 (count×height×width, with a `depth` count×depth×height×width): a grid of cells, each visible with probability `share`, enlarged and shifted at random, as RISE does.", randomMasks},
	{"random_normal", "random_normal(shape, seed=0)", "Normally distributed noise with mean 0 and standard deviation 1; the same seed gives the same noise.", randomNormal},
	{"random_uniform", "random_uniform(shape, seed=0)", "Uniformly distributed noise from 0 to 1.", randomUniform},
	{"sum", "sum(numbers)", "The sum of a list of numbers.", sum},
}

func maker(name string, value float32) builtin {
	return func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if len(kwargs) > 0 {
			return nil, fmt.Errorf("%s: takes only the lengths of the axes, for example %s(224, 224)", name, name)
		}
		shape, err := lengths(name, args)
		if err != nil {
			return nil, err
		}
		return constant(shape, value)
	}
}

func constant(shape []int, value float32) (*tensor, error) {
	t, err := newTensor(shape...)
	if err != nil || value == 0 {
		return t, err
	}
	for i := range t.data {
		t.data[i] = value
	}
	return t, nil
}

func full(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var shape starlark.Value
	var value real
	if err := starlark.UnpackArgs("full", args, kwargs, "shape", &shape, "value", &value); err != nil {
		return nil, err
	}
	lens, err := lengths("full", starlark.Tuple{shape})
	if err != nil {
		return nil, err
	}
	return constant(lens, float32(value))
}

func makeTensor(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var list starlark.Iterable
	if err := starlark.UnpackArgs("tensor", args, kwargs, "list", &list); err != nil {
		return nil, err
	}
	return fromList(list)
}

// fromList reads numbers, or entries of one shape.
func fromList(list starlark.Iterable) (*tensor, error) {
	var parts []*tensor
	var numbers []float32
	for v := range starlark.Elements(list) {
		x, isNumber := starlark.AsFloat(v)
		inner, isList := v.(starlark.Iterable)
		switch {
		case isNumber && parts == nil:
			numbers = append(numbers, float32(x))
		case isList && numbers == nil:
			if len(parts) > 0 && len(parts[0].shape) >= maxRank {
				return nil, fmt.Errorf("a tensor has at most %d axes", maxRank)
			}
			t, ok := v.(*tensor)
			if !ok {
				var err error
				if t, err = fromList(inner); err != nil {
					return nil, err
				}
			}
			parts = append(parts, t)
		default:
			return nil, fmt.Errorf("a tensor is made from numbers or lists of numbers; got %s", v.Type())
		}
		if len(numbers) > maxElements {
			return nil, fmt.Errorf("the list is too long for a tensor")
		}
	}
	if parts == nil {
		return &tensor{shape: []int{len(numbers)}, data: numbers}, nil
	}
	return stacked(parts)
}

func stack(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var list starlark.Iterable
	if err := starlark.UnpackArgs("stack", args, kwargs, "tensors", &list); err != nil {
		return nil, err
	}
	parts, err := tensorsOf(list)
	if err != nil {
		return nil, err
	}
	return stacked(parts)
}

// tensorsOf reads a list of tensors.
func tensorsOf(list starlark.Iterable) ([]*tensor, error) {
	var out []*tensor
	for v := range starlark.Elements(list) {
		t, ok := v.(*tensor)
		if !ok {
			return nil, fmt.Errorf("got %s in the list, want tensors", v.Type())
		}
		out = append(out, t)
	}
	return out, nil
}

func stacked(parts []*tensor) (*tensor, error) {
	if len(parts) == 0 {
		return newTensor(0)
	}
	out, err := newTensor(append([]int{len(parts)}, parts[0].shape...)...)
	if err != nil {
		return nil, err
	}
	n := len(parts[0].data)
	for i, p := range parts {
		if shapeText(p.shape) != shapeText(parts[0].shape) {
			return nil, fmt.Errorf("tensors of shapes %s and %s cannot be stacked", shapeText(parts[0].shape), shapeText(p.shape))
		}
		copy(out.data[i*n:], p.data)
	}
	return out, nil
}

func where(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var mask, a, b values
	if err := starlark.UnpackArgs("where", args, kwargs, "mask", &mask, "a", &a, "b", &b); err != nil {
		return nil, err
	}
	yes, err := combine(a.tensor, mask.tensor, func(v, m float32) float32 {
		if m != 0 {
			return v
		}
		return 0
	})
	if err != nil {
		return nil, err
	}
	no, err := combine(b.tensor, mask.tensor, func(v, m float32) float32 {
		if m == 0 {
			return v
		}
		return 0
	})
	if err != nil {
		return nil, err
	}
	return combine(yes, no, func(x, y float32) float32 { return x + y })
}

func sum(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var list starlark.Iterable
	if err := starlark.UnpackArgs("sum", args, kwargs, "numbers", &list); err != nil {
		return nil, err
	}
	var total float64
	for v := range starlark.Elements(list) {
		x, ok := starlark.AsFloat(v)
		if !ok {
			return nil, fmt.Errorf("sum: got %s in the list, want numbers", v.Type())
		}
		total += x
	}
	return starlark.Float(total), nil
}

func randomNormal(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return random("random_normal", args, kwargs, (*rand.Rand).NormFloat64)
}

func randomUniform(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return random("random_uniform", args, kwargs, (*rand.Rand).Float64)
}

func random(name string, args starlark.Tuple, kwargs []starlark.Tuple, draw func(*rand.Rand) float64) (starlark.Value, error) {
	var shape starlark.Value
	var seed int
	if err := starlark.UnpackArgs(name, args, kwargs, "shape", &shape, "seed?", &seed); err != nil {
		return nil, err
	}
	lens, err := lengths(name, starlark.Tuple{shape})
	if err != nil {
		return nil, err
	}
	t, err := newTensor(lens...)
	if err != nil {
		return nil, err
	}
	source := rand.New(rand.NewPCG(uint64(seed), 0))
	for i := range t.data {
		t.data[i] = float32(draw(source))
	}
	return t, nil
}
