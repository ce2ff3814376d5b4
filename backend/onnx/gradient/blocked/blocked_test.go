package blocked_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/blocked"
	"picasso/backend/ort/orttest"
)

// network is a random graph whose shapes are known.
type network struct {
	rng    *rand.Rand
	graph  *onnx.Graph
	shapes map[string][]int64
	planes []string // tensors [2, C, H, W], the latest last
}

func integers(name string, v ...int64) *onnx.Attr {
	return onnx.IntsAttr(name, v)
}

func newNetwork(seed uint64, channels, height, width int64) *network {
	n := &network{rng: rand.New(rand.NewPCG(seed, 1)), graph: &onnx.Graph{Name: "g"}, shapes: map[string][]int64{}}
	n.graph.Inputs = []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "N"}, {Size: channels}, {Size: height}, {Size: width}}}}
	n.put("x", channels, height, width)
	return n
}

func (n *network) put(name string, channels, height, width int64) {
	n.shapes[name] = []int64{-1, channels, height, width}
	n.planes = append(n.planes, name)
}

func (n *network) last() string { return n.planes[len(n.planes)-1] }

// node writes a node whose result has a shape.
func (n *network) node(op string, inputs []string, channels, height, width int64, attrs ...*onnx.Attr) string {
	y := fmt.Sprint("t", len(n.graph.Nodes))
	n.graph.Nodes = append(n.graph.Nodes, &onnx.Node{OpType: op, Inputs: inputs, Outputs: []string{y}, Attrs: attrs})
	n.put(y, channels, height, width)
	return y
}

// weights are a constant of small numbers around a middle.
func (n *network) weights(middle float32, shape ...int64) string {
	name, count := fmt.Sprint("w", len(n.graph.Initializers)), int64(1)
	for _, length := range shape {
		count *= length
	}
	values := make([]float32, count)
	for i := range values {
		values[i] = middle + float32(n.rng.IntN(7)-3)/8
	}
	n.graph.Initializers = append(n.graph.Initializers, onnx.NewTensor(name, shape, values))
	return name
}

// conv convolves the last tensor, or leaves it where it is too small.
func (n *network) conv(out, group, size, stride int64) {
	s := n.shapes[n.last()]
	if s[1]%group != 0 || out%group != 0 || s[2] < size || s[3] < size {
		return
	}
	pad := n.rng.Int64N(size)
	inputs := []string{n.last(), n.weights(0, out, s[1]/group, size, size)}
	if n.rng.IntN(2) == 0 {
		inputs = append(inputs, n.weights(0, out))
	}
	n.node("Conv", inputs, out, (s[2]+2*pad-size)/stride+1, (s[3]+2*pad-size)/stride+1,
		integers("kernel_shape", size, size), integers("strides", stride, stride), integers("pads", pad, pad, pad, pad), onnx.IntAttr("group", group))
}

