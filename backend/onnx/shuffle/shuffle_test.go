package shuffle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/files"
	"picasso/backend/fixtures"
	"picasso/backend/onnx"
)

// ramp is a float32 tensor of 1, 2, 3, …
func ramp(name string, dims ...int64) *onnx.Tensor {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(i + 1)
	}
	return onnx.NewTensor(name, dims, values)
}

func node(op, inputs, outputs string) *onnx.Node {
	return &onnx.Node{OpType: op, Inputs: strings.Split(inputs, " "), Outputs: strings.Split(outputs, " ")}
}

func build(weights []*onnx.Tensor, output string, nodes ...*onnx.Node) *onnx.Model {
	return &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Nodes: nodes, Initializers: weights,
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float}},
		Outputs: []*onnx.Value{{Name: output, Type: onnx.Float}},
	}}
}

// two is a network of two layers of one shape.
func two() *onnx.Model {
	return build([]*onnx.Tensor{ramp("w1", 4, 4, 1, 1), ramp("b1", 4), ramp("w2", 4, 4, 1, 1), ramp("scale", 4)}, "y",
		node("Conv", "x w1 b1", "c1"), node("BatchNormalization", "c1 scale scale scale scale", "n"), node("Relu", "n", "r"), node("Conv", "r w2", "y"))
}

