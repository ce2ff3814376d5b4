package backend_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// graph writes small networks for tests.
type graph struct {
	m     *onnx.Model
	count int
}

// newGraph begins with the input x, batch×3×16×24.
func newGraph() *graph {
	return &graph{m: &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 17}, Graph: &onnx.Graph{
		Name:   "g",
		Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "batch"}, {Size: 3}, {Size: 16}, {Size: 24}}}},
	}}}
}

func (g *graph) name() string {
	g.count++
	return fmt.Sprintf("t%d", g.count)
}

func (g *graph) node(op string, attrs []*onnx.Attr, inputs ...string) string {
	out := g.name()
	g.m.Graph.Nodes = append(g.m.Graph.Nodes, &onnx.Node{OpType: op, Inputs: inputs, Outputs: []string{out}, Attrs: attrs})
	return out
}

func (g *graph) ints(v ...int64) string {
	out := g.name()
	g.m.Graph.Initializers = append(g.m.Graph.Initializers, onnx.NewInts(out, []int64{int64(len(v))}, v))
	return out
}

// weights is a constant of waves.
func (g *graph) weights(dims ...int) string {
	n := infer.Elements(dims)
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(math.Sin(float64(i)*1.7+float64(g.count))) / 3
	}
	return g.constant(dims, v...)
}

func (g *graph) constant(dims []int, v ...float32) string {
	t, err := onnx.NewConstant(g.name(), onnx.Float, dims, v)
	if err != nil {
		panic(err)
	}
	g.m.Graph.Initializers = append(g.m.Graph.Initializers, t)
	return t.Name
}

func (g *graph) reshape(x string, dims ...int64) string {
	return g.node("Reshape", nil, x, g.ints(dims...))
}

func (g *graph) transpose(x string, perm ...int64) string {
	return g.node("Transpose", []*onnx.Attr{{Name: "perm", Kind: onnx.AttrInts, Ints: perm}}, x)
}

func (g *graph) concat(axis int, parts ...string) string {
	return g.node("Concat", []*onnx.Attr{intAttr("axis", axis)}, parts...)
}

func (g *graph) slice(x string, axis, from, to int64) string {
	return g.node("Slice", nil, x, g.ints(from), g.ints(to), g.ints(axis))
}

// roll moves the entries of an axis round by some places, as torch.roll(−by) is
// exported.
func (g *graph) roll(x string, axis, by int64) string {
	return g.concat(int(axis), g.slice(x, axis, by, math.MaxInt32), g.slice(x, axis, 0, by))
}

// double is the layer that tests look at: twice its input.
func (g *graph) double(x string) string { return g.node("Mul", nil, x, g.constant(nil, 2)) }

// head ends the network with 3 scores of the mean over an axis of tokens.
func (g *graph) head(x string, axis int) {
	mean := g.node("ReduceMean", []*onnx.Attr{{Name: "axes", Kind: onnx.AttrInts, Ints: []int64{int64(axis)}}, intAttr("keepdims", 0)}, x)
	g.scores(mean)
}

// scores ends the network with 3 scores of 5 features.
func (g *graph) scores(features string) {
	curved := g.node("Tanh", nil, features)
	out := g.node("MatMul", nil, curved, g.weights(5, 3))
	g.m.Graph.Outputs = []*onnx.Value{{Name: out, Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "batch"}, {Size: 3}}}}
}

// patches is the map of 4×6 cells with 5 channels that layers hold.
func (g *graph) patches() string {
	four := &onnx.Attr{Name: "strides", Kind: onnx.AttrInts, Ints: []int64{4, 4}}
	kernel := &onnx.Attr{Name: "kernel_shape", Kind: onnx.AttrInts, Ints: []int64{4, 4}}
	return g.node("Conv", []*onnx.Attr{four, kernel}, "x", g.weights(5, 3, 4, 4))
}

// class is k tokens that are no places, for every picture.
func (g *graph) class(k int, like string) string {
	batch := g.node("Gather", nil, g.node("Shape", nil, like), g.ints(0))
	return g.node("Expand", nil, g.weights(1, k, 5), g.concat(0, batch, g.ints(int64(k), 5)))
}

// tokens are the patches as batch×24×5.
func (g *graph) tokens(patches string) string {
	return g.transpose(g.reshape(patches, 0, 5, 24), 0, 2, 1)
}

