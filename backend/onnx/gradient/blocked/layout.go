package blocked

import (
	"fmt"
	"io"
	"unsafe"

	"picasso/backend/onnx"
)

// Weights are an input of a rewritten graph that is the same in every run: weights of the
// model in the order of blocks. Sessions hold them, so that nothing of the file need be
// read, turned round and copied by the runtime.
type Weights struct {
	Name  string
	Shape []int64
	// Fill writes them, in row-major order of Shape, to memory that holds anything. The
	// error says that the model's file cannot be read.
	Fill func(data []float32) error
}

// view is weights [O, I, k, l] as they lie in a constant of the model.
type view struct {
	source *onnx.Tensor
	turned bool // the constant is [I, O, …]
	taps   [2]steps
}

// steps are places first, first + step, …, count of them, along an axis.
type steps struct{ first, step, count int64 }

// at is some of the places.
func (s steps) at(t steps) steps { return steps{s.first + t.first*s.step, s.step * t.step, t.count} }

// view sees through what turns weights round and chooses some of their taps; ok is false
// where more was done to them, or they lie elsewhere.
func (r *rewriter) view(name string) (v view, ok bool) {
	if r.Model == nil {
		return view{}, false
	}
	n, _ := r.index.Producer(name)
	if n == nil || n.Is("Constant") {
		t := r.source.Constant(name)
		if t == nil || r.index.Constant(name) == nil || t.Type != onnx.Float || len(t.Dims) != 4 || t.Elements() < 1 || stored(t) != 4*t.Elements() {
			return view{}, false
		}
		return view{source: t, taps: [2]steps{{0, 1, t.Dims[2]}, {0, 1, t.Dims[3]}}}, true
	}
	if !n.Is("Transpose", "Slice") {
		return view{}, false
	}
	if v, ok = r.view(n.Input(0)); !ok {
		return view{}, false
	}
	if n.Is("Transpose") {
		perm := n.AttrInts("perm")
		v.turned = !v.turned
		return v, len(perm) == 4 && perm[0] == 1 && perm[1] == 0 && perm[2] == 2
	}
	return r.sliced(v, n)
}

// sliced is a view through a Slice of its last two axes.
func (r *rewriter) sliced(v view, n *onnx.Node) (view, bool) {
	starts, ends, axes, by := r.wholes(n.Input(1)), r.wholes(n.Input(2)), r.wholes(n.Input(3)), r.wholes(n.Input(4))
	if len(starts) == 0 || len(ends) != len(starts) || len(axes) != len(starts) || len(by) != len(starts) {
		return v, false
	}
	for i, axis := range axes {
		if axis != 2 && axis != 3 || by[i] >= 0 || ends[i] != -1<<62 {
			return v, false // other slices are not written
		}
		length := v.taps[axis-2].count
		first := starts[i]
		if first < 0 {
			first += length
		}
		if first < 0 || first >= length {
			return v, false
		}
		v.taps[axis-2] = v.taps[axis-2].at(steps{first, by[i], first/-by[i] + 1})
	}
	return v, true
}

// wholes are a constant of whole numbers, nil where it is none.
func (r *rewriter) wholes(name string) []int64 {
	t := r.index.Constant(name)
	if t == nil || t.Type != onnx.Int64 || !t.InMemory() {
		return nil
	}
	v, err := t.Ints(r.model)
	if err != nil {
		return nil
	}
	return v
}

// layout is how weights lie for the runtime: [out/b, in/b, k, l, b of in, b of out] in blocks,
// else [out/b, in, k, l, b of out].
type layout struct {
	view
	block, out, in int64
	blocks         bool
	norm           *affine // of the channels out; nil where there is none
}

// shape is that of what the layout gives.
func (l layout) shape() []int64 { return []int64{l.out, l.in, l.taps[0].count, l.taps[1].count} }

// stored is the number of bytes that a tensor has, 0 where it does not say.
func stored(t *onnx.Tensor) int64 {
	switch {
	case t.External != nil:
		return t.External.Length
	case t.Span != nil:
		return t.Span.Length
	}
	return int64(len(t.Raw))
}

// fill reads the weights from a model.
func (l layout) fill(m *onnx.Model) func([]float32) error {
	return func(data []float32) error {
		source, size, err := m.Stream(l.source)
		if err != nil {
			return err
		}
		defer source.Close()
		if size != 4*l.source.Elements() {
			return fmt.Errorf("tensor %.160q of shape %v has %d bytes", l.source.Name, l.source.Dims, size)
		}
		return l.arrange(source, data)
	}
}

// bytesOf is the memory of numbers.
func bytesOf(v []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v))), 4*len(v))
}

// arrange brings weights into order as they are read, some channels at a time, so that
// what is read stays in the processor's caches.
func (l layout) arrange(source io.Reader, data []float32) error {
	dims := l.source.Dims
	out, in := dims[0], dims[1]
	if l.turned {
		out, in = in, out
	}
	if out != l.out || l.blocks && in != l.in {
		clear(data) // what lies behind the last channel
	}
	taps, row := l.offsets(), dims[1]*dims[2]*dims[3]
	read := make([]float32, min(l.block, dims[0])*row)
	for from := int64(0); from < dims[0]; from += l.block {
		to := min(from+l.block, dims[0])
		rows := read[:(to-from)*row]
		if _, err := io.ReadFull(source, bytesOf(rows)); err != nil {
			return fmt.Errorf("tensor %.160q cannot be read: %w", l.source.Name, err)
		}
		if l.norm != nil {
			l.norm.scaled(rows, from, to-from)
		}
		l.channels(rows, data, from, to, taps)
	}
	return nil
}

// channels brings what belongs to channels from, …, to − 1 of the constant's first axis to
// its places, a block of channels out at a time, which lie beside each other.
func (l layout) channels(rows, data []float32, from, to int64, taps []int64) {
	others, plane, step := l.source.Dims[1], l.source.Dims[2]*l.source.Dims[3], l.block // step: from tap to tap
	if l.blocks {
		step *= l.block
	}
	spread := func(at, n int64, source []float32, stride int64) {
		for _, tap := range taps {
			gather(data[at:at+n], source[tap:], stride)
			at += step
		}
	}
	if !l.turned {
		for in := range others {
			spread(l.place(from, in), to-from, rows[in*plane:], others*plane)
		}
		return
	}
	for in := from; in < to; in++ {
		for out := int64(0); out < others; out += l.block {
			spread(l.place(out, in), min(l.block, others-out), rows[((in-from)*others+out)*plane:], plane)
		}
	}
}

// gather takes every stride-th number.
func gather(to, from []float32, stride int64) {
	if stride == 1 {
		copy(to, from)
		return
	}
	for i := range to {
		to[i] = from[int64(i)*stride]
	}
}

// place is where the first tap from a channel in to the block of channels that begins at out
// lies.
func (l layout) place(out, in int64) int64 {
	b, taps := l.block, l.taps[0].count*l.taps[1].count
	if !l.blocks {
		return (out/b*l.in + in) * taps * b
	}
	return ((out/b*(l.in/b)+in/b)*taps*b + in%b) * b
}

// offsets are where the taps lie in a kernel of the constant, in order.
func (l layout) offsets() []int64 {
	var list []int64
	down, across := l.taps[0], l.taps[1]
	for i := range down.count {
		for j := range across.count {
			list = append(list, (down.first+i*down.step)*l.source.Dims[3]+across.first+j*across.step)
		}
	}
	return list
}
