package perturb_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/perturb"
	"picasso/backend/perturb/perturbtest"
)

// randomNet is a network of random layers with random strides, paddings and
// branches: what no exporter would think of.
type randomNet struct {
	rng   *rand.Rand
	rank  int // axes of places
	graph *onnx.Graph
	at    string
	depth int
	count int
}

// newRandomNet makes a network for pictures (rank 2) or volumes (3).
func newRandomNet(rng *rand.Rand, rank int) *onnx.Model {
	depth := 1 + 2*rng.IntN(2)
	n := &randomNet{rng: rng, rank: rank, graph: &onnx.Graph{Name: "random"}, at: "x", depth: depth}
	least, more := 9, 24
	if rank == 3 {
		least, more = 8, 8
	}
	sides := n.each(func() int { return least + rng.IntN(more) })
	last := rank == 3 && rng.IntN(3) == 0 // the channels
	shape := append([]int{depth}, sides...)
	if last {
		shape = append(sides[:rank:rank], depth)
	}
	input := []onnx.Dim{{Size: -1, Symbol: "n"}}
	for _, d := range shape {
		input = append(input, onnx.Dim{Size: int64(d)})
	}
	n.graph.Inputs = []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: input}}
	if last {
		n.at = n.nodeWith("Transpose", []*onnx.Attr{intsAttr("perm", n.first()...)}, n.at)
	}
	for range 2 + rng.IntN(6) {
		n.layer()
	}
	n.answer()
	return &onnx.Model{IRVersion: 8, Producer: "test", Opsets: map[string]int64{"": 13}, Graph: n.graph}
}

// first is the permutation that brings the last axis, the channels, behind the batch,
// and last the one back.
func (n *randomNet) first() []int {
	perm := []int{0, n.rank + 1}
	for k := range n.rank {
		perm = append(perm, k+1)
	}
	return perm
}

func (n *randomNet) last() []int {
	perm := []int{0}
	for k := range n.rank {
		perm = append(perm, k+2)
	}
	return append(perm, 1)
}

// answer sums the places up.
func (n *randomNet) answer() {
	last := n.node("GlobalAveragePool", n.at)
	if n.rng.IntN(3) > 0 { // so that every place counts differently
		n.node("Relu", n.at)
		places := []int64{2, 3, 4}
		last = n.node("ReduceSum", n.node("Mul", n.at, n.at), n.ints(places[:n.rank]...))
		n.graph.Nodes[len(n.graph.Nodes)-1].Attrs = []*onnx.Attr{intAttr("keepdims", 1)}
	}
	n.graph.Outputs = []*onnx.Value{{Name: n.node("Flatten", last), Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: int64(n.depth)}}}}
}

// each asks for a number for each axis of places.
func (n *randomNet) each(number func() int) []int {
	out := make([]int, n.rank)
	for k := range out {
		out[k] = number()
	}
	return out
}

// below are random numbers of n kinds from a least one on, for each axis of places.
func (n *randomNet) below(least, kinds int) []int {
	return n.each(func() int { return least + n.rng.IntN(kinds) })
}

// long are numbers as those of a tensor.
func long(numbers ...int) []int64 {
	out := make([]int64, len(numbers))
	for i, v := range numbers {
		out[i] = int64(v)
	}
	return out
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
		n.at = n.nodeWith("Transpose", []*onnx.Attr{intsAttr("perm", n.first()...)},
			n.node("MatMul", n.nodeWith("Transpose", []*onnx.Attr{intsAttr("perm", n.last()...)}, n.at), n.floats(int64(n.depth), 3)))
		n.depth = 3
	case 9:
		n.at = n.nodeWith("Slice", nil, n.at, n.ints(long(n.below(0, 2)...)...), n.ints(slices.Repeat([]int64{1 << 62}, n.rank)...), n.ints([]int64{2, 3, 4}[:n.rank]...), n.ints(long(n.below(1, 2)...)...))
	}
	if n.rng.IntN(2) == 0 {
		n.at = n.node("Relu", n.at)
	}
}

func (n *randomNet) conv() {
	k := n.below(1, 4)
	attrs := []*onnx.Attr{intsAttr("strides", n.below(1, 2)...), intsAttr("dilations", n.below(1, 2)...)}
	switch n.rng.IntN(4) {
	case 0:
		attrs[1] = textAttr("auto_pad", []string{"SAME_UPPER", "SAME_LOWER"}[n.rng.IntN(2)])
	default:
		attrs = append(attrs, intsAttr("pads", append(n.below(0, 4), n.below(2, 3)...)...))
	}
	out, group := 4, 1
	if n.depth == 4 && n.rng.IntN(2) == 0 {
		group = 2 << n.rng.IntN(2)
		attrs = append(attrs, intAttr("group", group))
	}
	n.at = n.nodeWith("Conv", attrs, n.at, n.floats(append([]int64{int64(out), int64(n.depth / group)}, long(k...)...)...), n.floats(int64(out)))
	n.depth = out
}

