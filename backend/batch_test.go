package backend_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"picasso/backend/ort/orttest"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/fake"
	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// Every reference model that was exported for one picture takes several.
func TestBatchOfOneIsFreed(t *testing.T) {
	r := orttest.Runtime(t)
	fixed := 0
	for _, folder := range caseFolders(t) {
		var c struct{ Model struct{ Batch string } }
		readCase(t, folder, &c)
		if c.Model.Batch == "dynamic" {
			continue
		}
		fixed++
		m := open(t, r, filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: infer.CPU})
		if m.Input.FixedBatch || m.Origins["batch"] == "" {
			t.Errorf("%s: still one picture at a time (%s)", folder, m.Origins["batch"])
		}
	}
	if fixed == 0 {
		t.Error("no model has a fixed batch")
	}
}

// writeGraph writes a model of 1×3×4×4 pixels with the nodes in between and an
// output "y" of 1×4.
func writeGraph(t *testing.T, nodes []*onnx.Node, constants ...*onnx.Tensor) string {
	t.Helper()
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "g", Nodes: nodes, Initializers: constants,
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(1, 3, 4, 4)}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: shape(1, 4)}},
	}}
	return saveModel(t, m)
}

func call(op string, out string, in []string, attrs ...*onnx.Attr) *onnx.Node {
	return &onnx.Node{OpType: op, Inputs: in, Outputs: []string{out}, Attrs: attrs}
}

func axis(i int64) *onnx.Attr { return &onnx.Attr{Name: "axis", Kind: onnx.AttrInt, I: i} }

func TestConstantsThatRepeatTheBatch(t *testing.T) {
	r := orttest.Runtime(t)
	weights := make([]float32, 12*4)
	for i := range weights {
		weights[i] = float32(i%7)/7 - 0.4
	}
	w := onnx.NewTensor("w", []int64{12, 4}, weights)
	for _, tt := range []struct {
		name  string
		path  string
		freed bool
	}{
		{"class tokens, written out Reshapes and Resizes", writeGraph(t, []*onnx.Node{
			call("Resize", "small", []string{"x", "", "", "sizes"}, &onnx.Attr{Name: "mode", Kind: onnx.AttrString, S: []byte("nearest")}),
			call("Reshape", "rows", []string{"small", "to"}),
			call("Concat", "tokens", []string{"class", "rows"}, axis(1)),
			call("Reshape", "heads", []string{"tokens", "merged"}),
			call("Reshape", "flat", []string{"heads", "flatten"}),
			call("MatMul", "y", []string{"flat", "w"}),
		}, w, onnx.NewInts("sizes", []int64{4}, []int64{1, 3, 1, 3}), onnx.NewInts("to", []int64{3}, []int64{1, 3, -1}),
			onnx.NewTensor("class", []int64{1, 1, 3}, []float32{1, 2, 3}),
			onnx.NewInts("merged", []int64{3}, []int64{2, 2, 3}), onnx.NewInts("flatten", []int64{2}, []int64{1, 12})), true},
		{"a sum over the batch", writeGraph(t, []*onnx.Node{
			call("ReduceMean", "m", []string{"x"}, &onnx.Attr{Name: "axes", Kind: onnx.AttrInts, Ints: []int64{0, 3}}, &onnx.Attr{Name: "keepdims", Kind: onnx.AttrInt, I: 0}),
			call("Reshape", "f", []string{"m", "flatten"}), call("MatMul", "y", []string{"f", "w"}),
		}, w, onnx.NewInts("flatten", []int64{2}, []int64{1, 12})), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := backend.OpenModel(t.Context(), r, tt.path, backend.ModelOptions{Provider: infer.CPU})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			if m.Input.FixedBatch == tt.freed {
				t.Errorf("one picture at a time: %v", m.Input.FixedBatch)
			}
			batch := []infer.Tensor{infer.NewTensor(3, 4, 4), infer.NewTensor(3, 4, 4), infer.NewTensor(3, 4, 4)}
			for i := range batch {
				for k := range batch[i].Data {
					batch[i].Data[k] = float32(math.Sin(float64(k * (i + 1))))
				}
			}
			together, err := m.Predict(t.Context(), batch)
			if err != nil {
				t.Fatal(err)
			}
			for i := range batch {
				alone, err := m.Predict(t.Context(), batch[i:i+1])
				if err != nil {
					t.Fatal(err)
				}
				closeTo(t, "logits", together[i].Logits, alone[0].Logits)
			}
		})
	}
}

