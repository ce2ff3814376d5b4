package kernel_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
	"picasso/backend/ort/orttest"
)

// node is one operator of ours as a model.
type node struct {
	op    string
	attrs []*onnx.Attr
	in    []infer.Tensor
}

func numbers(name string, v ...int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInts, Ints: v}
}
func number(name string, v int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: v}
}
func bound(name string, v float64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrFloat, F: float32(v)}
}

// run runs the operator on several threads.
func (n node) run(t *testing.T) (infer.Tensor, error) {
	t.Helper()
	g := &onnx.Graph{Name: "kernel", Nodes: []*onnx.Node{{OpType: n.op, Domain: kernel.Domain, Outputs: []string{"y"}, Attrs: n.attrs}}, Outputs: []*onnx.Value{{Name: "y"}}}
	for i, in := range n.in {
		name := fmt.Sprint("x", i)
		g.Nodes[0].Inputs = append(g.Nodes[0].Inputs, name)
		shape := make([]onnx.Dim, len(in.Shape))
		for k := range shape {
			shape[k].Size = -1
		}
		kind := onnx.Float
		if n.op == "Keep" && i == 1 {
			kind = onnx.Uint8
		}
		g.Inputs = append(g.Inputs, &onnx.Value{Name: name, Type: kind, Shape: shape})
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 18, kernel.Domain: 1}, Graph: g}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := orttest.Runtime(t).Open(t.Context(), infer.Source{Bytes: data}, infer.SessionOptions{Provider: infer.CPU, Threads: 3})
	if err != nil {
		return infer.Tensor{}, err
	}
	defer s.Close()
	out, err := s.Run(t.Context(), n.in)
	if err != nil {
		return infer.Tensor{}, err
	}
	return out[0], nil
}

func (n node) want(t *testing.T, shape []int, want []float32) {
	t.Helper()
	got, err := n.run(t)
	if err != nil {
		t.Fatalf("%s: %v", n.op, err)
	}
	if !slices.Equal(got.Shape, shape) || !slices.Equal(got.Data, want) {
		t.Fatalf("%s %+v of %v: got %v %v, want %v %v", n.op, n.attrs, n.in, got.Shape, got.Data, shape, want)
	}
}

func tensor(shape []int, data ...float32) infer.Tensor { return infer.Tensor{Shape: shape, Data: data} }

func small(rng *rand.Rand, shape ...int) infer.Tensor {
	t := infer.NewTensor(shape...)
	for i := range t.Data {
		t.Data[i] = float32(rng.IntN(7) - 3) // sums of them are exact
	}
	return t
}

func TestWhatLiesInside(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tiny, below := float32(math.SmallestNonzeroFloat32), math.Nextafter32(6, 0)
	y := tensor([]int{1, 12}, 0, float32(math.Copysign(0, -1)), tiny, -tiny, 3, below, 6, 7, inf, -inf, nan, -1)
	node{"Inside", []*onnx.Attr{bound("low", 0), bound("high", 6)}, []infer.Tensor{y}}.want(t, y.Shape, []float32{0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0})
	node{"Inside", []*onnx.Attr{bound("low", 0), bound("high", math.Inf(1))}, []infer.Tensor{y}}.want(t, y.Shape, []float32{0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0})
	node{"Inside", []*onnx.Attr{bound("low", math.Inf(-1)), bound("high", 0)}, []infer.Tensor{y}}.want(t, y.Shape, []float32{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1})
}

// whole says that all channels count.
var whole = []*onnx.Attr{number("from", -1)}

func TestWhatIsKept(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	mask := tensor([]int{1, 3}, 1, 0, 1)
	node{"Keep", whole, []infer.Tensor{tensor([]int{2, 3}, 1, 2, 3, 4, 5, 6), mask}}.want(t, []int{2, 3}, []float32{1, 0, 3, 4, 0, 6})
	// Of more channels only some count.
	node{"Keep", []*onnx.Attr{number("from", 1)}, []infer.Tensor{tensor([]int{2, 4}, 1, 2, 3, 4, 5, 6, 7, 8), tensor([]int{1, 2}, 0, 1)}}.want(t, []int{2, 2}, []float32{0, 3, 0, 7})
	node{"Keep", []*onnx.Attr{number("from", 0)}, []infer.Tensor{tensor([]int{1, 3, 2}, 1, 2, 3, 4, 5, 6), tensor([]int{1, 2, 2}, 1, 0, 1, 1)}}.want(t, []int{1, 2, 2}, []float32{1, 0, 3, 4})
	// What the gradient is does not matter where it does not pass.
	node{"Keep", whole, []infer.Tensor{tensor([]int{3}, nan, inf, 5), tensor([]int{3}, 0, 0, 1)}}.want(t, []int{3}, []float32{0, 0, 5})
}