// windows are windows of 2×2 cells of batch×4×6×5.
func (g *graph) windows(x string) string {
	return g.reshape(g.transpose(g.reshape(x, -1, 2, 2, 3, 2, 5), 0, 1, 3, 2, 4, 5), -1, 4, 5)
}

// unwindowed puts them together again.
func (g *graph) unwindowed(x string) string {
	return g.reshape(g.transpose(g.reshape(x, -1, 2, 3, 2, 2, 5), 0, 1, 3, 2, 4, 5), -1, 4, 6, 5)
}

// attention is one head over batch×n×5; it returns the matrix too.
func (g *graph) attention(x string) (out, matrix string) {
	q, k, v := g.node("MatMul", nil, x, g.weights(5, 5)), g.node("MatMul", nil, x, g.weights(5, 5)), g.node("MatMul", nil, x, g.weights(5, 5))
	matrix = g.node("Mul", nil, g.node("MatMul", nil, q, g.transpose(k, 0, 2, 1)), g.constant(nil, 0.4))
	return g.node("MatMul", nil, g.node("Softmax", nil, matrix), v), matrix
}

// Layers in every order of axes are read as the same map: here each is twice
// the map of the patches.
func TestLayersInEveryOrderOfAxes(t *testing.T) {
	r := orttest.Runtime(t)
	tests := []struct {
		name  string
		build func(g *graph, patches string) (layer string)
		form  string
	}{
		{"channels first", func(g *graph, p string) string {
			y := g.double(p)
			g.head(g.reshape(y, 0, 5, 24), 2)
			return y
		}, ""},
		{"channels last", func(g *graph, p string) string {
			y := g.double(g.transpose(p, 0, 2, 3, 1))
			g.head(g.reshape(y, 0, 24, 5), 1)
			return y
		}, "channels last"},
		{"columns before rows", func(g *graph, p string) string {
			y := g.double(g.transpose(p, 0, 3, 2, 1))
			g.head(g.reshape(y, 0, 24, 5), 1)
			return y
		}, "channels last"},
		{"tokens", func(g *graph, p string) string {
			y := g.double(g.tokens(p))
			g.head(y, 1)
			return y
		}, "channels last"},
		{"one more token", func(g *graph, p string) string {
			y := g.double(g.concat(1, g.class(1, "x"), g.tokens(p)))
			g.head(y, 1)
			return y
		}, "tokens as cells, without the one that is no place"},
		{"five more tokens", func(g *graph, p string) string {
			y := g.double(g.concat(1, g.class(1, "x"), g.class(4, "x"), g.tokens(p)))
			g.head(y, 1)
			return y
		}, "tokens as cells, without the 5 that are no places"},
		{"tokens around", func(g *graph, p string) string {
			y := g.double(g.concat(1, g.class(1, "x"), g.tokens(p), g.class(2, "x")))
			g.head(y, 1)
			return y
		}, "tokens as cells, without the 3 that are no places"},
		{"tokens before pictures", func(g *graph, p string) string {
			y := g.double(g.transpose(g.concat(1, g.class(1, "x"), g.tokens(p)), 1, 0, 2))
			g.head(y, 0)
			return y
		}, "tokens as cells, without the one that is no place"},
		{"tokens and their register dropped", func(g *graph, p string) string {
			all := g.node("Tanh", nil, g.concat(1, g.class(5, "x"), g.tokens(p)))
			y := g.double(g.slice(g.node("Atanh", nil, all), 1, 5, math.MaxInt32))
			g.head(y, 1)
			return y
		}, "channels last"},
		{"windows", func(g *graph, p string) string {
			y := g.double(g.windows(g.transpose(p, 0, 2, 3, 1)))
			g.head(g.reshape(g.unwindowed(y), 0, 24, 5), 1)
			return y
		}, "windows put together"},
		{"rolled windows", func(g *graph, p string) string {
			y := g.double(g.windows(g.roll(g.roll(g.transpose(p, 0, 2, 3, 1), 1, 1), 2, 1)))
			g.head(g.reshape(g.roll(g.roll(g.unwindowed(y), 1, 3), 2, 5), 0, 24, 5), 1)
			return y
		}, "windows put together"},
		{"rolled there and back", func(g *graph, p string) string {
			there := g.roll(g.roll(g.transpose(p, 0, 2, 3, 1), 1, 1), 2, 2)
			y := g.double(g.roll(g.roll(there, 1, 3), 2, 4))
			g.head(g.reshape(y, 0, 24, 5), 1)
			return y
		}, "channels last"},
		{"a grid of places far from each other", func(g *graph, p string) string {
			grid := g.transpose(g.reshape(g.transpose(p, 0, 2, 3, 1), -1, 2, 2, 2, 3, 5), 0, 2, 4, 1, 3, 5)
			y := g.double(g.reshape(grid, -1, 4, 5))
			back := g.transpose(g.reshape(y, -1, 2, 3, 2, 2, 5), 0, 3, 1, 4, 2, 5)
			g.head(g.reshape(back, -1, 24, 5), 1)
			return y
		}, "windows put together"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGraph()
			patches := g.patches()
			layer := tt.build(g, patches)
			m := open(t, r, saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
			want := gradients.Layer{Name: layer, Channels: 5, Height: 4, Width: 6, Form: tt.form}
			if !hasLayer(m, want) {
				t.Fatalf("the layers are %+v, want %+v among them", m.Layers(), want)
			}
			if got := m.LastLayer(); got != layer {
				t.Errorf("the last layer is %q, want %q", got, layer)
			}
			twice(t, m, patches, layer)
		})
	}
}

