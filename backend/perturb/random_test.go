package perturb_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/perturb"
	"picasso/backend/perturb/perturbtest"
)

// randomNet is a network of random layers with random strides, paddings and
// branches: what no exporter would think of.
type randomNet struct {
	rng   *rand.Rand
	graph *onnx.Graph
	at    string
	depth int
	count int
}

func newRandomNet(rng *rand.Rand) *onnx.Model {
	depth, h, w := 1+2*rng.IntN(2), 9+rng.IntN(24), 9+rng.IntN(24)
	n := &randomNet{rng: rng, graph: &onnx.Graph{Name: "random"}, at: "x", depth: depth}
	n.graph.Inputs = []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: int64(depth)}, {Size: int64(h)}, {Size: int64(w)}}}}
	for range 2 + rng.IntN(6) {
		n.layer()
	}
	last := n.node("GlobalAveragePool", n.at)
	if rng.IntN(3) > 0 { // so that every place counts differently
		n.node("Relu", n.at)
		last = n.node("ReduceSum", n.node("Mul", n.at, n.at), n.ints(2, 3))
		n.graph.Nodes[len(n.graph.Nodes)-1].Attrs = []*onnx.Attr{intAttr("keepdims", 1)}
	}
	n.graph.Outputs = []*onnx.Value{{Name: n.node("Flatten", last), Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: int64(n.depth)}}}}
	return &onnx.Model{IRVersion: 8, Producer: "test", Opsets: map[string]int64{"": 13}, Graph: n.graph}
}

func intAttr(name string, v int) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: int64(v)}
}

func intsAttr(name string, v ...int) *onnx.Attr {
	a := &onnx.Attr{Name: name, Kind: onnx.AttrInts}
	for _, n := range v {
		a.Ints = append(a.Ints, int64(n))
	}
	return a
}

func textAttr(name, v string) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrString, S: []byte(v)}
}

func (n *randomNet) node(op string, inputs ...string) string { return n.nodeWith(op, nil, inputs...) }

func (n *randomNet) nodeWith(op string, attrs []*onnx.Attr, inputs ...string) string {
	n.count++
	out := fmt.Sprintf("%s%d", op, n.count)
	n.graph.Nodes = append(n.graph.Nodes, &onnx.Node{OpType: op, Inputs: inputs, Outputs: []string{out}, Attrs: attrs})
	return out
}

func (n *randomNet) constant(t *onnx.Tensor) string {
	n.graph.Initializers = append(n.graph.Initializers, t)
	return t.Name
}

func (n *randomNet) name() string { return fmt.Sprintf("c%d", len(n.graph.Initializers)) }

func (n *randomNet) ints(v ...int64) string {
	return n.constant(onnx.NewInts(n.name(), []int64{int64(len(v))}, v))
}

func (n *randomNet) floats(shape ...int64) string {
	size := int64(1)
	for _, d := range shape {
		size *= d
	}
	v := make([]float32, size)
	for i := range v {
		v[i] = float32(n.rng.NormFloat64()) * 0.5
	}
	return n.constant(onnx.NewTensor(n.name(), shape, v))
}

func (n *randomNet) layer() {
	input, depth := n.at, n.depth
	switch n.rng.IntN(10) {
	case 0, 1, 2:
		n.conv()
	case 3:
		n.pool("MaxPool")
	case 4:
		n.pool("AveragePool")
	case 5:
		n.pad()
	case 6:
		n.up()
	case 7:
		n.branch(input, depth)
	case 8:
		n.at = n.nodeWith("Transpose", []*onnx.Attr{intsAttr("perm", 0, 3, 1, 2)},
			n.node("MatMul", n.nodeWith("Transpose", []*onnx.Attr{intsAttr("perm", 0, 2, 3, 1)}, n.at), n.floats(int64(n.depth), 3)))
		n.depth = 3
	case 9:
		n.at = n.nodeWith("Slice", nil, n.at, n.ints(int64(n.rng.IntN(2)), int64(n.rng.IntN(2))), n.ints(1<<62, 1<<62), n.ints(2, 3), n.ints(1+int64(n.rng.IntN(2)), 1+int64(n.rng.IntN(2))))
	}
	if n.rng.IntN(2) == 0 {
		n.at = n.node("Relu", n.at)
	}
}

func (n *randomNet) conv() {
	k := [2]int{1 + n.rng.IntN(4), 1 + n.rng.IntN(4)}
	attrs := []*onnx.Attr{intsAttr("strides", 1+n.rng.IntN(3), 1+n.rng.IntN(2)), intsAttr("dilations", 1+n.rng.IntN(2), 1+n.rng.IntN(2))}
	switch n.rng.IntN(4) {
	case 0:
		attrs[1] = textAttr("auto_pad", []string{"SAME_UPPER", "SAME_LOWER"}[n.rng.IntN(2)])
	default:
		attrs = append(attrs, intsAttr("pads", n.rng.IntN(4), n.rng.IntN(4), 2+n.rng.IntN(3), 2+n.rng.IntN(3)))
	}
	out, group := 4, 1
	if n.depth == 4 && n.rng.IntN(2) == 0 {
		group = 2 << n.rng.IntN(2)
		attrs = append(attrs, intAttr("group", group))
	}
	n.at = n.nodeWith("Conv", attrs, n.at, n.floats(int64(out), int64(n.depth/group), int64(k[0]), int64(k[1])), n.floats(int64(out)))
	n.depth = out
}

