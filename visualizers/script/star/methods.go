package star

import (
	"fmt"
	"math"

	"go.starlark.net/starlark"
)

// methods of a tensor, in the order of the reference.
var methods = []Entry{
	{"abs", "abs()", "Absolute values.", eachMethod("abs")},
	{"relu", "relu()", "Negative values become 0.", eachMethod("relu")},
	{"exp", "exp()", "e to the power of each value.", eachMethod("exp")},
	{"log", "log()", "Natural logarithm.", eachMethod("log")},
	{"sqrt", "sqrt()", "Square root.", eachMethod("sqrt")},
	{"clip", "clip(low, high)", "Values below `low` become `low`, those above `high` become `high`.", clip},
	{"gt", "gt(other)", "1 where the value is greater than that of `other` (a number or a tensor), else 0.", compareMethod("gt")},
	{"ge", "ge(other)", "1 where greater or equal, else 0.", compareMethod("ge")},
	{"lt", "lt(other)", "1 where less, else 0.", compareMethod("lt")},
	{"le", "le(other)", "1 where less or equal, else 0.", compareMethod("le")},
	{"eq", "eq(other)", "1 where equal, else 0.", compareMethod("eq")},
	{"ne", "ne(other)", "1 where different, else 0.", compareMethod("ne")},
	{"sum", "sum(axis=None)", "Sum of all values as a number, or along one axis as a tensor without that axis.", reduceMethod("sum")},
	{"mean", "mean(axis=None)", "Mean, as `sum`.", reduceMethod("mean")},
	{"std", "std(axis=None)", "Standard deviation, as `sum`.", reduceMethod("std")},
	{"min", "min(axis=None)", "Smallest value, as `sum`.", reduceMethod("min")},
	{"max", "max(axis=None)", "Largest value, as `sum`.", reduceMethod("max")},
	{"quantile", "quantile(q)", "The value below which a fraction `q` (0…1) of the values lies; 0.5 is the median.", quantile},
	{"argmax", "argmax()", "Position of the largest value, counted over all values.", argmax},
	{"topk", "topk(k)", "The `k` largest values as a list of pairs (position, value), largest first.", topk},
	{"channel", "channel(i)", "Plane `i` of a C×H×W tensor as an H×W tensor; the same as `x[i]`.", channel},
	{"channel_means", "channel_means()", "The mean of every plane of a C×H×W tensor, or of every channel of a C×D×H×W one: a list of C numbers, as a tensor.", channelMeans},
	{"at", "at(i, …)", "One number, by its position along each axis: `x.at(c, y, x)`.", at},
	{"values", "values()", "All values as a list of numbers.", list},
	{"reshape", "reshape(length, …)", "The same values with other axes.", reshape},
	{"filled", "filled(top, left, height, width, value=0)", "A copy in which a rectangle is filled with a number, one number per channel, or the same rectangle of another tensor. In a volume `filled(front, top, left, depth, height, width, value=0)` fills a box, as `windows` gives them; so do `add_rect` and `crop`.", filled},
	{"add_rect", "add_rect(top, left, height, width, value)", "Adds a number to the pixels of a rectangle **in place**. Only tensors that the script created itself can be changed.", addRect},
	{"crop", "crop(top, left, height, width)", "The part of every plane inside a rectangle.", crop},
	{"shift", "shift(down, right, fill=0)", "Every plane shifted by whole pixels; the gap is set to `fill`.", shift},
	{"resize", "resize(height, width, filter=\"bilinear\")", "Every plane resampled; filters: nearest, box, bilinear, hamming, bicubic, lanczos.", resize},
	{"blur", "blur(sigma)", "Every plane blurred by a Gaussian of `sigma` pixels.", blur},
}

var methodNamed = named(methods)

func self(b *starlark.Builtin) *tensor { return b.Receiver().(*tensor) }

func eachMethod(name string) builtin {
	f := functions[name]
	return func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if err := starlark.UnpackArgs(name, args, kwargs); err != nil {
			return nil, err
		}
		return self(b).each(func(v float32) float32 { return float32(f(float64(v))) })
	}
}

func compareMethod(name string) builtin {
	f := comparisons[name]
	return func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var other values
		if err := starlark.UnpackArgs(name, args, kwargs, "other", &other); err != nil {
			return nil, err
		}
		return combine(self(b), other.tensor, func(x, y float32) float32 {
			if f(x, y) {
				return 1
			}
			return 0
		})
	}
}

func reduceMethod(name string) builtin {
	f := reductions[name]
	return func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var axis whole
		if err := starlark.UnpackArgs(name, args, kwargs, "axis?", &axis); err != nil {
			return nil, err
		}
		return self(b).reduce(f, axis.int)
	}
}

func clip(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var low, high real
	if err := starlark.UnpackArgs("clip", args, kwargs, "low", &low, "high", &high); err != nil {
		return nil, err
	}
	return self(b).each(func(v float32) float32 { return min(max(v, float32(low)), float32(high)) })
}

func quantile(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var q real
	if err := starlark.UnpackArgs("quantile", args, kwargs, "q", &q); err != nil {
		return nil, err
	}
	v, err := self(b).quantile(float64(q))
	return starlark.Float(v), err
}