func names(units []Unit) string {
	var list []string
	for _, u := range units {
		text := u.Output + ":"
		for _, w := range u.Weights {
			text += " " + w.Tensor
		}
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}

func TestUnitsStandFromTheTop(t *testing.T) {
	quantised := &onnx.Tensor{Name: "q", Type: onnx.Int8, Dims: []int64{2, 2}, Raw: []byte{1, 2, 3, 4}}
	cases := map[string]struct {
		model *onnx.Model
		want  string
	}{
		"normalisation is no unit": {two(), "y: w2; c1: w1 b1"},
		"through other nodes": {build([]*onnx.Tensor{ramp("w", 2, 3)}, "y",
			node("Transpose", "w", "t"), node("Identity", "t", "i"), node("MatMul", "x i", "y")), "y: w"},
		"the sum behind a product": {build([]*onnx.Tensor{ramp("w", 2, 3), ramp("b", 3)}, "y",
			node("MatMul", "x w", "p"), node("Add", "b p", "y")), "y: w b"},
		"a residual is no bias": {build([]*onnx.Tensor{ramp("w", 2, 2)}, "y",
			node("MatMul", "x w", "p"), node("Add", "p x", "y")), "p: w"},
		"quantised": {build([]*onnx.Tensor{quantised, ramp("s")}, "y",
			node("DequantizeLinear", "q s", "w"), node("MatMul", "x w", "y")), "y: q"},
		"shared": {build([]*onnx.Tensor{ramp("w", 2, 2)}, "y",
			node("MatMul", "x w", "a"), node("MatMul", "a w", "y")), "y: w"},
		"a bias of several layers stays": {build([]*onnx.Tensor{ramp("u", 2, 2, 1, 1), ramp("v", 2, 2, 1, 1), ramp("b", 2)}, "y",
			node("Conv", "x u b", "a"), node("Conv", "a v b", "y")), "y: v; a: u"},
		"integers of shapes": {build([]*onnx.Tensor{onnx.NewInts("shape", []int64{2, 1}, []int64{1, 2})}, "y",
			node("MatMul", "x shape", "y")), ""},
		"what does not see the picture": {build([]*onnx.Tensor{ramp("u", 2, 2), ramp("v", 2, 2)}, "y",
			node("MatMul", "u v", "c"), node("MatMul", "x c", "y")), ""},
		"attention": {build(nil, "y", node("MatMul", "x x", "y")), ""},
	}
	for name, c := range cases {
		if got := names(Units(c.model)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestUnitsOfFixtures(t *testing.T) {
	for name, want := range map[string]int{"vgg_dropout": 11, "resnet_bn": 16, "densenet_ct_sigmoid": 22, "shapes_trained": 5} {
		m, err := onnx.Open(filepath.Join(fixtures.Path(t, "public", name), "model.onnx"))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Graph.Sort(); err != nil {
			t.Fatal(err)
		}
		if got := len(Units(m)); got != want {
			t.Errorf("%s has %d units, want %d", name, got, want)
		}
	}
}

func TestFanIn(t *testing.T) {
	trans := node("Gemm", "x w", "y")
	trans.Attrs = []*onnx.Attr{{Name: "transB", Kind: onnx.AttrInt, I: 1}}
	grouped := node("ConvTranspose", "x w", "y")
	grouped.Attrs = []*onnx.Attr{{Name: "group", Kind: onnx.AttrInt, I: 2}}
	for _, c := range []struct {
		node *onnx.Node
		dims []int64
		want int64
	}{
		{node("Conv", "x w", "y"), []int64{8, 3, 5, 7}, 105},
		{grouped, []int64{6, 4, 2, 2}, 12},
		{node("MatMul", "x w", "y"), []int64{7, 5}, 7},
		{node("MatMul", "w x", "y"), []int64{7, 5}, 5},
		{trans, []int64{7, 5}, 5},
	} {
		u := Units(build([]*onnx.Tensor{ramp("w", c.dims...)}, "y", c.node))
		if len(u) != 1 || u[0].Weights[0].FanIn != c.want {
			t.Errorf("%s of %v: %+v, want %d", c.node.OpType, c.dims, u, c.want)
		}
	}
}

// values of a constant of a model, in their order.
func values(t *testing.T, m *onnx.Model, name string) []float32 {
	t.Helper()
	v, err := m.Graph.Index().Constant(name).Floats(m)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func drawn(t *testing.T, m *onnx.Model, kind Kind, seed uint64) *Drawn {
	t.Helper()
	d, err := Draw(t.Context(), m, Units(m), kind, seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// Known answer 10 a: the multiset of every tensor is kept, a seed gives the same
// order again, kernels of 1×1 really change, and two layers of one shape get two
// orders.
func TestPermutationKeepsTheValues(t *testing.T) {
	m := two()
	other, err := drawn(t, m, Permute, 1).Model(Units(m), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := drawn(t, m, Permute, 1).Model(Units(m), nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := drawn(t, m, Permute, 2).Model(Units(m), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"w1", "b1", "w2"} {
		before, after := values(t, m, name), values(t, other, name)
		if !slices.Equal(slices.Sorted(slices.Values(after)), before) {
			t.Errorf("%s holds other values: %v", name, after)
		}
		if name != "b1" && slices.Equal(before, after) {
			t.Errorf("%s did not change", name)
		}
		if !slices.Equal(after, values(t, again, name)) {
			t.Errorf("%s is another with the same seed", name)
		}
	}
	if slices.Equal(values(t, other, "w1"), values(t, second, "w1")) {
		t.Error("another seed gives the same order")
	}
	if slices.Equal(values(t, other, "w1"), values(t, other, "w2")) {
		t.Error("two layers of one shape got the same order")
	}
	if !slices.Equal(values(t, other, "scale"), values(t, m, "scale")) {
		t.Error("the normalisation changed")
	}
	top, err := drawn(t, m, Permute, 1).Model(Units(m)[:1], nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(values(t, top, "w1"), values(t, m, "w1")) || !slices.Equal(values(t, top, "w2"), values(t, other, "w2")) {
		t.Error("the top unit alone is not what it is among all")
	}
}

// Every order of three values is equally probable: 6000 draws, χ² of 5 degrees
// of freedom below its 99.9 % point.
func TestPermutationIsFair(t *testing.T) {
	counts := map[string]float64{}
	for seed := range uint64(6000) {
		data := []byte{1, 2, 3}
		if err := permute(t.Context(), data, 1, source(seed, "w")); err != nil {
			t.Fatal(err)
		}
		counts[string(data)]++
	}
	var chi float64
	for _, n := range counts {
		chi += (n - 1000) * (n - 1000) / 1000
	}
	if len(counts) != 6 || chi > 20.5 {
		t.Errorf("%d orders, χ² %.1f", len(counts), chi)
	}
}

func TestHeHasTheDeviationOfItsFanIn(t *testing.T) {
	m := build([]*onnx.Tensor{ramp("w", 64, 8, 5, 5), ramp("b", 64)}, "y", node("Conv", "x w b", "y"))
	other, err := drawn(t, m, He, 3).Model(Units(m), nil)
	if err != nil {
		t.Fatal(err)
	}
	var sum, squares float64
	v := values(t, other, "w")
	for _, x := range v {
		sum, squares = sum+float64(x), squares+float64(x)*float64(x)
	}
	n := float64(len(v))
	if got, want := math.Sqrt(squares/n), math.Sqrt(2.0/200); math.Abs(got/want-1) > .03 || math.Abs(sum/n) > .01 {
		t.Errorf("mean %g, deviation %g; want 0, %g", sum/n, got, want)
	}
	if b := values(t, other, "b"); slices.ContainsFunc(b, func(x float32) bool { return x != 0 }) {
		t.Errorf("the bias is %v", b)
	}
}

func TestHeRefusesQuantisedWeights(t *testing.T) {
	q := &onnx.Tensor{Name: "q", Type: onnx.Int8, Dims: []int64{2, 2}, Raw: []byte{1, 2, 3, 4}}
	m := build([]*onnx.Tensor{q, ramp("s")}, "y", node("DequantizeLinear", "q s", "w"), node("MatMul", "x w", "y"))
	if _, err := Draw(t.Context(), m, Units(m), He, 1); err == nil || !strings.Contains(err.Error(), "quantised") {
		t.Errorf("error %v", err)
	}
	other, err := drawn(t, m, Permute, 2).Model(Units(m), []float64{3})
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(slices.Values(values(t, other, "q"))); !slices.Equal(got, []float32{1, 2, 3, 4}) {
		t.Errorf("the integers are %v", got)
	}
	if s := values(t, other, "s"); s[0] != 3 { // integers keep their range, the scale takes the factor
		t.Errorf("the scale is %v", s)
	}
}

func TestHalfPrecision(t *testing.T) {
	w, err := onnx.NewConstant("w", onnx.Float16, []int{2, 3}, []float32{1, 2, 3, 4, 5, 6})
	if err != nil {
		t.Fatal(err)
	}
	m := build([]*onnx.Tensor{w}, "y", node("MatMul", "x w", "y"))
	other, err := drawn(t, m, Permute, 1).Model(Units(m), []float64{.5})
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(slices.Values(values(t, other, "w"))); !slices.Equal(got, []float32{.5, 1, 1.5, 2, 2.5, 3}) {
		t.Errorf("the halves are %v", got)
	}
}

func TestConstantNodesAreWeights(t *testing.T) {
	constant := node("Constant", "", "w")
	constant.Inputs = nil
	constant.Attrs = []*onnx.Attr{{Name: "value", Kind: onnx.AttrTensor, T: ramp("", 3, 3)}}
	m := build(nil, "y", constant, node("MatMul", "x w", "y"))
	other, err := drawn(t, m, Permute, 1).Model(Units(m), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := values(t, other, "w"); slices.Equal(got, values(t, m, "w")) || len(got) != 9 {
		t.Errorf("the constant is %v", got)
	}
}

// large writes a model of more than 64 MB and opens it.
func large(t *testing.T) *onnx.Model {
	t.Helper()
	const rows, columns = 4200, 4096
	raw := make([]byte, 0, 4*rows*columns)
	for i := range rows * columns {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(i%997)))
	}
	w := &onnx.Tensor{Name: "w", Type: onnx.Float, Dims: []int64{rows, columns}, Raw: raw}
	data, err := build([]*onnx.Tensor{w, ramp("v", 512, 512)}, "y", node("MatMul", "x w", "a"), node("MatMul", "a v", "y")).Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "large.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Known answer 10 d: the user's file is as it was, what is not drawn still refers
// to it, and nothing stays behind.
func TestLargeWeightsLieInATemporaryFile(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	m := large(t)
	before := sum(t, m.Path)
	units := Units(m)
	d, err := Draw(t.Context(), m, units, Permute, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	top, err := d.Model(units[:1], []float64{20})
	if err != nil {
		t.Fatal(err)
	}
	small, _, err := top.Detach()
	if err != nil {
		t.Fatal(err)
	}
	data, err := small.Encode()
	if err != nil || len(data) > 10<<10 {
		t.Errorf("the graph takes %d bytes, error %v", len(data), err)
	}
	data, err = top.Data(top.Graph.Index().Constant("w"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := m.Data(m.Graph.Index().Constant("w"))
	if err != nil || !bytes.Equal(own, data) {
		t.Errorf("the weights below the unit differ from the user's (%v)", err)
	}
	v := slices.Sorted(slices.Values(values(t, top, "v")))
	if v[0] != 20 || v[len(v)-1] != 20*512*512 {
		t.Errorf("the weights of the unit are %g … %g", v[0], v[len(v)-1])
	}
	all, err := d.Model(units, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w, err := all.Data(all.Graph.Index().Constant("w")); err != nil || bytes.Equal(w, own) {
		t.Errorf("the weights of the lower unit did not change (%v)", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	empty(t, temporary)
	if after := sum(t, m.Path); after != before {
		t.Error("the user's file changed")
	}
}

func TestNothingStaysOfADrawThatFails(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	m := large(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Draw(ctx, m, Units(m), Permute, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	empty(t, temporary)
	full := errors.New("no space left on device")
	defer files.Fail(func(s files.Step, _ string) error {
		if s == files.Put {
			return full
		}
		return nil
	})()
	_, err := Draw(t.Context(), m, Units(m), Permute, 1)
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "free space") || !strings.Contains(err.Error(), temporary) {
		t.Errorf("full: %v", err)
	}
	empty(t, temporary)
}

func empty(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) > 0 {
		t.Errorf("%v lie in the temporary folder (%v)", entries, err)
	}
}

func sum(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

func TestCommonFolder(t *testing.T) {
	for _, c := range [][3]string{{"/tmp/a", "/home/b/c", "/"}, {"/tmp", "/tmp/x/y", "/tmp"}, {"/tmp/x/y", "/tmp/x", "/tmp/x"}} {
		if got := filepath.ToSlash(common(filepath.FromSlash(c[0]), filepath.FromSlash(c[1]))); got != c[2] {
			t.Errorf("above %s and %s lies %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// Three layers whose outputs are 1 with their own weights. With others the
// lowest gives 100 times as much, the middle one half, the top one a thousandth:
// only what is out of proportion is corrected, and what stands above sees it.
func TestSettleCorrectsFromTheBottom(t *testing.T) {
	var asked int
	measure := func(_ context.Context, factors []float64) ([]float64, error) {
		asked++
		low := 100.0
		middle := .5 * low * factors[2]
		top := 1e-3 * middle * factors[1]
		return []float64{top, middle, low}, nil
	}
	factors, err := Settle(t.Context(), []float64{1, 1, 1}, measure)
	if err != nil || asked != 3 {
		t.Errorf("asked %d times, error %v", asked, err)
	}
	if math.Abs(factors[0]-2000) > 1e-9 || factors[1] != 1 || factors[2] != .01 {
		t.Errorf("factors %v, want 2000, 1, 0.01", factors)
	}
	nothing := func(context.Context, []float64) ([]float64, error) { return []float64{math.NaN(), 0}, nil }
	if factors, err := Settle(t.Context(), []float64{1, 1}, nothing); err != nil || !slices.Equal(factors, []float64{1, 1}) {
		t.Errorf("factors %v of what cannot be scaled, error %v", factors, err)
	}
}

func TestGaugeGivesWhatUnitsWrite(t *testing.T) {
	m := build([]*onnx.Tensor{ramp("u", 2, 2), ramp("v", 2, 2), ramp("w", 2, 2)}, "y",
		node("MatMul", "x u", "a"), node("MatMul", "a v", "b"), node("MatMul", "b w", "y"))
	g, err := NewGauge(m, Units(m))
	if err != nil {
		t.Fatal(err)
	}
	// What writes the scores must not be scaled.
	if !slices.Equal(g.Outputs, []string{"", "b.picasso.plain", "a.picasso.plain"}) || !slices.Equal(g.Factors, []string{"", "b.picasso.factor", "a.picasso.factor"}) {
		t.Errorf("outputs %v, factors %v", g.Outputs, g.Factors)
	}
	if err := g.Model.Graph.Check(); err != nil {
		t.Error(err)
	}
	if n, _ := g.Model.Graph.Index().Producer("a"); n == nil || n.OpType != "Mul" {
		t.Errorf("a is written by %v", n)
	}
}
