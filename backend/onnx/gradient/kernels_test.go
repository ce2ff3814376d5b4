package gradient_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/gradient/kernel"
)

// own are the nodes of a plan that are an operator of our own.
func own(p *gradient.Plan, op string) (nodes []*onnx.Node) {
	for _, n := range p.Model.Graph.Nodes {
		if n.Domain == kernel.Domain && n.OpType == op {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// bothWays are the gradients of two scores as the runtime's operators give them, and with
// those of our own.
func (b *bench) bothWays(rng *rand.Rand, wrt []string, rule gradient.ReLURule) (plan *gradient.Plan, ours, graph []infer.Tensor) {
	b.t.Helper()
	build := func(opt gradient.Options) *gradient.Plan {
		plan, err := gradient.Build(b.model, b.facts, "y", wrt, opt)
		if err != nil {
			b.t.Fatal(err)
		}
		return plan
	}
	plain := build(gradient.Options{ReLU: rule})
	plan = build(gradient.Options{ReLU: rule, Kernels: true})
	got := b.forward(append(slices.Concat(plain.Activations, plan.Activations), "y"), b.inputs...)
	shape := slices.Clone(got["y"].Shape)
	shape[0] = 2
	seed := noise(rng, shape)
	for i := range seed.Data {
		seed.Data[i] = float32(rng.IntN(9) - 4) // sums of them are exact
	}
	return plan, b.backward(plan, got, seed), b.backward(plain, got, seed)
}

// TestPoolsByAKernel compares the operator for poolings with the graph that other
// providers run, bit by bit, for lines, planes and volumes.
func TestPoolsByAKernel(t *testing.T) {
	r := library(t)
	rng := rand.New(rand.NewPCG(5, 6))
	for k := range 18 {
		c := randomPooling(rng, 1+k%3)
		t.Run(fmt.Sprint(k, c.args[0].shape, c.attrs[0].Ints), func(t *testing.T) {
			x := c.inputs(rng)
			for i := range x[0].Data {
				x[0].Data[i] = float32(rng.IntN(4)) // with ties
			}
			plan, ours, graph := newBench(t, r, c.model(), x...).bothWays(rng, []string{"x0"}, gradient.Exact)
			if n := len(own(plan, "MaxPoolGrad")); n != 1 {
				t.Fatalf("%d poolings", n)
			}
			if !slices.Equal(ours[0].Data, graph[0].Data) {
				t.Errorf("the kernel gives %v\nthe graph gives %v", ours[0].Data, graph[0].Data)
			}
		})
	}
}

// TestStridesByKernels compares convolutions with strides, and what is averaged, with
// the graph that other providers run.
func TestStridesByKernels(t *testing.T) {
	r := library(t)
	for _, tt := range []struct {
		name  string
		x, w  []int
		attrs []*onnx.Attr
		want  string // the operator, "" for none
	}{
		{"3 × 3 by two", []int{1, 16, 8, 8}, []int{16, 16, 3, 3}, attrs(is("strides", 2, 2), is("pads", 1, 1, 1, 1)), "Interleave"},
		{"odd planes", []int{1, 17, 9, 7}, []int{16, 17, 3, 3}, attrs(is("strides", 2, 2), is("pads", 1, 1, 1, 1)), "Interleave"},
		{"padding behind", []int{1, 16, 8, 8}, []int{18, 16, 3, 3}, attrs(is("strides", 2, 2), s("auto_pad", "SAME_UPPER")), "Interleave"},
		{"one place in four", []int{1, 16, 8, 7}, []int{20, 16, 1, 1}, attrs(is("strides", 2, 2)), "Interleave"},
		{"7 × 7", []int{1, 16, 14, 14}, []int{16, 16, 7, 7}, attrs(is("strides", 2, 2), is("pads", 3, 3, 3, 3)), "Interleave"},
		{"rows alone", []int{1, 16, 9, 5}, []int{16, 16, 3, 3}, attrs(is("strides", 3, 1), is("pads", 1, 1, 1, 1)), "Interleave"},
		{"inputs that no window reads", []int{1, 16, 12, 11}, []int{16, 16, 2, 2}, attrs(is("strides", 4, 1)), "Interleave"},
		{"few channels", []int{1, 3, 8, 8}, []int{16, 3, 3, 3}, attrs(is("strides", 2, 2), is("pads", 1, 1, 1, 1)), "Interleave"},
		{"few channels, odd planes", []int{1, 1, 15, 10}, []int{16, 1, 7, 4}, attrs(is("strides", 2, 2), is("pads", 3, 1, 2, 1)), "Interleave"},
		{"few channels, by three", []int{1, 2, 10, 5}, []int{16, 2, 4, 2}, attrs(is("strides", 3, 1), is("pads", 1, 0, 1, 0)), "Interleave"},
		{"few results", []int{1, 16, 8, 8}, []int{3, 16, 3, 3}, attrs(is("strides", 2, 2), is("pads", 1, 1, 1, 1)), ""},
		{"groups", []int{1, 32, 8, 8}, []int{32, 16, 3, 3}, attrs(is("strides", 2, 2), is("pads", 1, 1, 1, 1), i("group", 2)), ""},
		{"gaps", []int{1, 16, 12, 12}, []int{16, 16, 3, 3}, attrs(is("strides", 2, 2), is("dilations", 2, 2), is("pads", 2, 2, 2, 2)), ""},
		{"each channel alone", []int{1, 5, 9, 8}, []int{5, 1, 3, 3}, attrs(is("strides", 2, 2), is("pads", 1, 1, 1, 1), i("group", 5)), "DepthwiseScatter"},
		{"each channel alone by three", []int{1, 4, 10, 11}, []int{4, 1, 5, 4}, attrs(is("strides", 3, 2), is("pads", 2, 1, 2, 2), i("group", 4)), "DepthwiseScatter"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(9, 9))
			weights := make([]float32, tt.w[0]*tt.w[1]*tt.w[2]*tt.w[3])
			for i := range weights {
				weights[i] = float32(rng.IntN(9) - 4)
			}
			c := single{op: "Conv", args: []arg{x(tt.x...), floats([]int64{int64(tt.w[0]), int64(tt.w[1]), int64(tt.w[2]), int64(tt.w[3])}, weights...)}, attrs: tt.attrs}
			plan, ours, graph := newBench(t, r, c.model(), c.inputs(rng)...).bothWays(rng, []string{"x0"}, gradient.Exact)
			for _, op := range []string{"Interleave", "DepthwiseScatter"} {
				if n := len(own(plan, op)); (n == 1) != (op == tt.want) || n > 1 {
					t.Errorf("%d times %s", n, op)
				}
			}
			if !slices.Equal(ours[0].Data, graph[0].Data) {
				t.Errorf("the kernels give %v\nthe graph gives %v", ours[0].Data, graph[0].Data)
			}
		})
	}
}

// TestActivationsByAKernel compares what passes an activation with the graph that other
// providers run, on the bounds as well.
func TestActivationsByAKernel(t *testing.T) {
	r := library(t)
	for _, tt := range []struct {
		name string
		c    single
		rule gradient.ReLURule
		want int
	}{
		{"ReLU", single{op: "Relu", args: []arg{x(1, 2, 3, 5)}}, gradient.Exact, 1},
		{"guided", single{op: "Relu", args: []arg{x(1, 2, 3, 5)}}, gradient.Guided, 1},
		{"whatever the ReLU did", single{op: "Relu", args: []arg{x(1, 2, 3, 5)}}, gradient.Deconvnet, 0},
		{"ReLU6", single{op: "Clip", args: []arg{x(1, 2, 3, 5), scalar(0), scalar(2)}}, gradient.Exact, 1},
		{"from below", single{op: "Clip", args: []arg{x(1, 30), scalar(-1)}}, gradient.Exact, 1},
		{"from above", single{op: "Clip", args: []arg{x(1, 30), {none: true}, scalar(1)}}, gradient.Exact, 1},
		{"no bounds", single{op: "Clip", args: []arg{x(1, 30)}}, gradient.Exact, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(9, 9))
			in := tt.c.inputs(rng)
			for i := range in[0].Data {
				in[0].Data[i] = float32(rng.IntN(7) - 3) // the bounds among them
			}
			plan, ours, graph := newBench(t, r, tt.c.model(), in...).bothWays(rng, []string{"x0"}, tt.rule)
			if n := len(own(plan, "Keep")); n != tt.want {
				t.Errorf("%d times", n)
			}
			if !slices.Equal(ours[0].Data, graph[0].Data) {
				t.Errorf("the kernel gives %v\nthe graph gives %v", ours[0].Data, graph[0].Data)
			}
		})
	}
}

