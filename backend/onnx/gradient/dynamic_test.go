package gradient_test

import (
	"picasso/backend/infer"
	"slices"
	"testing"

	"picasso/backend/onnx"
)

// dynamics are models whose activations are rounded with scales of their own,
// and their float twins.
func dynamics() map[string][2]*onnx.Model {
	ms := "com.microsoft"
	signed := []byte{1, 254, 3, 252, 5, 250, 7, 8, 247, 10, 11, 244}
	real := []float32{1, -2, 3, -4, 5, -6, 7, 8, -9, 10, 11, -12}
	scaled := func(factors ...float32) []float32 {
		out := slices.Clone(real)
		for k := range out {
			out[k] *= factors[k%len(factors)]
		}
		return out
	}
	node := func(op, domain string, outs []string, ins ...string) *onnx.Node {
		return &onnx.Node{OpType: op, Domain: domain, Inputs: ins, Outputs: outs}
	}
	one := func(s string) []string { return []string{s} }
	quantise := node("DynamicQuantizeLinear", "", []string{"q", "qs", "qz"}, "x")
	float := func(from string) []*onnx.Node {
		n := node("Cast", "", one("f"), from)
		n.Attrs = attrs(i("to", 1))
		return []*onnx.Node{n, node("Mul", "", one("s"), "qs", "ws"), node("Mul", "", one("y"), "f", "s")}
	}
	w := bytesTensor("w", onnx.Int8, []int64{4, 3}, signed...)
	zero := bytesTensor("wz", onnx.Int8, nil, 0)
	scale, scales := onnx.NewTensor("ws", nil, []float32{0.1}), onnx.NewTensor("ws", []int64{3}, []float32{0.1, 0.2, 0.05})
	twin := onnx.NewTensor("w", []int64{4, 3}, scaled(0.1))
	columns := onnx.NewTensor("w", []int64{4, 3}, scaled(0.1, 0.2, 0.05))
	plain := func(w *onnx.Tensor) *onnx.Model {
		m := chain(17, []int{1, 2, 4}, node("MatMul", "", one("y"), "x", "w"))
		m.Graph.Initializers = []*onnx.Tensor{w}
		return m
	}
	make := func(weights []*onnx.Tensor, nodes ...*onnx.Node) *onnx.Model {
		m := chain(17, []int{1, 2, 4}, nodes...)
		m.Opsets[ms] = 1
		m.Graph.Initializers = weights
		return m
	}
	zeros := bytesTensor("wz", onnx.Int8, []int64{3}, 0, 0, 0)
	kernel := bytesTensor("w", onnx.Int8, []int64{3, 1, 2, 2}, signed...)
	conv := chain(17, []int{1, 1, 3, 4}, append([]*onnx.Node{quantise, node("ConvInteger", "", one("r"), "q", "w", "qz", "wz")}, float("r")...)...)
	conv.Graph.Initializers = []*onnx.Tensor{kernel, zero, scale}
	convTwin := chain(17, []int{1, 1, 3, 4}, node("Conv", "", one("y"), "x", "w"))
	convTwin.Graph.Initializers = []*onnx.Tensor{onnx.NewTensor("w", []int64{3, 1, 2, 2}, scaled(0.1))}
	packed, real8 := make8(6*24), []float32(nil)
	for _, b := range packed {
		real8 = append(real8, float32(int8(b))*0.01)
	}
	bias := random(24).value
	bias.Name = "bias"
	heads := attrs(i("num_heads", 2))
	attention := chain(17, []int{1, 4, 6}, quantise, with(node("QAttention", ms, one("y"), "q", "w", "bias", "qs", "ws", "", "qz", "wz"), heads...))
	attention.Graph.Initializers = []*onnx.Tensor{bytesTensor("w", onnx.Int8, []int64{6, 24}, packed...), bias, onnx.NewTensor("ws", nil, []float32{0.01}), zero}
	attentionTwin := chain(17, []int{1, 4, 6}, with(node("Attention", ms, one("y"), "x", "w", "bias"), heads...))
	attentionTwin.Graph.Initializers = []*onnx.Tensor{onnx.NewTensor("w", []int64{6, 24}, real8), bias}
	attention.Opsets[ms], attentionTwin.Opsets[ms] = 1, 1
	return map[string][2]*onnx.Model{
		"com.microsoft.QAttention":            {attention, attentionTwin},
		"MatMulInteger":                       {make([]*onnx.Tensor{w, zero, scale}, append([]*onnx.Node{quantise, node("MatMulInteger", "", one("r"), "q", "w", "qz", "wz")}, float("r")...)...), plain(twin)},
		"columns":                             {make([]*onnx.Tensor{w, zeros, scales}, append([]*onnx.Node{quantise, node("MatMulInteger", "", one("r"), "q", "w", "qz", "wz")}, float("r")...)...), plain(columns)},
		"ConvInteger":                         {conv, convTwin},
		"com.microsoft.MatMulIntegerToFloat":  {make([]*onnx.Tensor{w, zeros, scales}, quantise, node("MatMulIntegerToFloat", ms, one("y"), "q", "w", "qs", "ws", "qz", "wz")), plain(columns)},
		"com.microsoft.DynamicQuantizeMatMul": {make([]*onnx.Tensor{w, zero, scale}, node("DynamicQuantizeMatMul", ms, one("y"), "x", "w", "ws", "wz")), plain(twin)},
	}
}

// make8 are n bytes.
func make8(n int) []byte {
	list := make([]byte, n)
	for k := range list {
		list[k] = byte(k*53%201 - 100)
	}
	return list
}

func TestDynamicQuantisationHasTheGradientOfItsFloatTwin(t *testing.T) {
	r := library(t)
	for name, pair := range dynamics() {
		t.Run(name, func(t *testing.T) {
			in := infer.NewTensor(1, 2, 4)
			switch name {
			case "ConvInteger":
				in = infer.NewTensor(1, 1, 3, 4)
			case "com.microsoft.QAttention":
				in = infer.NewTensor(1, 4, 6)
			}
			for k := range in.Data {
				in.Data[k] = float32(k%7)*0.11 - 0.3
			}
			compareTwins(t, r, pair[0], pair[1], in)
		})
	}
}

// packedRules have weights of a few bits.
func packedRules() []single {
	const n, k, block = 3, 20, 16
	var list []single
	for _, bits := range []int64{4, 8} {
		packed := &onnx.Tensor{Type: onnx.Uint8, Dims: []int64{n, 2, block * bits / 8}}
		for i := range n * 2 * block * bits / 8 {
			packed.Raw = append(packed.Raw, byte(i*37+11))
		}
		a := attrs(i("K", k), i("N", n), i("bits", bits), i("block_size", block))
		list = append(list, single{op: "MatMulNBits", domain: "com.microsoft", args: []arg{x(1, 2, k), {value: packed}, positive(n * 2)}, attrs: a, lo: -0.1, hi: 0.1})
	}
	zero := &onnx.Tensor{Type: onnx.Uint8, Dims: []int64{n}, Raw: []byte{0x71, 0x99, 0x05}}
	with := list[0]
	with.args = append(slices.Clone(with.args), arg{value: zero}, absent(), random(n))
	return append(list, with)
}