func TestOtherInputsGetConstants(t *testing.T) {
	r := orttest.Runtime(t)
	write := func(extra *onnx.Value, nodes ...*onnx.Node) string {
		m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
			Name: "g", Nodes: append([]*onnx.Node{call("GlobalAveragePool", "p", []string{"x"}), call("Flatten", "f", []string{"p"})}, nodes...),
			Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(-1, 3, 4, 4)}, extra},
			Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: shape(-1, 3)}},
		}}
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "net.onnx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	add := call("Add", "y", []string{"f", "age"})
	where := call("Where", "y", []string{"training", "z", "f"})
	double := call("Add", "z", []string{"f", "f"})
	for _, tt := range []struct {
		name string
		path string
		set  []string
		want []float32 // logits for a picture of ones
		says string
	}{
		{"a number for all", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(-1, 3)}, add), []string{"inputs.age=2"}, []float32{3, 3, 3}, ""},
		{"a list", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(-1, 3)}, add), []string{"inputs.age=[1, 2, 3]"}, []float32{2, 3, 4}, ""},
		{"a list with a batch", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(-1, 3)}, add), []string{"inputs.age=[[1, 2, 3]]"}, []float32{2, 3, 4}, ""},
		{"a switch of training", write(&onnx.Value{Name: "training", Type: onnx.Bool, Shape: []onnx.Dim{}}, double, where), nil, []float32{1, 1, 1}, ""},
		{"a switch that is given", write(&onnx.Value{Name: "training", Type: onnx.Bool, Shape: []onnx.Dim{}}, double, where), []string{"inputs.training=true"}, []float32{2, 2, 2}, ""},
		{"nothing given", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(-1, 3)}, add), nil, nil, `{"inputs": {"age": 0}}`},
		{"two values for three", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(1, 3)}, add), []string{"inputs.age=[1, 2]"}, nil, "inputs.age"},
		{"a text", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(1, 3)}, add), []string{"inputs.age=../x.npy"}, nil, ".npy"},
		{"an input that is not there", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(1, 3)}, add), []string{"inputs.age=1", "inputs.sex=1"}, nil, "inputs.sex"},
		{"uneven lists", write(&onnx.Value{Name: "age", Type: onnx.Float, Shape: shape(1, 3)}, add), []string{"inputs.age=[[1, 2], [3]]"}, nil, "different lengths"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := backend.OpenModel(t.Context(), r, tt.path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, tt.set...)})
			if tt.want == nil {
				if err == nil {
					m.Close()
					t.Fatal("it was opened")
				}
				if !strings.Contains(err.Error(), tt.says) {
					t.Errorf("error %q does not say %q", err, tt.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			x := infer.NewTensor(3, 4, 4)
			for i := range x.Data {
				x.Data[i] = 1
			}
			s, err := m.Predict(t.Context(), []infer.Tensor{x, x})
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range s {
				closeTo(t, "logits", one.Logits, tt.want)
			}
		})
	}
}

