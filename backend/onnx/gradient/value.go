package gradient

import "picasso/backend/onnx"

// value makes a tensor of the forward pass available as float32: a weight by
// reference, anything else as an input of the backward model.
func (b *builder) value(name string) string {
	if v, ok := b.values[name]; ok || b.err != nil {
		return v
	}
	defer b.around()()
	f := b.fact(name)
	v := b.raw(name)
	if f.Type != onnx.Float && b.err == nil {
		v = b.cast(v, onnx.Float)
	}
	b.values[name] = v
	return v
}

// raw is [builder.value] in the tensor's own type.
func (b *builder) raw(name string) string {
	if b.err != nil {
		return ""
	}
	f := b.fact(name)
	if !b.data[name] && f.stable && f.Value != nil && f.Type == onnx.Float {
		return b.floats(f.Shape, f.Value)
	}
	if !b.data[name] && f.stable && f.Value != nil && f.Type == onnx.Int64 {
		return b.shaped(f.Shape, integers(f.Value))
	}
	if v, ok := b.known[name]; ok {
		return v
	}
	defer b.around()()
	v := b.load(name, f)
	b.known[name] = v
	return v
}

// around writes what follows into the graph around a body, until the returned
// function is called: tensors of the forward pass serve all bodies.
func (b *builder) around() (back func()) {
	body, main := b.out, b.main
	if main == nil {
		return func() {}
	}
	b.out, b.main = main, nil
	return func() { b.out, b.main = body, main }
}

// load brings a tensor of the forward pass into the backward model.
func (b *builder) load(name string, f Fact) string {
	if t := b.index.Constant(name); t != nil {
		b.out.Initializers = append(b.out.Initializers, b.weights.reference(name, t))
		return name
	}
	if b.copyConstant(name) {
		return name
	}
	if f.rank() > 0 {
		b.activation(name, f.Type, f)
		return name
	}
	b.activation(name, f.Type, f.insert(0)) // as [Forward] gives it
	return b.reshape(name, nil)
}

// activation asks the forward pass for a tensor.
func (b *builder) activation(name string, t onnx.DataType, f Fact) {
	if f.Batch >= 0 && f.Shape[f.Batch] != 1 {
		b.paired()
	}
	b.plan.Activations = append(b.plan.Activations, name)
	b.input(name, t, f, "images")
}

// copied are the operators that [builder.copyConstant] repeats.
var copied = []string{"Identity", "Cast", "Transpose", "DequantizeLinear", "Mul", "Div"}

// copyConstant repeats in the backward model what the forward model computes
// from weights alone (casts, transposition, dequantisation), so that large
// weights need not be handed over as activations. The runtime folds it.
func (b *builder) copyConstant(name string) bool {
	n, _ := b.index.Producer(name)
	if b.data[name] || n == nil || !n.Is(copied...) {
		return false
	}
	for _, in := range n.Inputs {
		if in != "" && (b.data[in] || b.fact(in).Batch >= 0) {
			return false
		}
	}
	if b.model.Opsets[""] < 10 || n.Is("DequantizeLinear") && b.model.Opsets[""] >= 21 && n.Attr("block_size") != nil {
		return false
	}
	copied := *n
	copied.Inputs = make([]string, len(n.Inputs))
	for i, in := range n.Inputs {
		if in != "" {
			copied.Inputs[i] = b.raw(in)
		}
	}
	copied.Outputs = []string{name}
	b.out.Nodes = append(b.out.Nodes, &copied)
	return true
}