// step adds a layer.
func (n *network) step() {
	s := n.shapes[n.last()]
	same := func(op string, inputs []string, attrs ...*onnx.Attr) { n.node(op, inputs, s[1], s[2], s[3], attrs...) }
	switch n.rng.IntN(18) {
	case 0, 1, 2:
		n.conv([]int64{4, 10, 16, 24, 32}[n.rng.IntN(5)], 1, 1+n.rng.Int64N(3), 1+n.rng.Int64N(2))
	case 3:
		n.conv(s[1], s[1], 1+n.rng.Int64N(3), 1+n.rng.Int64N(2))
	case 4:
		n.conv(32, 2, 3, 1)
	case 5, 6:
		same("Relu", []string{n.last()})
	case 7:
		same([]string{"Sigmoid", "Tanh", "HardSwish", "Dropout", "Identity", "LeakyRelu"}[n.rng.IntN(6)], []string{n.last()})
	case 8:
		low, high := n.weights(-1), n.weights(3)
		same("Clip", []string{n.last(), low, high})
	case 9:
		same("BatchNormalization", []string{n.last(), n.weights(1, s[1]), n.weights(0, s[1]), n.weights(0, s[1]), n.weights(2, s[1])})
	case 10, 11: // with an earlier tensor of the shape, or one of its numbers for each channel
		other := n.last()
		for _, name := range n.planes {
			if slices.Equal(n.shapes[name], s) {
				other = name
				break
			}
		}
		switch n.rng.IntN(10) {
		case 0:
			other = n.weights(0, 1, s[1], 1, 1)
		case 1, 2:
			other = n.weights(1)
		}
		same([]string{"Add", "Mul", "Sum", "Sub"}[n.rng.IntN(4)], []string{n.last(), other})
	case 12:
		if n.rng.IntN(2) == 0 || s[1] < 24 {
			n.node("Concat", []string{n.last(), n.last()}, 2*s[1], s[2], s[3], onnx.IntAttr("axis", 1))
			return
		}
		start := 8 * n.rng.Int64N(2)
		n.node("Slice", []string{n.last(), n.list(start), n.list(16), n.list(1)}, 16-start, s[2], s[3])
	case 13:
		if s[2] > 3 && s[3] > 3 {
			n.node([]string{"MaxPool", "AveragePool"}[n.rng.IntN(2)], []string{n.last()}, s[1], (s[2]-1)/2+1, (s[3]-1)/2+1,
				integers("kernel_shape", 3, 3), integers("strides", 2, 2), integers("pads", 1, 1, 1, 1))
		}
	case 14, 15: // squeeze and excitation
		x := n.last()
		n.node("ReduceMean", []string{x}, s[1], 1, 1, integers("axes", -2, -1))
		if n.rng.IntN(2) == 0 {
			n.conv(s[1], 1, 1, 1)
		}
		n.node("Sigmoid", []string{n.last()}, n.shapes[n.last()][1], 1, 1)
		same([]string{"Mul", "Add", "Sub"}[n.rng.IntN(3)], []string{x, n.last()})
	case 16: // the mean, at each place
		n.node("ReduceSum", []string{n.last(), n.list(2, 3)}, s[1], 1, 1)
		same("Expand", []string{n.last(), n.list(1, s[1], s[2], s[3])})
	case 17:
		n.node("GlobalMaxPool", []string{n.last()}, s[1], 1, 1)
		same("Expand", []string{n.last(), n.list(1, 1, s[2], s[3])})
	}
}

// list is a constant of whole numbers.
func (n *network) list(v ...int64) string {
	name := fmt.Sprint("i", len(n.graph.Initializers))
	n.graph.Initializers = append(n.graph.Initializers, onnx.NewInts(name, []int64{int64(len(v))}, v))
	return name
}

// model is the graph with its last tensor, one inside it and an average as results.
func (n *network) model() *onnx.Model {
	inner := n.planes[1+n.rng.IntN(len(n.planes)-1)]
	last := n.last()
	mean := n.node("GlobalAveragePool", []string{last}, n.shapes[last][1], 1, 1)
	for _, name := range slices.Compact([]string{inner, last, mean}) {
		n.graph.Outputs = append(n.graph.Outputs, &onnx.Value{Name: name, Type: onnx.Float})
	}
	return &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 17}, Graph: n.graph}
}