// Large tensors are worked on in pieces, whose ends need not be those of a score.
func TestManyPieces(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	y, g := small(rng, 1, 3, 21111), small(rng, 3, 3, 21111)
	mask, want := infer.NewTensor(y.Shape...), make([]float32, len(g.Data))
	for i, v := range y.Data {
		if v > -2 && v < 2 {
			mask.Data[i] = 1
		}
	}
	for i, v := range g.Data {
		want[i] = v * mask.Data[i%len(mask.Data)]
	}
	node{"Inside", []*onnx.Attr{bound("low", -2), bound("high", 2)}, []infer.Tensor{y}}.want(t, y.Shape, mask.Data)
	node{"Keep", whole, []infer.Tensor{g, mask}}.want(t, g.Shape, want)
}

// pooling has a number for each axis.
type pooling struct {
	in, out, kernel, stride, begin, dilation []int64
	positive                                 int64
}

func (p pooling) node(x, dy infer.Tensor) node {
	return node{"MaxPoolGrad", []*onnx.Attr{numbers("in", p.in...), numbers("out", p.out...), numbers("kernel", p.kernel...), numbers("stride", p.stride...),
		numbers("begin", p.begin...), numbers("dilation", p.dilation...), number("positive", p.positive), number("block", 1)}, []infer.Tensor{x, dy}}
}

func flat(n ...int64) pooling {
	ones, zeros := slices.Repeat([]int64{1}, len(n)), make([]int64, len(n))
	return pooling{in: n, out: n, kernel: ones, stride: ones, begin: zeros, dilation: ones}
}

func TestAGradientGoesToTheFirstMaximum(t *testing.T) {
	p := flat(3, 3)
	p.out, p.kernel = []int64{2, 2}, []int64{2, 2}
	x := tensor([]int{1, 1, 3, 3},
		1, 5, 5,
		2, 5, 0,
		7, 0, 0)
	// The windows choose (0,1), (0,1), (2,0), (1,1).
	p.node(x, tensor([]int{1, 1, 2, 2}, 1, 10, 100, 1000)).want(t, x.Shape, []float32{0, 11, 0, 0, 1000, 0, 100, 0, 0})
}

func TestScoresShareThePicture(t *testing.T) {
	p := flat(2, 2)
	p.out, p.kernel = []int64{1, 1}, []int64{2, 2}
	p.node(tensor([]int{1, 2, 2, 2}, 1, 2, 3, 4, 9, 8, 7, 6), tensor([]int{2, 2, 1, 1}, 1, 2, 3, 4)).want(t, []int{2, 2, 2, 2},
		[]float32{0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0})
}

func TestWindowsOfNaNPassNothingOn(t *testing.T) {
	nan := float32(math.NaN())
	p := flat(1, 4)
	p.out, p.kernel, p.stride = []int64{1, 2}, []int64{1, 2}, []int64{1, 2}
	p.node(tensor([]int{1, 1, 1, 4}, nan, nan, nan, 1), tensor([]int{1, 1, 1, 2}, 3, 4)).want(t, []int{1, 1, 1, 4}, []float32{0, 0, 0, 4})
}

// Of what is not above 0, not even the smallest number counts where that is asked for.
func TestOnlyWhatIsPositivePasses(t *testing.T) {
	p := flat(1, 6)
	p.positive = 1
	tiny := float32(math.SmallestNonzeroFloat32)
	x := tensor([]int{1, 1, 1, 6}, 0, float32(math.Copysign(0, -1)), tiny, -tiny, float32(math.Inf(1)), float32(math.NaN()))
	p.node(x, tensor(x.Shape, 1, 2, 3, 4, 5, 6)).want(t, x.Shape, []float32{0, 0, 3, 0, 5, 0})
}