// twice checks that a layer and its gradients are those of the patches, which
// it doubles.
func twice(t *testing.T, m *backend.Model, patches, layer string) {
	t.Helper()
	one := m.Input.Pattern()
	batch := []infer.Tensor{one, one.Clone(), one.Clone()}
	for i := range one.Data {
		batch[1].Data[i], batch[2].Data[i] = 1-one.Data[i], one.Data[len(one.Data)-1-i]
	}
	got, err := m.Activations(t.Context(), layer, batch)
	if err != nil {
		t.Fatal(err)
	}
	want, err := m.Activations(t.Context(), patches, batch)
	if err != nil {
		t.Fatal(err)
	}
	targets := []score.Target{score.ClassTarget(0, score.Logit), score.ClassTarget(1, score.Logit), score.ClassTarget(2, score.Probability)}
	for i, x := range batch {
		alike(t, fmt.Sprintf("activation of picture %d", i), got[i], want[i], 2)
		a, g, err := m.LayerGradient(t.Context(), layer, x, targets)
		if err != nil {
			t.Fatal(err)
		}
		_, through, err := m.LayerGradient(t.Context(), patches, x, targets)
		if err != nil {
			t.Fatal(err)
		}
		alike(t, "activation beside the gradient", a, want[i], 2)
		for k := range targets {
			alike(t, fmt.Sprintf("gradient of target %d", k), through[k], g[k], 2)
		}
	}
}

func alike(t *testing.T, what string, got, want infer.Tensor, factor float32) {
	t.Helper()
	if !slices.Equal(got.Shape, want.Shape) {
		t.Fatalf("%s: the shape is %v, want %v", what, got.Shape, want.Shape)
	}
	for i, v := range got.Data {
		if d := math.Abs(float64(v - factor*want.Data[i])); !(d <= 1e-5) {
			t.Fatalf("%s: element %d is %g, want %g", what, i, v, factor*want.Data[i])
		}
	}
}

// Attention matrices are no layers, and the default is what enters the last
// attention where only a class token is read behind it.
func TestAttentionIsNoLayer(t *testing.T) {
	r := orttest.Runtime(t)
	for _, tt := range []struct {
		name   string
		extra  int
		pooled bool
	}{{"class token", 1, false}, {"class and registers", 5, false}, {"mean of tokens", 0, true}, {"mean with class token", 1, true}} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGraph()
			tokens := g.tokens(g.patches())
			if tt.extra > 0 {
				tokens = g.concat(1, g.class(tt.extra, "x"), tokens)
			}
			var matrices []string
			var before string
			for range 2 {
				before = g.node("Tanh", nil, tokens)
				mixed, matrix := g.attention(before)
				matrices = append(matrices, matrix)
				tokens = g.node("Add", nil, tokens, mixed)
			}
			last := g.node("Tanh", nil, tokens)
			want := before
			if tt.pooled {
				g.head(last, 1)
				want = last
			} else {
				index := g.name()
				g.m.Graph.Initializers = append(g.m.Graph.Initializers, onnx.NewInts(index, nil, []int64{0}))
				g.scores(g.node("Gather", []*onnx.Attr{intAttr("axis", 1)}, last, index))
			}
			m := open(t, r, saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
			for _, l := range m.Layers() {
				if slices.Contains(matrices, l.Name) || l.Height != 4 && l.Height != 16 || l.Channels > 5 {
					t.Errorf("%+v is taken for a layer", l)
				}
			}
			if got := m.LastLayer(); got != want {
				t.Errorf("the last layer is %q, want %q", got, want)
			}
		})
	}
}