// rectifiedPooling is a MaxPool of rows and columns, 2 by 2, of a ReLU; shared adds the ReLU to
// the result.
func rectifiedPooling(shared bool) (*onnx.Model, infer.Tensor) {
	c := single{op: "MaxPool", args: []arg{x(1, 2, 4, 4)}, attrs: attrs(is("kernel_shape", 2, 2), is("strides", 1, 1), is("pads", 0, 0, 1, 1))}
	m := c.model()
	pool := m.Graph.Nodes[0]
	pool.Inputs[0] = "r"
	nodes := []*onnx.Node{{OpType: "Relu", Inputs: []string{"x0"}, Outputs: []string{"r"}}, pool}
	if shared {
		pool.Outputs[0] = "p"
		nodes = append(nodes, &onnx.Node{OpType: "Add", Inputs: []string{"p", "r"}, Outputs: []string{"y"}})
	}
	m.Graph.Nodes = nodes
	in := infer.NewTensor(1, 2, 4, 4)
	for i := range in.Data {
		in.Data[i] = float32(i*7%11 - 6) // in some windows nothing is above 0
	}
	return m, in
}

// TestAPoolingTakesItsReLUAlong: the operator for poolings does what the ReLU in front of
// it does, where nothing else reads that, and the bits are those of the graph.
func TestAPoolingTakesItsReLUAlong(t *testing.T) {
	r := library(t)
	for _, tt := range []struct {
		name   string
		shared bool
		wrt    []string
		rule   gradient.ReLURule
		alone  int64 // whether the pooling passes on only what is above 0
		masks  int
	}{
		{"exact", false, []string{"x0"}, gradient.Exact, 1, 0},
		{"guided", false, []string{"x0"}, gradient.Guided, 1, 0},
		{"whatever the ReLU did", false, []string{"x0"}, gradient.Deconvnet, 0, 0},
		{"asked for as well", false, []string{"x0", "r"}, gradient.Exact, 0, 1},
		{"read elsewhere", true, []string{"x0"}, gradient.Exact, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, in := rectifiedPooling(tt.shared)
			plan, ours, graph := newBench(t, r, m, in).bothWays(rand.New(rand.NewPCG(1, 1)), tt.wrt, tt.rule)
			pools := own(plan, "MaxPoolGrad")
			if n := len(own(plan, "Keep")); len(pools) != 1 || pools[0].AttrInt("positive", 0) != tt.alone || n != tt.masks {
				t.Fatalf("%d masks, poolings %+v", n, pools)
			}
			for k := range ours {
				if !slices.Equal(ours[k].Data, graph[k].Data) {
					t.Errorf("the kernel gives %v, the graph %v", ours[k].Data, graph[k].Data)
				}
			}
		})
	}
}

