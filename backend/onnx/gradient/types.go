package gradient

import "picasso/backend/onnx"

// types finds the element type of every tensor: from what the file states and
// from the operators. 0 stands for tensors that are not plain numbers.
func (g *graph) types() map[string]onnx.DataType {
	types := map[string]onnx.DataType{}
	for _, v := range g.model.Graph.Inputs {
		types[v.Name] = v.Type
	}
	for _, t := range g.model.Graph.Initializers {
		types[t.Name] = t.Type
	}
	for _, n := range g.nodes {
		for i, out := range n.Outputs {
			if out == "" {
				continue
			}
			types[out] = outputType(n, i, types)
			if v := g.index.Value(out); v != nil && v.Type != 0 {
				types[out] = v.Type
			}
			if t := g.index.Constant(out); t != nil {
				types[out] = t.Type
			}
		}
	}
	return types
}

// outputType is the element type of output i by the rules of the operator.
// Most operators return the type of their first input.
func outputType(n *onnx.Node, i int, types map[string]onnx.DataType) onnx.DataType {
	switch {
	case n.Is("Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression"),
		n.Is("TopK", "MaxPool") && i == 1, n.Is("Unique") && i > 0:
		return onnx.Int64
	case n.Is("Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Not", "And", "Or", "Xor", "IsNaN", "IsInf"),
		n.Is("Dropout") && i == 1:
		return onnx.Bool
	case n.Is("Cast"):
		return onnx.DataType(n.AttrInt("to", int64(onnx.Float)))
	case n.Is("RandomNormal", "RandomUniform", "EyeLike", "RandomNormalLike", "RandomUniformLike", "Bernoulli"):
		if a := n.Attr("dtype"); a != nil {
			return onnx.DataType(a.I)
		}
		return onnx.Float
	case n.Is("ConstantOfShape"):
		if t := n.AttrTensor("value"); t != nil {
			return t.Type
		}
		return onnx.Float
	case n.Is("Where", "CastLike"), n.OpType == "DequantizeLinear":
		return types[n.Input(1)]
	case n.Is("OneHot"):
		return types[n.Input(2)]
	case n.OpType == "QuantizeLinear":
		return quantizedType(n, types)
	case n.OpType == "QAttention":
		return types[n.Input(3)]
	case n.OpType == "MatMulIntegerToFloat":
		return types[n.Input(2)]
	case n.OpType == "QLinearWhere":
		return types[n.Input(1)]
	case n.Is("DynamicQuantizeLinear"):
		if i == 1 {
			return onnx.Float
		}
		return onnx.Uint8
	case n.Is("ConvInteger", "MatMulInteger"):
		return onnx.Int32
	case n.OpType == "QLinearConcat":
		return types[n.Input(1)]
	case n.OpType == "QGemm" && n.Input(8) == "":
		return onnx.Float
	case n.Is("SequenceConstruct", "SequenceEmpty", "SplitToSequence", "SequenceInsert", "SequenceErase",
		"SequenceMap", "Optional", "StringNormalizer", "If", "Loop", "Scan"):
		return 0
	case n.Is("SequenceAt", "ConcatFromSequence", "SequenceLength"):
		return onnx.Float
	}
	return types[n.Input(0)]
}

func quantizedType(n *onnx.Node, types map[string]onnx.DataType) onnx.DataType {
	if n.Input(2) != "" {
		return types[n.Input(2)]
	}
	if a := n.AttrInt("output_dtype", 0); a != 0 {
		return onnx.DataType(a)
	}
	return onnx.Uint8
}