// A model whose batch axis is open but whose pictures change each other's
// scores runs them one by one, and says so; one that only looks as if it could
// does not.
func TestPicturesThatChangeEachOther(t *testing.T) {
	r := orttest.Runtime(t)
	for _, tt := range []struct {
		name  string
		build func(g *graph, p string)
		mixes bool
		warn  string
	}{
		{"a mean over the batch", func(g *graph, p string) {
			mean := g.node("ReduceMean", []*onnx.Attr{{Name: "axes", Kind: onnx.AttrInts, Ints: []int64{0}}}, p)
			g.head(g.reshape(g.node("Sub", nil, p, mean), 0, 5, 24), 2)
		}, true, "mixes the pictures of a batch"},
		{"a norm over all", func(g *graph, p string) {
			norm := g.node("ReduceL2", []*onnx.Attr{intAttr("keepdims", 0)}, p)
			g.head(g.reshape(g.node("Div", nil, p, norm), 0, 5, 24), 2)
		}, true, "mixes the pictures of a batch"},
		{"a softmax over the batch", func(g *graph, p string) {
			g.head(g.reshape(g.node("Softmax", []*onnx.Attr{intAttr("axis", 0)}, p), 0, 5, 24), 2)
		}, true, "mixes the pictures of a batch"},
		{"there and back", func(g *graph, p string) {
			g.head(g.reshape(g.transpose(g.transpose(p, 1, 0, 2, 3), 1, 0, 2, 3), 0, 5, 24), 2)
		}, false, ""},
		{"convolutions alone", func(g *graph, p string) { g.head(g.reshape(g.node("Relu", nil, p), 0, 5, 24), 2) }, false, ""},
		{"normalisation in training mode", func(g *graph, p string) {
			five := func(v float32) string { return g.constant([]int{5}, v, v, v, v, v) }
			y := g.node("BatchNormalization", []*onnx.Attr{intAttr("training_mode", 1)}, p, five(1), five(0), five(0), five(1))
			last := g.m.Graph.Nodes[len(g.m.Graph.Nodes)-1]
			last.Outputs = append(last.Outputs, "mean", "variance")
			g.head(g.reshape(y, 0, 5, 24), 2)
		}, true, "exported in training mode (1 × BatchNormalization"},
		{"dropout that drops nothing", func(g *graph, p string) {
			yes := g.name()
			g.m.Graph.Initializers = append(g.m.Graph.Initializers, &onnx.Tensor{Name: yes, Type: onnx.Bool, Raw: []byte{1}})
			g.head(g.reshape(g.node("Dropout", nil, p, g.constant(nil, 0), yes), 0, 5, 24), 2)
		}, false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGraph()
			tt.build(g, g.patches())
			m := open(t, r, saveModel(t, g.m), backend.ModelOptions{Provider: infer.CPU})
			if m.Input.FixedBatch != tt.mixes {
				t.Errorf("one by one: %v, want %v (%s)", m.Input.FixedBatch, tt.mixes, m.Origins["batch"])
			}
			if told := strings.Contains(strings.Join(texts(m), "\n"), "batch") || strings.Contains(strings.Join(texts(m), "\n"), "training"); told != tt.mixes || !strings.Contains(strings.Join(texts(m), "\n"), tt.warn) {
				t.Errorf("warnings are %q, want %q", m.Warnings, tt.warn)
			}
			one := m.Input.Pattern()
			two := one.Clone()
			for i := range two.Data {
				two.Data[i] = 1 - two.Data[i]
			}
			together, err := m.Predict(t.Context(), []infer.Tensor{one, two})
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range []infer.Tensor{one, two} {
				alone, err := m.Predict(t.Context(), []infer.Tensor{x})
				if err != nil {
					t.Fatal(err)
				}
				for k, v := range alone[0].Logits {
					almost(t, "logit", float64(together[i].Logits[k]), float64(v))
				}
			}
		})
	}
}

// A model of so many nodes that each of its sessions takes long is opened once, as it is,
// and says so.
func TestVeryManyNodesAreOpenedOnce(t *testing.T) {
	for nodes, want := range map[int]int{100: 2, 30_000: 1} {
		list := []*onnx.Node{call("Flatten", "t0", []string{"x"}), call("MatMul", "t1", []string{"t0", "w"})}
		for i := 1; i < nodes; i++ {
			list = append(list, call("Relu", fmt.Sprint("t", i+1), []string{fmt.Sprint("t", i)}))
		}
		list[len(list)-1].Outputs[0] = "y"
		path := writeGraph(t, list, onnx.NewTensor("w", []int64{12, 4}, make([]float32, 48)))
		o := &fake.Opener{Make: func(infer.Source, infer.SessionOptions) (infer.Session, error) {
			return &fake.Session{
				In:  []infer.Port{{Name: "x", Type: onnx.Float, Shape: []int{-1, 3, 4, 4}}},
				Out: []infer.Port{{Name: "y", Type: onnx.Float, Shape: []int{-1, 4}}},
				Func: fake.PerPicture(func(x infer.Tensor) infer.Tensor {
					return infer.Tensor{Shape: []int{4}, Data: x.Data[:4]}
				}),
			}, nil
		}}
		m, err := backend.OpenModel(t.Context(), o, path, backend.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m.Close()
		if o.Opened() != want || m.Input.FixedBatch != (want == 1) || strings.Contains(m.Origins["batch"], "not opened in another form") != (want == 1) {
			t.Errorf("%d nodes: %d sessions, fixed batch %v, %q", nodes, o.Opened(), m.Input.FixedBatch, m.Origins["batch"])
		}
	}
}