func run(t *testing.T, m *onnx.Model, weights []blocked.Weights, x infer.Tensor) []infer.Tensor {
	t.Helper()
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	src := infer.Source{Bytes: data}
	for _, w := range weights {
		src.Fixed = append(src.Fixed, w.Fill)
	}
	s, err := orttest.Runtime(t).Open(t.Context(), src, infer.SessionOptions{Provider: infer.CPU, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out, err := s.Run(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// count is the number of nodes of an operator for blocks.
func count(m *onnx.Model, op string) (n int) {
	for _, node := range m.Graph.Nodes {
		if node.Domain == blocked.Domain && node.OpType == op {
			n++
		}
	}
	return n
}

func block(t *testing.T) int64 {
	t.Helper()
	b := orttest.Runtime(t).Block()
	if b == 0 {
		t.Skip("the runtime computes nothing in blocks on this machine")
	}
	return b
}

// TestRandomNetworks: networks in blocks give what they gave in rows.
func TestRandomNetworks(t *testing.T) {
	b, convs := block(t), 0
	for seed := range uint64(120) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			channels := []int64{1, 3, 4, 12, 16, 20, 32}
			n := newNetwork(seed, channels[seed%7], 9+int64(seed%5), 8+int64(seed%4))
			n.conv(16, 1, 3, 1)
			for range 12 {
				n.step()
			}
			m := n.model()
			if seed%4 == 1 { // as older files list them
				for _, w := range m.Graph.Initializers {
					v := &onnx.Value{Name: w.Name, Type: w.Type}
					for _, length := range w.Dims {
						v.Shape = append(v.Shape, onnx.Dim{Size: length})
					}
					m.Graph.Inputs = append(m.Graph.Inputs, v)
				}
			}
			small := m.Clone()
			shape := func(name string) []int64 {
				if seed%3 == 0 && name != "x" {
					return nil // what follows from the operators has to do
				}
				return n.shapes[name]
			}
			weights, err := blocked.Rewriting{Block: b, Shape: shape, Model: m}.Apply(small)
			if err != nil {
				t.Fatal(err)
			}
			convs += count(small, "Conv")
			in := n.shapes["x"]
			x := infer.NewTensor(2, int(in[1]), int(in[2]), int(in[3]))
			for i := range x.Data {
				x.Data[i] = float32(n.rng.IntN(9)-4) / 2
			}
			want, got := run(t, m, nil, x), run(t, small, weights, x)
			for i := range want {
				compare(t, m.Graph.Outputs[i].Name, got[i], want[i])
			}
		})
	}
	if convs < 200 {
		t.Errorf("%d convolutions are in blocks; the test tells little", convs)
	}
}

func compare(t *testing.T, name string, got, want infer.Tensor) {
	t.Helper()
	largest := 1.0
	for _, v := range want.Data {
		largest = max(largest, math.Abs(float64(v)))
	}
	if !slices.Equal(got.Shape, want.Shape) {
		t.Fatalf("%s has the shape %v instead of %v", name, got.Shape, want.Shape)
	}
	for i, v := range want.Data {
		if d := math.Abs(float64(got.Data[i] - v)); !(d <= 2e-5*largest) && !(math.IsNaN(float64(v)) && math.IsNaN(float64(got.Data[i]))) {
			t.Fatalf("%s, element %d: %v instead of %v", name, i, got.Data[i], v)
		}
	}
}

// residual is a block as in residual networks, with batch normalisation.
func residual() *network {
	n := newNetwork(7, 3, 10, 10)
	n.conv(16, 1, 3, 1)
	n.node("Relu", []string{n.last()}, 16, n.shapes[n.last()][2], n.shapes[n.last()][3])
	start := n.last()
	h, w := n.shapes[start][2], n.shapes[start][3]
	y := n.node("Conv", []string{start, n.weights(0, 16, 16, 3, 3)}, 16, h, w, integers("pads", 1, 1, 1, 1))
	y = n.node("BatchNormalization", []string{y, n.weights(1, 16), n.weights(0, 16), n.weights(0, 16), n.weights(2, 16)}, 16, h, w)
	y = n.node("Add", []string{start, y}, 16, h, w)
	n.node("Relu", []string{y}, 16, h, w)
	return n
}

// TestAResidualBlockIsTwoConvolutions: normalisation, sum and activations are theirs.
func TestAResidualBlockIsTwoConvolutions(t *testing.T) {
	n := residual()
	m := n.model()
	m.Graph.KeepOutputs(n.planes[len(n.planes)-2])
	small := m.Clone()
	if _, err := (blocked.Rewriting{Block: block(t), Shape: func(name string) []int64 { return n.shapes[name] }, Model: m}).Apply(small); err != nil {
		t.Fatal(err)
	}
	if len(small.Graph.Nodes) != 3 || count(small, "Conv") != 2 || count(small, "ReorderOutput") != 1 {
		for _, node := range small.Graph.Nodes {
			t.Log(node.Domain, node.OpType, node.Inputs, node.Outputs)
		}
		t.Fatal("there are other nodes than two convolutions and a change of layout")
	}
}

// What the runtime joins with a convolution is left to it, as is a model whose weights are
// fewer than it says.
func TestWhatIsLeftAsItIs(t *testing.T) {
	b := block(t)
	for name, change := range map[string]func(m *onnx.Model){
		"weights cut off": func(m *onnx.Model) { m.Graph.Initializers[0].Raw = m.Graph.Initializers[0].Raw[:8] },
		"half precision":  func(m *onnx.Model) { m.Graph.Initializers[0].Type = onnx.Float16 },
		"a number for each channel": func(m *onnx.Model) {
			n := m.Graph.Nodes[0]
			m.Graph.Initializers = append(m.Graph.Initializers, onnx.NewTensor("each", []int64{1, 16, 1, 1}, make([]float32, 16)))
			m.Graph.Nodes = slices.Insert(m.Graph.Nodes, 1, &onnx.Node{OpType: "Add", Inputs: []string{"inner", "each"}, Outputs: []string{n.Outputs[0]}})
			n.Outputs[0] = "inner"
		},
		"padding in front": func(m *onnx.Model) {
			m.Graph.Initializers = append(m.Graph.Initializers, onnx.NewInts("pads", []int64{8}, make([]int64, 8)))
			m.Graph.Nodes = slices.Insert(m.Graph.Nodes, 0, &onnx.Node{OpType: "Pad", Inputs: []string{"x", "pads"}, Outputs: []string{"padded"}})
			m.Graph.Nodes[1].Inputs[0] = "padded"
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := residual()
			m := n.model()
			change(m)
			weights, err := blocked.Rewriting{Block: b, Shape: func(name string) []int64 { return n.shapes[name] }, Model: m}.Apply(m)
			if err != nil {
				t.Fatal(err)
			}
			first := m.Graph.Nodes[slices.IndexFunc(m.Graph.Nodes, func(n *onnx.Node) bool { return n.OpType == "Conv" })]
			if name != "weights cut off" && first.Domain != "" {
				t.Errorf("the first convolution is in blocks: %+v", first)
			}
			for _, w := range weights {
				if name == "weights cut off" && w.Shape[1] == 3 {
					t.Errorf("weights that are not there are to be filled: %+v", w)
				}
			}
		})
	}
}

