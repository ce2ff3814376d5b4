package incremental_test

import (
	"math"
	"math/rand/v2"
	"picasso/backend/infer"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/axes"
	"picasso/backend/onnx/gradient"
	"picasso/backend/onnx/incremental"
	"picasso/backend/ort"
)

const rows, columns = 14, 12

func node(op, domain, out string, attrs []*onnx.Attr, ins ...string) *onnx.Node {
	return &onnx.Node{OpType: op, Domain: domain, Inputs: ins, Outputs: []string{out}, Attrs: attrs}
}

func number(name string, v int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: v}
}

func numbers(name string, v ...int64) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInts, Ints: v}
}

func attrs(a ...*onnx.Attr) []*onnx.Attr { return a }

func weights(name string, shape ...int64) *onnx.Tensor {
	r := rand.New(rand.NewPCG(uint64(len(name)), 9))
	n := int64(1)
	for _, d := range shape {
		n *= d
	}
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64()) * 0.4
	}
	return onnx.NewTensor(name, shape, v)
}

func raw(name string, kind onnx.DataType, shape []int64, v ...byte) *onnx.Tensor {
	return &onnx.Tensor{Name: name, Type: kind, Dims: shape, Raw: v}
}

// middles are nodes from "a" [N, 4, rows, columns] to "b", between two
// convolutions.
func middles() map[string][]*onnx.Node {
	ms := "com.microsoft"
	last := func(nodes ...*onnx.Node) []*onnx.Node { // with the channels last, from "t" to "u"
		return append(append([]*onnx.Node{node("Transpose", "", "t", attrs(numbers("perm", 0, 2, 3, 1)), "a")}, nodes...),
			node("Transpose", "", "b", attrs(numbers("perm", 0, 3, 1, 2)), "u"))
	}
	quantised := func(nodes ...*onnx.Node) []*onnx.Node { // from "q" to "r"
		return append(append([]*onnx.Node{node("QuantizeLinear", "", "q", nil, "a", "scale", "zero")}, nodes...),
			node("DequantizeLinear", "", "b", nil, "r", "scale", "zero"))
	}
	all := map[string][]*onnx.Node{
		"shuffle of channels":          {node("Reshape", "", "s", nil, "a", "groups"), node("Transpose", "", "t", attrs(numbers("perm", 0, 2, 1, 3, 4)), "s"), node("Reshape", "", "b", nil, "t", "joined")},
		"rows apart":                   {node("Transpose", "", "t", attrs(numbers("perm", 0, 2, 1, 3)), "a"), node("Reshape", "", "s", nil, "t", "split"), node("Sin", "", "v", nil, "s"), node("Reshape", "", "w", nil, "v", "unsplit"), node("Transpose", "", "b", attrs(numbers("perm", 0, 2, 1, 3)), "w")},
		"FusedConv":                    {node("FusedConv", ms, "b", attrs(numbers("pads", 1, 1, 1, 1), &onnx.Attr{Name: "activation", Kind: onnx.AttrString, S: []byte("Relu")}), "a", "k", "bias")},
		"BiasGelu":                     last(node("BiasGelu", ms, "u", nil, "t", "bias")),
		"FastGelu":                     last(node("FastGelu", ms, "u", nil, "t", "bias")),
		"FusedMatMul":                  last(node("FusedMatMul", ms, "u", attrs(&onnx.Attr{Name: "alpha", Kind: onnx.AttrFloat, F: 0.5}), "t", "square")),
		"SimplifiedLayerNormalization": last(node("SimplifiedLayerNormalization", "", "u", nil, "t", "bias")),
		"MatMulNBits":                  last(node("MatMulNBits", ms, "u", attrs(number("K", 4), number("N", 4), number("bits", 4), number("block_size", 16)), "t", "packed", "bias")),
		"QLinearMatMul":                quantised(node("Transpose", "", "qt", attrs(numbers("perm", 0, 2, 3, 1)), "q"), node("QLinearMatMul", "", "qm", nil, "qt", "scale", "zero", "square bytes", "scale", "none", "scale", "zero"), node("Transpose", "", "r", attrs(numbers("perm", 0, 3, 1, 2)), "qm")),
		"QLinearSoftmax":               quantised(node("QLinearSoftmax", ms, "r", attrs(number("axis", 1), number("opset", 13)), "q", "scale", "zero", "scale", "zero")),
		"QLinearWhere":                 quantised(node("QLinearWhere", ms, "r", nil, "if", "q", "scale", "zero", "q", "scale", "zero", "scale", "zero")),
		"LpNormalization":              {node("LpNormalization", "", "b", attrs(number("axis", 1)), "a")},
		"Hardmax":                      {node("Hardmax", "", "b", attrs(number("axis", 1)), "a")},
		"CastLike":                     {node("CastLike", "", "b", nil, "a", "bias")},
		"QLinearConv":                  quantised(node("QLinearConv", "", "r", attrs(numbers("pads", 1, 1, 1, 1)), "q", "scale", "zero", "bytes", "scale", "none", "scale", "zero")),
		"QLinearAdd":                   quantised(node("QLinearAdd", ms, "r", nil, "q", "scale", "zero", "q", "scale", "zero", "scale", "zero")),
		"QLinearMul":                   quantised(node("QLinearMul", ms, "r", nil, "q", "scale", "zero", "q", "scale", "zero", "scale", "zero")),
		"QLinearSigmoid":               quantised(node("QLinearSigmoid", ms, "r", nil, "q", "scale", "zero", "scale", "zero")),
		"QLinearLeakyRelu":             quantised(node("QLinearLeakyRelu", ms, "r", attrs(&onnx.Attr{Name: "alpha", Kind: onnx.AttrFloat, F: 0.1}), "q", "scale", "zero", "scale", "zero")),
		"QLinearAveragePool":           quantised(node("QLinearAveragePool", ms, "r", attrs(numbers("kernel_shape", 3, 3), numbers("pads", 1, 1, 1, 1)), "q", "scale", "zero", "scale", "zero")),
		"QLinearConcat":                append(quantised(node("QLinearConcat", ms, "r", attrs(number("axis", 1)), "scale", "zero", "q", "scale", "zero", "q", "scale", "zero"))[:2:2], node("DequantizeLinear", "", "w", nil, "r", "scale", "zero"), node("Gather", "", "b", attrs(number("axis", 1)), "w", "first")),
	}
	for _, op := range []string{"Atan", "Asinh", "Cosh", "Sinh", "Shrink"} {
		all[op] = []*onnx.Node{node(op, "", "b", nil, "a")}
	}
	for _, op := range []string{"Gelu", "QuickGelu"} {
		all["com.microsoft."+op] = []*onnx.Node{node(op, ms, "b", nil, "a")}
	}
	return all
}

