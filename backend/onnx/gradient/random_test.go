package gradient_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/ort"
)

// grower builds a random network layer by layer; every tensor is N×C×H×W.
type grower struct {
	r     *rand.Rand
	g     *onnx.Graph
	shape [3]int64 // of the newest tensor: channels, height, width
	top   string
	older []tensor // earlier tensors that may be used again
	count int
}

type tensor struct {
	name  string
	shape [3]int64
}

func (w *grower) node(op string, inputs []string, a ...*onnx.Attr) string {
	w.count++
	name := fmt.Sprintf("t%d", w.count)
	w.g.Nodes = append(w.g.Nodes, &onnx.Node{OpType: op, Inputs: inputs, Outputs: []string{name}, Attrs: a})
	return name
}

func (w *grower) weights(scale float64, dims ...int64) string {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	v := make([]float32, n)
	for k := range v {
		v[k] = float32(w.r.NormFloat64() * scale)
	}
	w.count++
	t := onnx.NewTensor(fmt.Sprintf("w%d", w.count), dims, v)
	w.g.Initializers = append(w.g.Initializers, t)
	return t.Name
}

func (w *grower) ints(v ...int64) string {
	w.count++
	t := onnx.NewInts(fmt.Sprintf("k%d", w.count), []int64{int64(len(v))}, v)
	w.g.Initializers = append(w.g.Initializers, t)
	return t.Name
}

// grow adds one random layer.
func (w *grower) grow() {
	c, h, wd := w.shape[0], w.shape[1], w.shape[2]
	switch w.r.IntN(16) {
	case 0, 1:
		k, group := int64(1+w.r.IntN(3)), int64(1)
		if c%2 == 0 && w.r.IntN(2) == 0 {
			group = 2
		}
		m := group * int64(1+w.r.IntN(4))
		w.top = w.node("Conv", []string{w.top, w.weights(0.7/math.Sqrt(float64(c*k*k)), m, c/group, k, k), w.weights(0.2, m)},
			i("group", group), is("pads", k/2, k/2, (k-1)/2, (k-1)/2))
		w.shape[0] = m
	case 2:
		if min(h, wd) < 4 {
			return
		}
		w.top = w.node("Conv", []string{w.top, w.weights(0.4, 3, c, 3, 3)}, is("strides", 2, 2), is("pads", 1, 1, 1, 1))
		w.shape = [3]int64{3, (h + 1) / 2, (wd + 1) / 2}
	case 3:
		op := []string{"Relu", "LeakyRelu", "Abs", "HardSwish", "HardSigmoid"}[w.r.IntN(5)]
		w.top = w.node(op, []string{w.top})
	case 4, 5:
		op := []string{"Sigmoid", "Tanh", "Softplus", "Elu", "Mish", "Erf", "Sin"}[w.r.IntN(7)]
		w.top = w.node(op, []string{w.top})
	case 6:
		if min(h, wd) < 4 {
			return
		}
		op := []string{"MaxPool", "AveragePool"}[w.r.IntN(2)]
		w.top = w.node(op, []string{w.top}, is("kernel_shape", 2, 3), is("strides", 2, 1))
		w.shape = [3]int64{c, (h-2)/2 + 1, wd - 2}
	case 7:
		old := w.older[w.r.IntN(len(w.older))]
		if old.shape != w.shape {
			w.top = w.node("Add", []string{w.top, w.node("ReduceMean", []string{old.name, w.ints(1, 2, 3)})})
			return
		}
		w.top = w.node([]string{"Add", "Mul", "Sub", "Max"}[w.r.IntN(4)], []string{w.top, old.name})
	case 8:
		old := w.older[w.r.IntN(len(w.older))]
		if old.shape[1] != h || old.shape[2] != wd {
			return
		}
		w.top = w.node("Concat", []string{old.name, w.top}, i("axis", 1))
		w.shape[0] += old.shape[0]
	case 9:
		w.top = w.node("InstanceNormalization", []string{w.top, w.weights(1, c), w.weights(1, c)}, f("epsilon", 0.1))
	case 10:
		gate := w.node("Sigmoid", []string{w.node("GlobalAveragePool", []string{w.top})})
		w.top = w.node("Mul", []string{w.top, gate})
	case 11:
		w.top = w.node("Transpose", []string{w.top}, is("perm", 0, 1, 3, 2))
		w.shape = [3]int64{c, wd, h}
	case 12:
		if h*wd > 100 {
			return
		}
		scales := onnx.NewTensor(fmt.Sprintf("s%d", w.count), []int64{4}, []float32{1, 1, 2, 1.5})
		w.g.Initializers = append(w.g.Initializers, scales)
		w.top = w.node("Resize", []string{w.top, "", scales.Name}, s("mode", []string{"nearest", "linear", "cubic"}[w.r.IntN(3)]))
		w.shape = [3]int64{c, 2 * h, wd * 3 / 2}
	case 13:
		w.top = w.node("Softmax", []string{w.top}, i("axis", int64(1+w.r.IntN(3))))
	case 14:
		if c < 2 {
			return
		}
		w.top = w.node("Slice", []string{w.top, w.ints(1), w.ints(c), w.ints(1)})
		w.shape[0] = c - 1
	case 15:
		flat := w.node("Reshape", []string{w.top, w.ints(0, c, h*wd)})
		scores := w.node("Softmax", []string{w.node("MatMul", []string{flat, w.node("Transpose", []string{flat}, is("perm", 0, 2, 1))})})
		w.top = w.node("Reshape", []string{w.node("MatMul", []string{scores, flat}), w.ints(0, c, h, wd)})
	}
}