func (n *randomNet) pool(op string) {
	attrs := []*onnx.Attr{intsAttr("kernel_shape", n.below(2, 2)...), intsAttr("strides", n.below(1, 5-n.rank)...),
		intsAttr("pads", append(n.below(0, 2), n.below(1, 1)...)...), intAttr("ceil_mode", n.rng.IntN(2))}
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
	border := append(long(0, 0), long(n.below(0, 3)...)...)
	// The runtime merges a Pad into a pooling behind it and then counts other
	// windows (1.24.3); a rectifier keeps them apart.
	n.at = n.node("Relu", n.nodeWith("Pad", []*onnx.Attr{textAttr("mode", mode)}, n.at, n.ints(append(append(border, 0, 0), long(n.below(0, 3)...)...)...)))
}

func (n *randomNet) up() {
	if n.rng.IntN(2) == 0 {
		strides := n.below(1, 2)
		extra := n.each(func() int { return 0 })
		for k, s := range strides {
			extra[k] = n.rng.IntN(s)
		}
		attrs := []*onnx.Attr{intsAttr("strides", strides...), intsAttr("pads", append(n.below(0, 2), n.below(0, 2)...)...),
			intsAttr("output_padding", extra...), intsAttr("dilations", n.below(1, 2)...)}
		n.at = n.nodeWith("ConvTranspose", attrs, n.at, n.floats(append([]int64{int64(n.depth), 2}, long(n.below(2, 2)...)...)...))
		n.depth = 2
		return
	}
	factors := []float32{1, 1}
	for _, f := range n.below(1, 5-n.rank) {
		factors = append(factors, float32(f))
	}
	scales := n.constant(onnx.NewTensor(n.name(), []int64{int64(len(factors))}, factors))
	mode := []string{"nearest", "linear", "cubic"}[n.rng.IntN(5-n.rank)] // cubic is for pictures
	place := []string{"half_pixel", "asymmetric", "pytorch_half_pixel"}[n.rng.IntN(3)]
	n.at = n.nodeWith("Resize", []*onnx.Attr{textAttr("mode", mode), textAttr("coordinate_transformation_mode", place)}, n.at, "", scales)
}

// branch adds or joins two ways from the same tensor.
func (n *randomNet) branch(input string, depth int) {
	same := func() string {
		return n.nodeWith("Conv", []*onnx.Attr{intsAttr("pads", append(n.below(1, 1), n.below(1, 1)...)...)}, input, n.floats(append([]int64{4, int64(depth)}, long(n.below(3, 1)...)...)...))
	}
	a := same()
	if n.rng.IntN(2) == 0 {
		n.at, n.depth = n.node("Add", n.node("Relu", a), n.nodeWith("Conv", nil, input, n.floats(append([]int64{4, int64(depth)}, long(n.below(1, 1)...)...)...))), 4
		return
	}
	n.at, n.depth = n.nodeWith("Concat", []*onnx.Attr{intAttr("axis", 1)}, a, input), 4+depth
}

// TestIncrementalOnRandomNets: whatever the network, the segments and the
// rectangles, incremental scores are those of full runs. A net stands for 36
// combinations of segments and rectangles.
func TestIncrementalOnRandomNets(t *testing.T) { incrementalOnNets(t, 2, 200) }

// TestIncrementalOnRandomNetsOfVolumes is the same with boxes.
func TestIncrementalOnRandomNetsOfVolumes(t *testing.T) { incrementalOnNets(t, 3, 60) }

func incrementalOnNets(t *testing.T, rank, nets int) {
	path := filepath.Join(t.TempDir(), "net.onnx")
	if testing.Short() {
		nets = 20
	}
	tried, combinations := 0, 0
	for seed := range nets {
		n := incrementalOnNet(t, path, uint64(seed), rank)
		if t.Failed() {
			t.Fatalf("net %d", seed)
		}
		if n >= 0 {
			tried++
			combinations += n
		}
	}
	t.Logf("%d nets, %d combinations", tried, combinations)
	if tried < nets/3 || !testing.Short() && combinations < 10*nets {
		t.Errorf("only %d of %d random networks could be run, in %d combinations", tried, nets, combinations)
	}
}

// FuzzIncrementalOnRandomNets is the same for as long as one likes.
func FuzzIncrementalOnRandomNets(f *testing.F) {
	for seed := range uint64(3) {
		f.Add(1000+seed, seed%2 == 0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, volumes bool) {
		rank := 2
		if volumes {
			rank = 3
		}
		incrementalOnNet(t, filepath.Join(t.TempDir(), "net.onnx"), seed, rank)
	})
}

// incrementalOnNet tries one random network, written to path, and returns the
// number of copies compared, or −1 where its layers do not fit each other.
func incrementalOnNet(t *testing.T, path string, seed uint64, rank int) int {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	data, err := newRandomNet(rng, rank).Encode()
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