func middleModel(nodes []*onnx.Node) *onnx.Model {
	pads := attrs(numbers("pads", 1, 1, 1, 1))
	g := &onnx.Graph{Name: "middle", Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: 3}, {Size: rows}, {Size: columns}}}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float}}}
	g.Nodes = append(g.Nodes, node("Conv", "", "a", pads, "x", "first kernel"))
	g.Nodes = append(g.Nodes, nodes...)
	g.Nodes = append(g.Nodes, node("Conv", "", "c", attrs(numbers("strides", 2, 1)), "b", "k"), node("ReduceSum", "", "y", attrs(number("keepdims", 0)), "c", "places"))
	bytes := make([]byte, 4*4*9)
	for i := range bytes {
		bytes[i] = byte(i*29%17 - 8)
	}
	g.Initializers = []*onnx.Tensor{weights("first kernel", 4, 3, 3, 3), weights("k", 4, 4, 3, 3), weights("bias", 4), weights("square", 4, 4),
		onnx.NewInts("groups", []int64{5}, []int64{-1, 2, 2, rows, columns}), onnx.NewInts("joined", []int64{4}, []int64{-1, 4, rows, columns}),
		onnx.NewInts("split", []int64{5}, []int64{-1, rows, 2, 2, columns}), onnx.NewInts("unsplit", []int64{4}, []int64{-1, rows, 4, columns}),
		onnx.NewInts("places", []int64{2}, []int64{2, 3}), onnx.NewInts("first", []int64{4}, []int64{0, 5, 2, 7}),
		onnx.NewTensor("scale", nil, []float32{0.05}), raw("zero", onnx.Uint8, nil, 120), raw("none", onnx.Int8, nil, 0), raw("packed", onnx.Uint8, []int64{4, 1, 8}, bytes[:32]...), raw("square bytes", onnx.Int8, []int64{4, 4}, bytes[:16]...), raw("if", onnx.Bool, []int64{4, 1, 1}, 1, 0, 0, 1), raw("bytes", onnx.Int8, []int64{4, 4, 3, 3}, bytes...)}
	return &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 17, "com.microsoft": 1}, Graph: g}
}

// TestLocalOperatorsOnCrops: every operator counts as local, and a segment over
// it gives on a crop what the whole map has there.
func TestLocalOperatorsOnCrops(t *testing.T) {
	r, err := ort.Load(ort.Config{})
	if err != nil {
		t.Skipf("no ONNX Runtime: set %s to libonnxruntime (%v)", ort.Variable, err)
	}
	for name, nodes := range middles() {
		t.Run(name, func(t *testing.T) {
			c := newCrops(t, r, middleModel(nodes))
			if c.prefix.Units() != 2 && c.prefix.Units() != 3 { // three where the operator is heavy itself
				t.Fatalf("the local part has %d units", c.prefix.Units())
			}
			if l := c.prefix.Tensors[len(c.prefix.Tensors)-1]; l.Name != "c" {
				t.Fatalf("the local part ends at %q", l.Name)
			}
			rng := rand.New(rand.NewPCG(3, 4))
			for range 6 {
				top, left := rng.IntN(rows-4), rng.IntN(columns-3)
				c.check(incremental.Interval{Lo: top, Hi: top + 4}, incremental.Interval{Lo: left, Hi: left + 3}, rng)
			}
		})
	}
}