// Inputs without a batch, of one picture and of several at once have the same
// layers.
func TestLayersOfEveryBatch(t *testing.T) {
	r := orttest.Runtime(t)
	for _, n := range []int64{0, 1, 2} {
		t.Run(fmt.Sprintf("batch %d", n), func(t *testing.T) {
			g := newGraph()
			in := "x"
			g.m.Graph.Inputs[0].Shape = shape(n, 3, 16, 24)
			if n == 0 {
				g.m.Graph.Inputs[0].Shape = shape(3, 16, 24)
				in = g.node("Unsqueeze", nil, "x", g.ints(0))
			}
			four := &onnx.Attr{Name: "strides", Kind: onnx.AttrInts, Ints: []int64{4, 4}}
			patches := g.node("Conv", []*onnx.Attr{four}, in, g.weights(5, 3, 4, 4))
			layer := g.double(g.concat(1, g.class(2, in), g.tokens(patches)))
			g.head(layer, 1)
			g.m.Graph.Outputs[0].Shape = shape(max(n, 1), 3)
			m := open(t, r, saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
			want := gradients.Layer{Name: layer, Channels: 5, Height: 4, Width: 6, Form: "tokens as cells, without the 2 that are no places"}
			if !hasLayer(m, want) || m.LastLayer() != layer {
				t.Fatalf("the layers are %+v, the last %q, want %+v", m.Layers(), m.LastLayer(), want)
			}
			twice(t, m, patches, layer)
		})
	}
}

// A patch embedding by reshapes, as einops writes it, and a pixel shuffle make
// maps of other sizes.
func TestPatchesAndShuffledPixels(t *testing.T) {
	r := orttest.Runtime(t)
	g := newGraph()
	cut := g.transpose(g.reshape("x", 0, 3, 4, 4, 6, 4), 0, 2, 4, 3, 5, 1)
	embedded := g.node("Tanh", nil, g.node("MatMul", nil, g.reshape(cut, 0, 24, 48), g.weights(48, 5)))
	grid := g.transpose(embedded, 0, 2, 1)
	shuffled := g.transpose(g.reshape(g.node("Conv", nil, g.reshape(grid, 0, 5, 4, 6), g.weights(20, 5, 1, 1)), 0, 5, 2, 2, 4, 6), 0, 1, 4, 2, 5, 3)
	fine := g.node("Tanh", nil, g.reshape(shuffled, 0, 5, 8, 12))
	g.head(g.reshape(fine, 0, 5, 96), 2)
	m := open(t, r, saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
	for _, want := range []gradients.Layer{
		{Name: embedded, Channels: 5, Height: 4, Width: 6, Form: "channels last"}, {Name: fine, Channels: 5, Height: 8, Width: 12},
	} {
		if !hasLayer(m, want) {
			t.Errorf("the layers are %+v, want %+v among them", m.Layers(), want)
		}
	}
	// Only the cell of a patch follows the patch.
	one := m.Input.Pattern()
	other := one.Clone()
	other.Data[(1*16+2*4+1)*24+3*4+2]++ // row 9, column 14 of channel 1: cell 2, 3
	a, err := m.Activations(t.Context(), embedded, []infer.Tensor{one, other})
	if err != nil {
		t.Fatal(err)
	}
	for i := range a[0].Data {
		changed, here := a[0].Data[i] != a[1].Data[i], i%24 == 2*6+3
		if changed && !here {
			t.Errorf("element %d changes with a pixel of another cell", i)
		}
	}
}

// hasLayer reports a layer, whatever its axes are called.
func hasLayer(m *backend.Model, want gradients.Layer) bool {
	return slices.ContainsFunc(m.Layers(), func(l gradients.Layer) bool {
		l.Axes = ""
		return l == want
	})
}