func (n *randomNet) pool(op string) {
	k := [2]int{2 + n.rng.IntN(2), 2 + n.rng.IntN(2)}
	attrs := []*onnx.Attr{intsAttr("kernel_shape", k[0], k[1]), intsAttr("strides", 1+n.rng.IntN(2), 1+n.rng.IntN(3)),
		intsAttr("pads", n.rng.IntN(2), n.rng.IntN(2), 1, 1), intAttr("ceil_mode", n.rng.IntN(2))}
	if op == "AveragePool" {
		attrs[3] = intAttr("count_include_pad", n.rng.IntN(2))
	}
	n.at = n.nodeWith(op, attrs, n.at)
}

func (n *randomNet) pad() {
	mode := []string{"constant", "edge", "reflect"}[n.rng.IntN(3)]
	if mode == "reflect" && n.count > 0 { // of a map that may be too short for it
		mode = "constant"
	}
	p := func() int64 { return int64(n.rng.IntN(3)) }
	// The runtime merges a Pad into a pooling behind it and then counts other
	// windows (1.24.3); a rectifier keeps them apart.
	n.at = n.node("Relu", n.nodeWith("Pad", []*onnx.Attr{textAttr("mode", mode)}, n.at, n.ints(0, 0, p(), p(), 0, 0, p(), p())))
}

func (n *randomNet) up() {
	if n.rng.IntN(2) == 0 {
		s := 1 + n.rng.IntN(2)
		attrs := []*onnx.Attr{intsAttr("strides", s, 2), intsAttr("pads", n.rng.IntN(2), n.rng.IntN(2), n.rng.IntN(2), n.rng.IntN(2)),
			intsAttr("output_padding", s-1, n.rng.IntN(2)), intsAttr("dilations", 1+n.rng.IntN(2), 1)}
		n.at = n.nodeWith("ConvTranspose", attrs, n.at, n.floats(int64(n.depth), 2, 3, 2+int64(n.rng.IntN(2))))
		n.depth = 2
		return
	}
	scales := n.constant(onnx.NewTensor(n.name(), []int64{4}, []float32{1, 1, 2, float32(1 + n.rng.IntN(3))}))
	mode := []string{"nearest", "linear", "cubic"}[n.rng.IntN(3)]
	place := []string{"half_pixel", "asymmetric", "pytorch_half_pixel"}[n.rng.IntN(3)]
	n.at = n.nodeWith("Resize", []*onnx.Attr{textAttr("mode", mode), textAttr("coordinate_transformation_mode", place)}, n.at, "", scales)
}

// branch adds or joins two ways from the same tensor.
func (n *randomNet) branch(input string, depth int) {
	same := func() string {
		return n.nodeWith("Conv", []*onnx.Attr{intsAttr("pads", 1, 1, 1, 1)}, input, n.floats(4, int64(depth), 3, 3))
	}
	a := same()
	if n.rng.IntN(2) == 0 {
		n.at, n.depth = n.node("Add", n.node("Relu", a), n.nodeWith("Conv", nil, input, n.floats(4, int64(depth), 1, 1))), 4
		return
	}
	n.at, n.depth = n.nodeWith("Concat", []*onnx.Attr{intAttr("axis", 1)}, a, input), 4+depth
}

// TestIncrementalOnRandomNets: whatever the network, the segments and the
// rectangles, incremental scores are those of full runs. A net stands for 36
// combinations of segments and rectangles.
func TestIncrementalOnRandomNets(t *testing.T) {
	nets, path := 200, filepath.Join(t.TempDir(), "net.onnx")
	if testing.Short() {
		nets = 20
	}
	tried, combinations := 0, 0
	for seed := range nets {
		n := incrementalOnNet(t, path, uint64(seed))
		if t.Failed() {
			t.Fatalf("net %d", seed)
		}
		if n >= 0 {
			tried++
			combinations += n
		}
	}
	t.Logf("%d nets, %d combinations", tried, combinations)
	if tried < nets/3 || !testing.Short() && combinations < 2000 {
		t.Errorf("only %d of %d random networks could be run, in %d combinations", tried, nets, combinations)
	}
}

// FuzzIncrementalOnRandomNets is the same for as long as one likes.
func FuzzIncrementalOnRandomNets(f *testing.F) {
	for seed := range uint64(3) {
		f.Add(1000 + seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		incrementalOnNet(t, filepath.Join(t.TempDir(), "net.onnx"), seed)
	})
}

// incrementalOnNet tries one random network, written to path, and returns the
// number of copies compared, or −1 where its layers do not fit each other.
func incrementalOnNet(t *testing.T, path string, seed uint64) int {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	data, err := newRandomNet(rng).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := newSubject(t, path)
	if err != nil {
		return -1
	}
	defer m.Close()
	base := perturbtest.Noise(rng, m.Input)
	units, err := perturb.Units(t.Context(), m.Scorer)
	if err != nil {
		t.Fatal(err)
	}
	if units == 0 {
		return 0
	}
	compared := 0
	for round := range 3 {
		compared += checkIncremental(t, m, base, rng, randomEnds(rng, units, round))
	}
	return compared
}
