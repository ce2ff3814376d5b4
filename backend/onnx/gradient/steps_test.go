package gradient_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// TestPoolsInSteps compares the kernel of poolings with the graph that other
// providers run, bit by bit, for lines, planes and volumes and for two scores of
// one picture.
func TestPoolsInSteps(t *testing.T) {
	r := library(t)
	rng := rand.New(rand.NewPCG(5, 6))
	for k := range 18 {
		c := randomPooling(rng, 1+k%3)
		t.Run(fmt.Sprint(k, c.args[0].shape, c.attrs[0].Ints), func(t *testing.T) {
			x := c.inputs(rng)
			for i := range x[0].Data {
				x[0].Data[i] = float32(rng.IntN(4)) // with ties
			}
			b := newBench(t, r, c.model(), x...)
			graph, err := gradient.Build(b.model, b.facts, "y", []string{"x0"}, gradient.Options{})
			if err != nil {
				t.Fatal(err)
			}
			cut, err := gradient.Build(b.model, b.facts, "y", []string{"x0"}, gradient.Options{Kernels: true})
			if err != nil {
				t.Fatal(err)
			}
			if len(cut.Steps) != 2 || cut.Steps[0].Pool == nil {
				t.Fatalf("the backward pass has %d steps", len(cut.Steps))
			}
			got := b.forward(append(slices.Clone(graph.Activations), "y"), x...)
			shape := slices.Clone(got["y"].Shape)
			shape[0] = 2
			seed := noise(rng, shape)
			want := b.backward(graph, got, seed)[0]
			dx, err := cut.Steps[0].Pool.Backward(x[0].Data, seed.Data, nil)
			if err != nil || !slices.Equal(dx, want.Data) {
				t.Errorf("%+v gives %v, %v\nthe graph gives %v", *cut.Steps[0].Pool, dx, err, want.Data)
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

// TestAPoolingTakesItsReLUAlong: the kernel of a pooling does what the ReLU in front of it
// does, where nothing else reads that, and the bits are those of the graph.
func TestAPoolingTakesItsReLUAlong(t *testing.T) {
	r := library(t)
	for _, tt := range []struct {
		name   string
		shared bool
		wrt    []string
		rule   gradient.ReLURule
		want   bool
	}{
		{"exact", false, []string{"x0"}, gradient.Exact, true},
		{"guided", false, []string{"x0"}, gradient.Guided, true},
		{"whatever the ReLU did", false, []string{"x0"}, gradient.Deconvnet, false},
		{"asked for as well", false, []string{"x0", "r"}, gradient.Exact, false},
		{"read elsewhere", true, []string{"x0"}, gradient.Exact, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, in := rectifiedPooling(tt.shared)
			b := newBench(t, r, m, in)
			cut, err := gradient.Build(b.model, b.facts, "y", tt.wrt, gradient.Options{Kernels: true, ReLU: tt.rule})
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(cut.Steps, func(s gradient.Step) bool { return s.Pool != nil })
			if at < 0 || cut.Steps[at].Pool.Positive != tt.want {
				t.Fatalf("steps %+v", cut.Steps)
			}
			if !tt.want {
				return
			}
			graph, err := gradient.Build(b.model, b.facts, "y", tt.wrt, gradient.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := b.forward(append(slices.Clone(graph.Activations), "y", "r"), in)
			seed := noise(rand.New(rand.NewPCG(1, 1)), got["y"].Shape)
			dx, err := cut.Steps[at].Pool.Backward(got["r"].Data, seed.Data, nil)
			if want := b.backward(graph, got, seed)[0].Data; err != nil || !slices.Equal(dx, want) {
				t.Errorf("got %v, %v, want %v", dx, err, want)
			}
		})
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