// TestAPoolingTakesReLUsAlongThroughAConcat: those that are joined in front of it, if all
// of them are ReLUs.
func TestAPoolingTakesReLUsAlongThroughAConcat(t *testing.T) {
	r := library(t)
	for _, tt := range []struct {
		second string
		wrt    []string
		masks  int
	}{
		{"Relu", []string{"x0"}, 0},
		{"Relu", []string{"x0", "b"}, 2},
		{"Tanh", []string{"x0"}, 1},
	} {
		m, in := rectifiedPooling(false)
		pool := m.Graph.Nodes[1]
		pool.Inputs[0] = "joined"
		m.Graph.Nodes = []*onnx.Node{
			{OpType: "Relu", Inputs: []string{"x0"}, Outputs: []string{"a"}},
			{OpType: "Neg", Inputs: []string{"x0"}, Outputs: []string{"minus"}},
			{OpType: tt.second, Inputs: []string{"minus"}, Outputs: []string{"b"}},
			{OpType: "Concat", Inputs: []string{"a", "b"}, Outputs: []string{"joined"}, Attrs: attrs(i("axis", 1))},
			pool,
		}
		plan, ours, graph := newBench(t, r, m, in).bothWays(rand.New(rand.NewPCG(1, 1)), tt.wrt, gradient.Exact)
		if n := len(own(plan, "Keep")); n != tt.masks {
			t.Errorf("%+v: %d masks", tt, n)
		}
		for k := range ours {
			if !slices.Equal(ours[k].Data, graph[k].Data) {
				t.Errorf("%+v: the kernel gives %v, the graph %v", tt, ours[k].Data, graph[k].Data)
			}
		}
	}
}