// In blocks of channels numbers that are no numbers, and those without end, are treated as
// in rows.
func TestBlocksTreatAllNumbersAlike(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	list := []float32{nan, inf, -inf, 0, float32(math.Copysign(0, -1)), 1, -1, math.SmallestNonzeroFloat32, nan, -inf, -inf, 0}
	rng := rand.New(rand.NewPCG(9, 1))
	for positive := range int64(2) {
		p := flat(6, 7)
		p.out, p.kernel, p.stride, p.begin, p.positive = []int64{3, 3}, []int64{3, 3}, []int64{2, 2}, []int64{1, 0}, positive
		x, dy := infer.NewTensor(1, 16, 6, 7), small(rng, 1, 16, 3, 3)
		for i := range x.Data {
			x.Data[i] = list[rng.IntN(len(list))]
		}
		inBlocks(t, rng, p.node(x, dy), 16)
	}
}

func TestVolumesGoToTheFirstMaximum(t *testing.T) {
	p := flat(2, 2, 3)
	p.out, p.kernel = []int64{1, 1, 2}, []int64{2, 2, 2}
	x := tensor([]int{1, 1, 2, 2, 3},
		1, 2, 3,
		4, 5, 9,

		5, 0, 0,
		0, 5, 9)
	// The first window holds 5 three times, the second 9 twice; each time the
	// first slice has the first.
	p.node(x, tensor([]int{1, 1, 1, 1, 2}, 1, 10)).want(t, x.Shape, []float32{0, 0, 0, 0, 1, 10, 0, 0, 0, 0, 0, 0})
}

func TestSignalsGoToTheFirstMaximum(t *testing.T) {
	p := pooling{in: []int64{5}, out: []int64{2}, kernel: []int64{2}, stride: []int64{2}, begin: []int64{0}, dilation: []int64{2}}
	// The windows are places 0 and 2, 2 and 4.
	p.node(tensor([]int{1, 1, 5}, 3, 9, 3, 9, 4), tensor([]int{1, 1, 2}, 1, 10)).want(t, []int{1, 1, 5}, []float32{1, 0, 0, 0, 10})
}

// TestEveryGradientArrives compares with the definition, windows in the padding
// and with gaps included: what comes in is what goes out.
func TestEveryGradientArrives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 240 {
		p := randomPool(rng, 1+k%3)
		blocks := 1 + rng.IntN(20)
		shape := func(n int, places []int64) []int {
			s := []int{n, blocks}
			for _, length := range places {
				s = append(s, int(length))
			}
			return s
		}
		x, dy := small(rng, shape(1, p.in)...), small(rng, shape(1+k%2, p.out)...)
		p.node(x, dy).want(t, shape(1+k%2, p.in), p.plain(x.Data, dy.Data))
		if axes := 1 + k%3; axes == 2 {
			inBlocks(t, rng, p.node(x, dy), 8<<(k%2))
		}
	}
}

func randomPool(rng *rand.Rand, axes int) pooling {
	p := pooling{positive: rng.Int64N(2)}
	for range axes {
		size, stride, dilation := 1+rng.Int64N(3), 1+rng.Int64N(3), 1+rng.Int64N(2)
		span, begin := dilation*(size-1)+1, rng.Int64N(size)
		in := span + rng.Int64N(int64(13-3*axes))
		p.kernel, p.stride, p.dilation = append(p.kernel, size), append(p.stride, stride), append(p.dilation, dilation)
		p.in, p.begin, p.out = append(p.in, in), append(p.begin, begin), append(p.out, (in+begin-span)/stride+1)
	}
	return p
}

// plain is the definition of the derivative, window by window.
func (p pooling) plain(x, dy []float32) []float32 {
	in, out := product(p.in), product(p.out)
	dx := make([]float32, len(dy)/out*in)
	for i, g := range dy {
		best := -1
		block := i / out % (len(x) / in) * in
		for k := range product(p.kernel) {
			at, inside := 0, true
			window, tap := places(i%out, p.out), places(k, p.kernel)
			for axis, length := range p.in {
				place := window[axis]*p.stride[axis] - p.begin[axis] + tap[axis]*p.dilation[axis]
				inside = inside && place >= 0 && place < length
				at = at*int(length) + int(place)
			}
			if inside && (best < 0 || x[block+at] > x[block+best]) {
				best = at
			}
		}
		if best >= 0 && (x[block+best] > 0 || p.positive == 0) {
			dx[i/out*in+best] += g
		}
	}
	return dx
}