// randomModel is a network of random layers behind one picture.
func randomModel(seed uint64) (*onnx.Model, infer.Tensor) {
	r := rand.New(rand.NewPCG(seed, 11))
	w := &grower{r: r, g: &onnx.Graph{Name: "random"}, shape: [3]int64{3, int64(6 + r.IntN(4)), int64(6 + r.IntN(4))}, top: "x"}
	x := infer.NewTensor(1, 3, int(w.shape[1]), int(w.shape[2]))
	for k := range x.Data {
		x.Data[k] = float32(r.NormFloat64())
	}
	w.g.Inputs = []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "N"}, {Size: 3}, {Size: w.shape[1]}, {Size: w.shape[2]}}}}
	for range 4 + r.IntN(8) {
		w.older = append(w.older, tensor{w.top, w.shape})
		w.grow()
	}
	flat := w.node("Flatten", []string{w.top})
	n := w.shape[0] * w.shape[1] * w.shape[2]
	w.top = w.node("Gemm", []string{flat, w.weights(1/math.Sqrt(float64(n)), n, 3)})
	w.g.Outputs = []*onnx.Value{{Name: w.top, Type: onnx.Float}}
	return &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 18}, Graph: w.g}, x
}

// TestRandomNetworks composes rules at random.
func TestRandomNetworks(t *testing.T) {
	r := library(t)
	for seed := range uint64(80) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { checkNetwork(t, r, seed) })
	}
}

// FuzzNetworks goes on where TestRandomNetworks ends.
func FuzzNetworks(f *testing.F) {
	r := library(f)
	f.Add(uint64(1000))
	f.Fuzz(func(t *testing.T, seed uint64) { checkNetwork(t, r, seed) })
}

func checkNetwork(t *testing.T, r *ort.Runtime, seed uint64) {
	m, x := randomModel(seed)
	b := newBench(t, r, m, x)
	for _, opt := range ways(r) {
		checkRandom(t, b, m, x, seed, opt)
	}
}

func checkRandom(t *testing.T, b *bench, m *onnx.Model, x infer.Tensor, seed uint64, opt gradient.Options) {
	source := rand.New(rand.NewPCG(seed, 5))
	y := m.Graph.Outputs[0].Name
	plan, err := gradient.Build(b.model, b.facts, y, []string{"x"}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Kernels && !ours(plan) {
		return
	}
	s, back := b.openForward(append(slices.Clone(plan.Activations), y)), b.openBackward(plan)
	weigh := noise(source, []int{1, 3})
	g := back.run(s.run(x), weigh)[0]
	size := math.Sqrt(dot(g.Data, g.Data))
	wrong, report := 0, ""
	middle := dot(s.run(x)[y].Data, weigh.Data)
	for range 9 {
		v := noise(source, x.Shape)
		side := func(h float32) float64 {
			moved := x.Clone()
			for k := range moved.Data {
				moved.Data[k] += h * v.Data[k]
			}
			return (dot(s.run(moved)[y].Data, weigh.Data) - middle) / float64(h)
		}
		left, right, have := side(-1e-3), side(1e-3), dot(g.Data, v.Data)
		tolerance := 0.02*math.Abs(have) + 2e-3*(1+size)
		report += fmt.Sprintf(" %.4g|%.4g|%.4g", left, have, right)
		if math.Abs(left-right) > tolerance {
			continue // a corner lies near
		}
		if math.Abs((left+right)/2-have) > tolerance {
			wrong++
		}
	}
	if wrong > 0 {
		t.Fatalf("difference to the left|derivative|difference to the right:%s\n%s", report, dump(m))
	}
	checkBatches(t, b, s, back, plan, weigh, source)
}