// randomPooling is a MaxPool over places of some axes.
func randomPooling(rng *rand.Rand, axes int) single {
	var kernel, strides, dilations, begin, end []int64
	in := []int{1, 2}
	for range axes {
		size, dilation := 1+rng.Int64N(3), 1+rng.Int64N(2)
		kernel, dilations, strides = append(kernel, size), append(dilations, dilation), append(strides, 1+rng.Int64N(3))
		begin, end = append(begin, rng.Int64N(size)), append(end, rng.Int64N(size))
		in = append(in, int(dilation*(size-1)+1)+rng.IntN(6))
	}
	c := single{op: "MaxPool", args: []arg{x(in...)}, attrs: attrs(is("kernel_shape", kernel...), is("strides", strides...))}
	switch rng.IntN(4) {
	case 0:
		c.attrs = append(c.attrs, s("auto_pad", []string{"SAME_UPPER", "SAME_LOWER", "VALID"}[rng.IntN(3)]))
	case 1:
		c.attrs = append(c.attrs, is("dilations", dilations...))
	default:
		c.attrs = append(c.attrs, is("dilations", dilations...), is("pads", append(begin, end...)...), i("ceil_mode", rng.Int64N(2)))
	}
	return c
}

// TestAStemOfVolumes is worked out by hand: one kernel of 2×1×1, stride 2, over
// four slices of one voxel, so that slice 2i has the first weight times the
// gradient i and slice 2i+1 the second.
func TestAStemOfVolumes(t *testing.T) {
	c := single{op: "Conv", args: []arg{x(1, 1, 4, 1, 1), floats([]int64{1, 1, 2, 1, 1}, 2, 3)}, attrs: attrs(is("strides", 2, 1, 1))}
	in := infer.NewTensor(1, 1, 4, 1, 1)
	b := newBench(t, library(t), c.model(), in)
	plan, err := gradient.Build(b.model, b.facts, "y", []string{"x0"}, gradient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := b.forward(append(slices.Clone(plan.Activations), "y"), in)
	dx := b.backward(plan, got, infer.Tensor{Shape: []int{1, 1, 2, 1, 1}, Data: []float32{5, 7}})[0]
	if want := []float32{10, 15, 14, 21}; !slices.Equal(dx.Data, want) || !slices.Equal(dx.Shape, in.Shape) {
		t.Errorf("got %v of shape %v, want %v", dx.Data, dx.Shape, want)
	}
}

// TestConvolutionsOfVolumes compares random strided convolutions of volumes with
// the definition in double precision, for two scores of one volume.
func TestConvolutionsOfVolumes(t *testing.T) {
	r := library(t)
	rng := rand.New(rand.NewPCG(8, 9))
	for k := range 24 {
		c, w := randomVolumeConv(rng)
		t.Run(fmt.Sprint(k, c.args[0].shape, w.Dims, c.attrs[0].Ints), func(t *testing.T) {
			x := c.inputs(rng)
			b := newBench(t, r, c.model(), x...)
			plan, err := gradient.Build(b.model, b.facts, "y", []string{"x0"}, gradient.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := b.forward(append(slices.Clone(plan.Activations), "y"), x...)
			shape := slices.Clone(got["y"].Shape)
			shape[0] = 2
			seed := noise(rng, shape)
			want := adjoint(t, c, w, x[0].Shape, seed)
			if worst, _ := compare(b.backward(plan, got, seed)[0].Data, want); !(worst < 1e-5) {
				t.Errorf("off by %g of the largest value", worst)
			}
		})
	}
}

func randomVolumeConv(rng *rand.Rand) (single, *onnx.Tensor) {
	group := 1 + rng.Int64N(3)
	each, outputs := 1+rng.Int64N(3), group*(1+rng.Int64N(3))
	dims, in := []int64{outputs, each}, []int{1, int(group * each)}
	var strides, dilations, begin, end []int64
	for range 3 {
		size, dilation := 1+rng.Int64N(4), 1+rng.Int64N(2)
		dims, dilations, strides = append(dims, size), append(dilations, dilation), append(strides, 1+rng.Int64N(3))
		begin, end = append(begin, rng.Int64N(size)), append(end, rng.Int64N(size))
		in = append(in, int(dilation*(size-1)+1)+rng.IntN(5))
	}
	w := random(dims...)
	c := single{op: "Conv", args: []arg{x(in...), w}, attrs: attrs(is("strides", strides...), i("group", group))}
	if rng.IntN(3) == 0 {
		c.attrs = append(c.attrs, s("auto_pad", []string{"SAME_UPPER", "SAME_LOWER"}[rng.IntN(2)]))
	} else {
		c.attrs = append(c.attrs, is("dilations", dilations...), is("pads", append(begin, end...)...))
	}
	return c, w.value
}

// adjoint adds every gradient times the kernel to the inputs under its window.
func adjoint(t *testing.T, c single, w *onnx.Tensor, in []int, dy infer.Tensor) []float32 {
	t.Helper()
	weights, err := w.Floats(nil)
	if err != nil {
		t.Fatal(err)
	}
	node := &onnx.Node{Attrs: c.attrs}
	group := int(node.AttrInt("group", 1))
	strides, dilations, begin := node.AttrInts("strides"), node.AttrInts("dilations"), node.AttrInts("pads")
	if dilations == nil {
		dilations = []int64{1, 1, 1}
	}
	if auto := node.AttrString("auto_pad", ""); auto != "" {
		for i := range 3 {
			total := int64(dy.Shape[i+2]-1)*strides[i] + w.Dims[i+2] - int64(in[i+2])
			if auto == "SAME_LOWER" && total > 0 {
				total++
			}
			begin = append(begin, max(total, 0)/2) // inputs left over are two at most
		}
	}
	channels, each := in[1], int(w.Dims[1])
	volume, taps, places := in[2]*in[3]*in[4], int(w.Dims[2]*w.Dims[3]*w.Dims[4]), dy.Shape[2]*dy.Shape[3]*dy.Shape[4]
	dx := make([]float64, dy.Shape[0]*channels*volume)
	for i, g := range dy.Data {
		n, out, window := i/places/dy.Shape[1], i/places%dy.Shape[1], split(i%places, dy.Shape[2:])
		first := out / (dy.Shape[1] / group) * each
		for k := range each * taps {
			at, inside := 0, true
			for axis, tap := range split(k%taps, []int{int(w.Dims[2]), int(w.Dims[3]), int(w.Dims[4])}) {
				place := window[axis]*int(strides[axis]) - int(begin[axis]) + tap*int(dilations[axis])
				inside = inside && place >= 0 && place < in[axis+2]
				at = at*in[axis+2] + place
			}
			if inside {
				dx[(n*channels+first+k/taps)*volume+at] += float64(g) * float64(weights[out*each*taps+k])
			}
		}
	}
	single := make([]float32, len(dx))
	for i, v := range dx {
		single[i] = float32(v)
	}
	return single
}

// split gives the coordinates of element i of a block.
func split(i int, lengths []int) []int {
	at := make([]int, len(lengths))
	for axis := len(lengths) - 1; axis >= 0; axis-- {
		at[axis], i = i%lengths[axis], i/lengths[axis]
	}
	return at
}