// places are the coordinates of element i of a block.
func places(i int, lengths []int64) []int64 {
	at := make([]int64, len(lengths))
	for axis := len(lengths) - 1; axis >= 0; axis-- {
		at[axis], i = int64(i)%lengths[axis], i/int(lengths[axis])
	}
	return at
}

func product(lengths []int64) int {
	n := 1
	for _, length := range lengths {
		n *= int(length)
	}
	return n
}

func TestPlanesAreWoven(t *testing.T) {
	node{"Interleave", []*onnx.Attr{numbers("in", 3, 3), numbers("stride", 2, 2), numbers("phases", 0, 1, 3), number("block", 1)}, []infer.Tensor{
		tensor([]int{1, 1, 2, 2}, 1, 2, 3, 4), tensor([]int{1, 1, 2, 1}, 5, 6), tensor([]int{1, 1, 1, 1}, 7)}}.want(t, []int{1, 1, 3, 3}, []float32{
		1, 5, 2,
		0, 7, 0,
		3, 6, 4})
}

// TestAnyPlanesAreWoven takes planes apart and puts them together.
func TestAnyPlanesAreWoven(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		want := small(rng, 1+rng.IntN(2), 1+rng.IntN(20), 1+rng.IntN(9), 1+rng.IntN(9))
		h, w, down, across := want.Shape[2], want.Shape[3], 1+rng.IntN(3), 1+rng.IntN(3)
		if down*across > 8 {
			across = 2 // more phases are refused
		}
		var parts []infer.Tensor
		var phases []int64
		for p := range down * across {
			r, c := p/across, p%across
			if r >= h || c >= w {
				continue
			}
			missing := p > 0 && rng.IntN(4) == 0
			part := infer.NewTensor(want.Shape[0], want.Shape[1], (h-r+down-1)/down, (w-c+across-1)/across)
			part.Data = part.Data[:0]
			for i := range want.Data {
				if y, x := i/w%h, i%w; y%down == r && x%across == c {
					if missing {
						want.Data[i] = 0
					}
					part.Data = append(part.Data, want.Data[i])
				}
			}
			if !missing {
				parts, phases = append(parts, part), append(phases, int64(p))
			}
		}
		n := node{"Interleave", []*onnx.Attr{numbers("in", int64(h), int64(w)), numbers("stride", int64(down), int64(across)), numbers("phases", phases...), number("block", 1)}, parts}
		n.want(t, want.Shape, want.Data)
		inBlocks(t, rng, n, 8<<rng.IntN(2))
	}
}

// TestEachChannelIsScatteredWithItsKernel compares with the definition: every gradient,
// times the kernel, is added under its window.
func TestEachChannelIsScatteredWithItsKernel(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 120 {
		n, c, tall, wide := 1+rng.IntN(2), 1+rng.IntN(20), 1+rng.IntN(4), 1+rng.IntN(4)
		down, across, top, left := 1+rng.IntN(3), 1+rng.IntN(3), rng.IntN(tall), rng.IntN(wide)
		h, w := max(1, tall-top+rng.IntN(9)), max(1, wide-left+rng.IntN(9))
		g, weights := small(rng, n, c, max(1, (h+top-tall)/down+1), max(1, (w+left-wide)/across+1)), small(rng, c, 1, tall, wide)
		want := infer.NewTensor(n, c, h, w)
		rows, columns := g.Shape[2], g.Shape[3]
		for i, v := range g.Data {
			plane, row, column := i/(rows*columns), i/columns%rows, i%columns
			for k := range tall * wide {
				y, x := row*down-top+k/wide, column*across-left+k%wide
				if y >= 0 && y < h && x >= 0 && x < w {
					want.Data[(plane*h+y)*w+x] += v * weights.Data[plane%c*tall*wide+k]
				}
			}
		}
		each := node{"DepthwiseScatter", []*onnx.Attr{numbers("in", int64(h), int64(w)), numbers("stride", int64(down), int64(across)), numbers("begin", int64(top), int64(left)), number("block", 1)},
			[]infer.Tensor{g, weights}}
		each.want(t, want.Shape, want.Data)
		inBlocks(t, rng, each, 8<<rng.IntN(2))
	}
}