// Weights are read from the model as blocks lie: those of the gradient turned round.
func TestWeightsLieInBlocks(t *testing.T) {
	const b = 8
	values := make([]float32, 16*8*4) // [16, 8, 2, 2]
	for i := range values {
		values[i] = float32(i)
	}
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 18}, Graph: &onnx.Graph{
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{16, 8, 2, 2}, values),
			onnx.NewInts("from", []int64{2}, []int64{-1, -1}), onnx.NewInts("to", []int64{2}, []int64{-1 << 62, -1 << 62}), onnx.NewInts("axes", []int64{2}, []int64{2, 3}), onnx.NewInts("by", []int64{2}, []int64{-1, -1})},
		Nodes: []*onnx.Node{
			{OpType: "Slice", Inputs: []string{"w", "from", "to", "axes", "by"}, Outputs: []string{"reversed"}},
			{OpType: "Transpose", Inputs: []string{"reversed"}, Outputs: []string{"turned"}, Attrs: []*onnx.Attr{integers("perm", 1, 0, 2, 3)}},
			{OpType: "Conv", Inputs: []string{"x", "turned"}, Outputs: []string{"y"}},
		},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: 1}, {Size: 16}, {Size: 3}, {Size: 3}}}},
		Outputs: []*onnx.Value{{Name: "y"}},
	}}
	user := m.Clone()
	weights, err := blocked.Rewriting{Block: b, Model: user, Shape: func(name string) []int64 {
		return map[string][]int64{"x": {1, 16, 3, 3}, "turned": {8, 16, 2, 2}}[name]
	}}.Apply(m)
	if err != nil || len(weights) != 1 || !slices.Equal(weights[0].Shape, []int64{8, 16, 2, 2}) {
		t.Fatalf("%+v, %v", weights, err)
	}
	got := slices.Repeat([]float32{-1}, len(values))
	if err := weights[0].Fill(got); err != nil {
		t.Fatal(err)
	}
	for o := range 8 { // channels of the picture, to which gradients go
		for i := range 16 {
			for k := range 2 {
				for l := range 2 {
					at := ((i/b*4+k*2+l)*b+i%b)*b + o // [1, 2, 2, 2, 8, 8]
					if want := values[((i*8+o)*2+1-k)*2+1-l]; got[at] != want {
						t.Fatalf("from channel %d to %d, tap %d, %d: %v instead of %v", i, o, k, l, got[at], want)
					}
				}
			}
		}
	}
	for _, n := range m.Graph.Nodes {
		if n.OpType == "Slice" || n.OpType == "Transpose" {
			t.Errorf("a session would compute %s", n.OpType)
		}
	}
}
