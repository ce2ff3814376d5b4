package onnx

// sample is a model with a bit of everything: an unused weight, a body, a
// function, metadata, a symbolic batch.
func sample() *Model {
	m := tiny(13,
		op("Conv", "x,w", "c", &Attr{Name: "pads", Kind: AttrInts, Ints: []int64{1, 1, 1, 1}}),
		op("LeakyRelu", "c", "r", &Attr{Name: "alpha", Kind: AttrFloat, F: 0.25}),
		op("GlobalAveragePool", "r", "g"),
		op("Constant", "", "axis", &Attr{Name: "value", Kind: AttrTensor, T: NewInts("", []int64{2}, []int64{2, 3})}),
		op("Squeeze", "g,axis", "s"),
		op("If", "flag", "q",
			&Attr{Name: "then_branch", Kind: AttrGraph, G: &Graph{Name: "then", Nodes: []*Node{op("Identity", "s", "t")}, Outputs: []*Value{{Name: "t", Type: Float}}}},
			&Attr{Name: "else_branch", Kind: AttrGraph, G: &Graph{Name: "else", Nodes: []*Node{op("Neg", "s", "e")}, Outputs: []*Value{{Name: "e", Type: Float}}}}),
		&Node{OpType: "Double", Domain: "local", Inputs: []string{"q"}, Outputs: []string{"d"}},
		op("Softmax", "d", "y", intAttr("axis", 1)),
	)
	m.Graph.Nodes[3].Inputs = nil
	m.Graph.Inputs[0].Shape[0] = Dim{Size: -1, Symbol: "N"}
	m.Graph.Outputs[0].Shape = []Dim{{Size: -1, Symbol: "N"}, {Size: 2}}
	m.Graph.ValueInfo = []*Value{{Name: "c", Type: Float, Shape: []Dim{{Size: -1}, {Size: 2}, {Size: 8}, {Size: 8}}}}
	weights := make([]float32, 2*3*3*3)
	for i := range weights {
		weights[i] = float32(i) / 8
	}
	m.Graph.Initializers = []*Tensor{
		NewTensor("w", []int64{2, 3, 3, 3}, weights),
		{Name: "flag", Type: Bool, Raw: []byte{1}},
		NewTensor("spare", nil, []float32{7}),
	}
	m.Opsets["local"] = 1
	m.Metadata["names"] = "{0: 'cat', 1: 'dog'}"
	m.Functions = []*Function{{
		Name: "Double", Domain: "local", Inputs: []string{"a"}, Outputs: []string{"b"}, Attrs: []string{"axis"},
		Nodes:  []*Node{op("Add", "a,a", "b"), op("Flatten", "b", "unused", &Attr{Name: "axis", Kind: AttrInt, Ref: "axis"})},
		Opsets: map[string]int64{"": 13},
	}}
	return m
}

// typed is a model whose weights lie in the typed fields of TensorProto.
func typed() *Model {
	m := sample()
	add := func(t *Tensor) { m.Graph.Initializers = append(m.Graph.Initializers, t) }
	f := NewTensor("floats", []int64{2}, []float32{1.5, -2})
	f.field = floatData
	add(f)
	add(&Tensor{Name: "bytes", Type: Int8, Dims: []int64{3}, Raw: []byte{0x80, 0xff, 0x7f}, field: int32Data})
	add(&Tensor{Name: "halves", Type: Float16, Dims: []int64{2}, Raw: []byte{0x00, 0x3c, 0x00, 0xc0}, field: int32Data})
	i := NewInts("ints", []int64{2}, []int64{-1, 1 << 40})
	i.field = int64Data
	add(i)
	add(&Tensor{Name: "unsigned", Type: Uint32, Dims: []int64{1}, Raw: []byte{0xff, 0xff, 0xff, 0xff}, field: uint64Data})
	add(&Tensor{Name: "doubles", Type: Double, Dims: []int64{1}, Raw: []byte{0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, field: doubleData})
	add(&Tensor{Name: "words", Type: String, Dims: []int64{2}, Strings: [][]byte{[]byte("cat"), []byte("dog")}, field: stringData})
	return m
}