// inBlocks compares a node whose tensors are [N, C, H, W] with what it gives of the same
// tensors in blocks, of which channels are repeated until they fill some.
func inBlocks(t *testing.T, rng *rand.Rand, n node, block int) {
	t.Helper()
	channels := block * (1 + rng.IntN(3))
	rows, blocks := n, n
	rows.in, blocks.in = nil, nil
	for _, x := range n.in {
		axis := 1
		if n.op == "DepthwiseScatter" && len(rows.in) == 1 {
			axis = 0 // [C, 1, k, l]
		}
		wide := widened(x, axis, channels)
		rows.in, blocks.in = append(rows.in, wide), append(blocks.in, packed(wide, axis, block))
	}
	want, err := rows.run(t)
	if err != nil {
		t.Fatal(err)
	}
	blockOf(blocks, int64(block)).want(t, want.Shape, packed(want, 1, block).Data)
}

// widened repeats what lies along an axis, each time with other numbers.
func widened(x infer.Tensor, axis, length int) infer.Tensor {
	shape := slices.Clone(x.Shape)
	shape[axis] = length
	out := infer.NewTensor(shape...)
	inner := infer.Elements(shape[axis+1:])
	for i := range out.Data {
		outer, c, rest := i/(inner*length), i/inner%length, i%inner
		out.Data[i] = x.Data[(outer*x.Shape[axis]+c%x.Shape[axis])*inner+rest]
		if c >= x.Shape[axis] {
			out.Data[i] = float32(int(3*out.Data[i]+float32(c+rest))%5 - 2)
		}
	}
	return out
}

// packed brings an axis into blocks, behind all others.
func packed(x infer.Tensor, axis, block int) infer.Tensor {
	out := infer.NewTensor(x.Shape...)
	inner, length := infer.Elements(x.Shape[axis+1:]), x.Shape[axis]
	for i, v := range x.Data {
		outer, c, rest := i/(inner*length), i/inner%length, i%inner
		out.Data[(outer*length+c/block*block)*inner+rest*block+c%block] = v
	}
	return out
}

// blockOf is a node for blocks of so many channels.
func blockOf(n node, block int64) node {
	n.attrs = slices.Clone(n.attrs)
	for i, a := range n.attrs {
		if a.Name == "block" {
			n.attrs[i] = number("block", block)
		}
	}
	return n
}

