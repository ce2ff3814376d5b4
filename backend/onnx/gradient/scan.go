package gradient

import "picasso/backend/onnx"

// scan writes a loop over axis 0 of the items, from the last to the first if
// backwards. turn writes one turn: from the states and one entry of every item,
// without the axis, to the next states and results. The results come back
// stacked along axis 0, at the places of the items they belong to.
func (b *builder) scan(states, items []string, backwards bool, turn func(states, items []string) (next, results []string)) (last, stacks []string) {
	if b.err != nil {
		return make([]string, len(states)), nil
	}
	body := &onnx.Graph{Name: b.fresh("turn")}
	outer := b.out
	b.main, b.out = outer, body
	inputs := make([]string, len(states)+len(items))
	for i := range inputs {
		inputs[i] = b.fresh("of_turn")
		body.Inputs = append(body.Inputs, &onnx.Value{Name: inputs[i], Type: onnx.Float})
	}
	next, results := turn(inputs[:len(states)], inputs[len(states):])
	for _, name := range append(append([]string(nil), next...), results...) {
		out := b.op("Identity", []string{name}) // no input is an output, and none is one twice
		body.Outputs = append(body.Outputs, &onnx.Value{Name: out, Type: onnx.Float})
	}
	b.main, b.out = nil, outer
	if b.err != nil {
		return make([]string, len(states)), make([]string, len(results))
	}
	direction := func(n int) []int64 {
		list := make([]int64, n)
		for i := range list {
			if backwards {
				list[i] = 1
			}
		}
		return list
	}
	attrs := []*onnx.Attr{{Name: "body", Kind: onnx.AttrGraph, G: body}, onnx.IntAttr("num_scan_inputs", int64(len(items))),
		onnx.IntsAttr("scan_input_directions", direction(len(items)))}
	if len(results) > 0 {
		attrs = append(attrs, onnx.IntsAttr("scan_output_directions", direction(len(results))))
	}
	all := b.emit("Scan", append(append([]string(nil), states...), items...), len(next)+len(results), attrs...)
	return all[:len(next)], all[len(next):]
}