func argmax(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs("argmax", args, kwargs); err != nil {
		return nil, err
	}
	best := self(b).top(1)
	if len(best) == 0 {
		return nil, fmt.Errorf("the tensor has no values")
	}
	return starlark.MakeInt(best[0]), nil
}

func topk(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var k int
	if err := starlark.UnpackArgs("topk", args, kwargs, "k", &k); err != nil {
		return nil, err
	}
	t := self(b)
	var out []starlark.Value
	for _, i := range t.top(k) {
		out = append(out, starlark.Tuple{starlark.MakeInt(i), number(t.data[i])})
	}
	return starlark.NewList(out), nil
}

func channel(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var i int
	if err := starlark.UnpackArgs("channel", args, kwargs, "i", &i); err != nil {
		return nil, err
	}
	t := self(b)
	if i < 0 || i >= t.Len() {
		return nil, fmt.Errorf("channel %d of a tensor of shape %s does not exist", i, shapeText(t.shape))
	}
	return t.Index(i), nil
}

func channelMeans(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs("channel_means", args, kwargs); err != nil {
		return nil, err
	}
	t := self(b)
	count, _, _, err := t.planes()
	if err != nil {
		return nil, err
	}
	if len(t.shape) > 3 {
		count = t.shape[0]
	}
	out, err := newTensor(count)
	if err != nil {
		return nil, err
	}
	each := len(t.data) / count
	for c := range out.data {
		var sum float64
		for _, v := range t.data[c*each : (c+1)*each] {
			sum += float64(v)
		}
		out.data[c] = float32(sum / float64(each))
	}
	return out, nil
}

func at(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	t := self(b)
	place, err := lengths("at", args)
	if err != nil {
		return nil, err
	}
	if len(place) != len(t.shape) {
		return nil, fmt.Errorf("at: a tensor of shape %s needs %d numbers, got %d", shapeText(t.shape), len(t.shape), len(place))
	}
	i := 0
	for k, p := range place {
		if p < 0 || p >= t.shape[k] {
			return nil, fmt.Errorf("at: position %d along axis %d is outside 0…%d", p, k, t.shape[k]-1)
		}
		i = i*t.shape[k] + p
	}
	return number(t.data[i]), nil
}

func list(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs("values", args, kwargs); err != nil {
		return nil, err
	}
	t := self(b)
	const boxed = 6 // a number in a list takes as much room as six in a tensor
	if err := room(boxed * len(t.data)); err != nil {
		return nil, err
	}
	out := make([]starlark.Value, len(t.data))
	for i, v := range t.data {
		out[i] = number(v)
	}
	return starlark.NewList(out), nil
}

func reshape(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	shape, err := lengths("reshape", args)
	if err != nil {
		return nil, err
	}
	t := self(b)
	if n, err := elements(shape); err != nil || n != len(t.data) {
		return nil, fmt.Errorf("reshape: %d values do not make the shape %s", len(t.data), shapeText(shape))
	}
	out, err := newTensor(shape...)
	if err == nil {
		copy(out.data, t.data)
	}
	return out, err
}

// located takes a place off the arguments: six whole numbers in front are a box in a
// volume, otherwise there is a rectangle, perhaps by name.
func located(name string, args starlark.Tuple, kwargs []starlark.Tuple, rest ...any) (region, error) {
	var p region
	to := []any{"top", &p.top, "left", &p.left, "height", &p.height, "width", &p.width}
	if p.solid = len(args) >= 6; p.solid {
		to = []any{"front", &p.front, "top", &p.top, "left", &p.left, "depth", &p.depth, "height", &p.height, "width", &p.width}
	}
	err := starlark.UnpackArgs(name, args, kwargs, append(to, rest...)...)
	return p, err
}

func filled(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	value := values{&tensor{data: []float32{0}}}
	p, err := located("filled", args, kwargs, "value?", &value)
	if err != nil {
		return nil, err
	}
	return self(b).filled(p, value.tensor)
}

func addRect(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var value real
	p, err := located("add_rect", args, kwargs, "value", &value)
	if err != nil {
		return nil, err
	}
	return starlark.None, self(b).addRect(p, float64(value))
}

func crop(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	p, err := located("crop", args, kwargs)
	if err != nil {
		return nil, err
	}
	return self(b).cropped(p)
}

func shift(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var down, right int
	var fill real
	if err := starlark.UnpackArgs("shift", args, kwargs, "down", &down, "right", &right, "fill?", &fill); err != nil {
		return nil, err
	}
	return self(b).shifted(down, right, float64(fill))
}

func resize(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var height, width int
	filter := "bilinear"
	if err := starlark.UnpackArgs("resize", args, kwargs, "height", &height, "width", &width, "filter?", &filter); err != nil {
		return nil, err
	}
	return self(b).resized(height, width, filter)
}

func blur(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var sigma real
	if err := starlark.UnpackArgs("blur", args, kwargs, "sigma", &sigma); err != nil {
		return nil, err
	}
	return self(b).blurred(float64(sigma))
}

// nan marks unknown values of a map.
var nan = float32(math.NaN())