// Tensors and attributes that do not fit are refused in words, wherever they come from.
func TestWhatDoesNotFitIsRefused(t *testing.T) {
	one := func(shape ...int) infer.Tensor { return infer.NewTensor(shape...) }
	pool := flat(2, 2)
	pool.out, pool.kernel = []int64{1, 1}, []int64{2, 2}
	long := flat(2, 2)
	long.stride = []int64{1}
	still := flat(2, 2)
	still.stride = []int64{0, 1}
	weave := func(phase ...int64) []*onnx.Attr {
		return []*onnx.Attr{numbers("in", 2, 2), numbers("stride", 2, 2), numbers("phases", phase...), number("block", 1)}
	}
	scatter := func(stride int64) []*onnx.Attr {
		return []*onnx.Attr{numbers("in", 4, 4), numbers("stride", stride, stride), numbers("begin", 0, 0), number("block", 1)}
	}
	for name, n := range map[string]node{
		"values of another length":  {"Keep", whole, []infer.Tensor{one(1, 3), one(1, 2)}},
		"values of another rank":    {"Keep", whole, []infer.Tensor{one(1, 4), one(4)}},
		"half a score":              {"Keep", whole, []infer.Tensor{one(3, 2), one(2, 2)}},
		"no values":                 {"Keep", whole, []infer.Tensor{one(1, 2), one(0, 2)}},
		"channels behind the last":  {"Keep", []*onnx.Attr{number("from", 2)}, []infer.Tensor{one(1, 3), one(1, 2)}},
		"channels of nothing":       {"Keep", []*onnx.Attr{number("from", 0)}, []infer.Tensor{one(2), one(2)}},
		"bounds left out":           {"Inside", nil, []infer.Tensor{one(1, 2)}},
		"a larger plane":            pool.node(one(1, 1, 3, 2), one(1, 1, 1, 1)),
		"more windows":              pool.node(one(1, 1, 2, 2), one(1, 1, 2, 1)),
		"other channels":            pool.node(one(1, 2, 2, 2), one(1, 1, 1, 1)),
		"another rank":              pool.node(one(1, 1, 4), one(1, 1, 1)),
		"pictures and a half":       pool.node(one(2, 1, 2, 2), one(3, 1, 1, 1)),
		"lists of different length": long.node(one(1, 1, 2, 2), one(1, 1, 2, 2)),
		"no stride":                 still.node(one(1, 1, 2, 2), one(1, 1, 2, 2)),
		"a phase that is not there": {"Interleave", weave(4), []infer.Tensor{one(1, 1, 1, 1)}},
		"a plane too large":         {"Interleave", weave(0), []infer.Tensor{one(1, 1, 2, 1)}},
		"fewer planes than phases":  {"Interleave", weave(0, 1), []infer.Tensor{one(1, 1, 1, 1)}},
		"planes of more channels":   {"Interleave", weave(0, 1), []infer.Tensor{one(1, 1, 1, 1), one(1, 2, 1, 1)}},
		"too many phases":           {"Interleave", weave(0, 0, 0, 0, 0, 0, 0, 0, 0), []infer.Tensor{one(1, 1, 1, 1)}},
		"kernels of other channels": {"DepthwiseScatter", scatter(2), []infer.Tensor{one(1, 2, 2, 2), one(3, 1, 2, 2)}},
		"kernels of two channels":   {"DepthwiseScatter", scatter(2), []infer.Tensor{one(1, 2, 2, 2), one(2, 2, 2, 2)}},
		"a kernel without rows":     {"DepthwiseScatter", scatter(2), []infer.Tensor{one(1, 2, 2, 2), one(2, 1, 2)}},
		"blocks of other channels":  blockOf(pool.node(one(1, 12, 2, 2), one(1, 12, 1, 1)), 8),
		"blocks of any width":       blockOf(pool.node(one(1, 10, 2, 2), one(1, 10, 1, 1)), 10),
		"blocks of nothing":         blockOf(pool.node(one(1, 8, 2, 2), one(1, 8, 1, 1)), 0),
		"planes in other blocks":    blockOf(node{"Interleave", weave(0), []infer.Tensor{one(1, 12, 1, 1)}}, 8),
		"kernels in other blocks":   blockOf(node{"DepthwiseScatter", scatter(2), []infer.Tensor{one(1, 12, 2, 2), one(12, 1, 2, 2)}}, 8),
		"a volume in blocks":        blockOf(flat(1, 1, 1).node(one(1, 8, 1, 1, 1), one(1, 8, 1, 1, 1)), 8),
		"a stride of nothing":       {"DepthwiseScatter", scatter(0), []infer.Tensor{one(1, 2, 2, 2), one(2, 1, 2, 2)}},
	} {
		if y, err := n.run(t); err == nil {
			t.Errorf("%s: %s gives %v", name, n.op, y)
		}
	}
}

// A model from outside does not get at our operators.
func TestModelsFromFilesHaveNoOperatorsOfOurs(t *testing.T) {
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 18, kernel.Domain: 1}, Graph: &onnx.Graph{
		Name: "g", Nodes: []*onnx.Node{{OpType: "Inside", Domain: kernel.Domain, Inputs: []string{"x"}, Outputs: []string{"y"}, Attrs: []*onnx.Attr{bound("low", 0), bound("high", 1)}}},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 2}}}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float}},
	}}
	data, err := m.Encode()
	path := filepath.Join(t.TempDir(), "model.onnx")
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = orttest.Runtime(t).Open(t.Context(), infer.Source{Path: path}, infer.SessionOptions{Provider: infer.CPU})
	if err == nil || !strings.Contains(err.Error(), "Inside") {
		t.Errorf("it is opened: %v", err)
	}
}