// crops runs segments on crops.
type crops struct {
	t       *testing.T
	r       *ort.Runtime
	model   *onnx.Model
	prefix  *incremental.Prefix
	segment *incremental.Segment
	run     infer.Session // the segment
}

func newCrops(t *testing.T, r *ort.Runtime, m *onnx.Model) *crops {
	t.Helper()
	c := &crops{t: t, r: r, model: m}
	probe, err := gradient.NewProbe(m)
	if err != nil {
		t.Fatal(err)
	}
	one := c.on(c.open(probe.Model), infer.NewTensor(1, 3, rows, columns))
	facts, err := probe.Learn(one[0].Data, one[1].Data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	layout := axes.Picture(1, 3, rows, columns, false)
	if c.prefix, err = incremental.Trace(m, axes.Observed(facts), "x", layout, []string{"y"}); err != nil {
		t.Fatal(err)
	}
	if c.prefix.Units() == 0 {
		t.Fatal("nothing is local")
	}
	c.segment = c.prefix.Split(c.prefix.Units()).Segments[0]
	small, _, err := c.segment.Model()
	if err != nil {
		t.Fatal(err)
	}
	c.run = c.open(small)
	return c
}

func (c *crops) open(m *onnx.Model) infer.Session {
	c.t.Helper()
	data, err := m.Encode()
	if err != nil {
		c.t.Fatal(err)
	}
	s, err := c.r.Open(c.t.Context(), infer.Source{Bytes: data}, infer.SessionOptions{Provider: infer.CPU, Threads: 1})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { s.Close() })
	return s
}

func (c *crops) on(s infer.Session, in ...infer.Tensor) []infer.Tensor {
	c.t.Helper()
	out, err := s.Run(c.t.Context(), in)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// check changes a rectangle of a picture and compares the segment on its crop
// with the whole map, wherever the change reaches.
func (c *crops) check(y, x incremental.Interval, rng *rand.Rand) {
	t := c.t
	t.Helper()
	picture := infer.NewTensor(1, 3, rows, columns)
	for i := range picture.Data {
		picture.Data[i] = float32(rng.NormFloat64())
	}
	reach := [2][]incremental.Interval{c.prefix.Reach(0, y), c.prefix.Reach(1, x)}
	crop := make([]incremental.Crop, 2)
	for axis := range crop {
		crop[axis], _ = c.segment.Fit(axis, reach[axis])
	}
	var inputs []infer.Tensor
	for i := range c.segment.Entries {
		spans := c.segment.EntrySpans(i, crop)
		inputs = append(inputs, cut(picture, spans[0], spans[1]))
	}
	have := c.on(c.run, inputs...)
	whole := c.model.Clone()
	for i, e := range c.segment.Exits {
		l := c.prefix.Tensors[e.Tensor]
		whole.Graph.Outputs = []*onnx.Value{{Name: l.Name, Type: l.Type}}
		full := c.on(c.open(whole), picture)[0]
		spans := c.segment.ExitSpans(i, crop)
		sy, sx := spans[0], spans[1]
		if want := [2]int{sy.Len(), sx.Len()}; want != [2]int{have[i].Shape[2], have[i].Shape[3]} {
			t.Fatalf("%s has shape %v, want %v", l.Name, have[i].Shape, want)
		}
		for d := range full.Shape[1] {
			for row := reach[0][e.Tensor].Lo; row < reach[0][e.Tensor].Hi; row++ {
				for column := reach[1][e.Tensor].Lo; column < reach[1][e.Tensor].Hi; column++ {
					want := full.Data[(d*full.Shape[2]+row)*full.Shape[3]+column]
					got := have[i].Data[(d*have[i].Shape[2]+row-sy.Lo)*have[i].Shape[3]+column-sx.Lo]
					if math.Abs(float64(got-want)) > 1e-4*(1+math.Abs(float64(want))) {
						t.Fatalf("%s at channel %d, row %d, column %d is %g, want %g (change %v %v)", l.Name, d, row, column, got, want, y, x)
					}
				}
			}
		}
	}
}

// cut is a crop of a picture, with zeros beyond its border.
func cut(t infer.Tensor, y, x incremental.Interval) infer.Tensor {
	out := infer.NewTensor(1, t.Shape[1], y.Len(), x.Len())
	for d := range t.Shape[1] {
		for row := max(y.Lo, 0); row < min(y.Hi, t.Shape[2]); row++ {
			for column := max(x.Lo, 0); column < min(x.Hi, t.Shape[3]); column++ {
				out.Data[(d*y.Len()+row-y.Lo)*x.Len()+column-x.Lo] = t.Data[(d*t.Shape[2]+row)*t.Shape[3]+column]
			}
		}
	}
	return out
}
