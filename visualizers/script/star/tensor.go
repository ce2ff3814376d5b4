package star

import (
	"fmt"
	"hash/fnv"
	"math"
	"runtime/metrics"
	"strings"

	"go.starlark.net/starlark"

	"picasso/visualizers/script/wire"
)

// tensor is a dense array of float32 as scripts see it. Every tensor owns its
// values: slices and channels are copies. Operations give new tensors; only
// add_rect changes one in place, until it is frozen.
type tensor struct {
	shape  []int
	data   []float32
	frozen bool
}

// Bounds of a tensor.
const (
	maxElements = wire.MaxPayload / 4 / 2
	maxRank     = 4
)

// newTensor allocates zeros, or says in words that there is no room.
func newTensor(shape ...int) (*tensor, error) {
	n, err := elements(shape)
	if err != nil {
		return nil, err
	}
	if err := room(n); err != nil {
		return nil, err
	}
	return &tensor{shape: append([]int(nil), shape...), data: make([]float32, n)}, nil
}

func elements(shape []int) (int, error) {
	if len(shape) > maxRank {
		return 0, fmt.Errorf("a tensor has at most %d axes, not %d", maxRank, len(shape))
	}
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("a tensor cannot have the shape %s", shapeText(shape))
		}
		if d > maxElements || n*d > maxElements {
			return 0, fmt.Errorf("a tensor of shape %s is too large; at most %d values are allowed", shapeText(shape), maxElements)
		}
		n *= d
	}
	return n, nil
}

// like is an empty tensor of the same shape.
func (t *tensor) like() (*tensor, error) { return newTensor(t.shape...) }

// wrap makes values that came over the wire a frozen tensor.
func wrap(w wire.Tensor) *tensor { return &tensor{shape: w.Shape, data: w.Data, frozen: true} }

func (t *tensor) wire() wire.Tensor { return wire.Tensor{Shape: t.shape, Data: t.data} }

// tall is the tensor with the slices of a volume under each other, as the host keeps it.
func (t *tensor) tall() wire.Tensor {
	w := t.wire()
	if len(w.Shape) == 4 {
		w.Shape = []int{w.Shape[0], w.Shape[1] * w.Shape[2], w.Shape[3]}
	}
	return w
}

// sides are the lengths of the axes, for scripts.
func (t *tensor) sides() starlark.Tuple { return wholes(t.shape) }

// String is short whatever the size.
func (t *tensor) String() string {
	if len(t.shape) == 1 && len(t.data) <= 12 {
		words := make([]string, len(t.data))
		for i, v := range t.data {
			words[i] = fmt.Sprintf("%.4g", v)
		}
		return "tensor([" + strings.Join(words, ", ") + "])"
	}
	s := t.summary()
	return fmt.Sprintf("tensor(%s, %.4g … %.4g, mean %.4g)", shapeText(t.shape), s.low, s.high, s.mean())
}

// Type is what type() says.
func (t *tensor) Type() string { return "tensor" }

// Freeze forbids changes in place.
func (t *tensor) Freeze() { t.frozen = true }

// Truth: a tensor is true when it has values.
func (t *tensor) Truth() starlark.Bool { return len(t.data) > 0 }

// Hash is of the values.
func (t *tensor) Hash() (uint32, error) {
	h := fnv.New32a()
	for _, v := range t.data {
		b := math.Float32bits(v)
		h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
	}
	return h.Sum32(), nil
}

// Len is the length of the first axis.
func (t *tensor) Len() int {
	if len(t.shape) == 0 {
		return 0
	}
	return t.shape[0]
}

// Index is entry i of the first axis: a number for a list of numbers, a
// smaller tensor otherwise.
func (t *tensor) Index(i int) starlark.Value {
	if len(t.shape) == 1 {
		return number(t.data[i])
	}
	n := len(t.data) / t.shape[0]
	return &tensor{shape: t.shape[1:], data: append([]float32(nil), t.data[i*n:(i+1)*n]...)}
}

// Slice is a range of the first axis.
func (t *tensor) Slice(start, end, step int) starlark.Value {
	out := &tensor{shape: append([]int(nil), t.shape...)}
	out.shape[0] = 0
	if t.shape[0] == 0 {
		return out
	}
	n := len(t.data) / t.shape[0]
	for i := start; (step > 0 && i < end) || (step < 0 && i > end); i += step {
		out.data = append(out.data, t.data[i*n:(i+1)*n]...)
		out.shape[0]++
	}
	return out
}

// Iterate visits the entries of the first axis.
func (t *tensor) Iterate() starlark.Iterator { return &entries{t: t} }

type entries struct {
	t *tensor
	i int
}

func (e *entries) Next(p *starlark.Value) bool {
	if e.i >= e.t.Len() {
		return false
	}
	*p = e.t.Index(e.i)
	e.i++
	return true
}

func (e *entries) Done() {}

// Attr is shape, size or a method.
func (t *tensor) Attr(name string) (starlark.Value, error) {
	switch name {
	case "shape":
		return t.sides(), nil
	case "size":
		return starlark.MakeInt(len(t.data)), nil
	}
	if m, ok := methodNamed[name]; ok {
		return starlark.NewBuiltin(name, m.call).BindReceiver(t), nil
	}
	return nil, nil
}

// AttrNames lists what Attr knows.
func (t *tensor) AttrNames() []string {
	names := []string{"shape", "size"}
	for _, m := range methods {
		names = append(names, m.Name)
	}
	return names
}

func shapeText(shape []int) string {
	words := make([]string, len(shape))
	for i, d := range shape {
		words[i] = fmt.Sprint(d)
	}
	return strings.Join(words, "×")
}

func number(v float32) starlark.Value { return starlark.Float(v) }

// planes sees a tensor as images: the last two axes are height and width.
func (t *tensor) planes() (count, height, width int, err error) {
	k := len(t.shape)
	if k < 2 {
		return 0, 0, 0, fmt.Errorf("needs a tensor with height and width, not one of shape %s", shapeText(t.shape))
	}
	height, width = t.shape[k-2], t.shape[k-1]
	if len(t.data) == 0 {
		return 0, 0, 0, fmt.Errorf("a tensor of shape %s has no pixels", shapeText(t.shape))
	}
	return len(t.data) / (height * width), height, width, nil
}

var (
	_ starlark.Sliceable = (*tensor)(nil)
	_ starlark.Sequence  = (*tensor)(nil)
	_ starlark.HasAttrs  = (*tensor)(nil)
	_ starlark.HasBinary = (*tensor)(nil)
	_ starlark.HasUnary  = (*tensor)(nil)
)

// heapInUse is what the program holds at present, in bytes.
func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
