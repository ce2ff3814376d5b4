package gradient_test

import "picasso/backend/onnx"

// recurrentRules are sequences of five steps, two pictures and three numbers
// into four hidden ones.
func recurrentRules() []single {
	const steps, pictures, in, hidden = 5, 2, 3, 4
	names := func(v ...string) *attr {
		a := &onnx.Attr{Name: "activations", Kind: onnx.AttrStrings}
		for _, s := range v {
			a.Strings = append(a.Strings, []byte(s))
		}
		return a
	}
	outs := []string{"y", "h", "c"}
	var list []single
	for op, gates := range map[string]int64{"LSTM": 4, "GRU": 3, "RNN": 1} {
		results := outs
		if op != "LSTM" {
			results = outs[:2]
		}
		weights := func(d int64) []arg { return []arg{random(d, gates*hidden, in), random(d, gates*hidden, hidden)} }
		bias := func(d int64) arg { return random(d, 2*gates*hidden) }
		x0 := x(steps, pictures, in)
		list = append(list,
			single{op: op, args: append([]arg{x0}, weights(1)...), attrs: attrs(i("hidden_size", hidden)), fixed: true},
			single{op: op, args: append([]arg{x0}, append(weights(1), bias(1))...), attrs: attrs(i("hidden_size", hidden), s("direction", "reverse")), fixed: true},
			single{op: op, args: append([]arg{x0}, append(weights(2), bias(2))...), attrs: attrs(i("hidden_size", hidden), s("direction", "bidirectional")), fixed: true},
			single{op: op, args: append([]arg{x0}, append(weights(2), bias(2), absent(), x(2, pictures, hidden))...),
				attrs: attrs(i("hidden_size", hidden), s("direction", "bidirectional")), outs: results, use: 1, fixed: true},
			single{op: op, args: append([]arg{x0}, append(weights(1), bias(1), ints(), x(1, pictures, hidden))...),
				attrs: attrs(i("hidden_size", hidden)), outs: []string{"", "h"}, use: 1, fixed: true})
		list[len(list)-1].args[4] = absent()
	}
	// One step and fixed lengths: axis 0 must not be taken for the pictures.
	list = append(list, single{op: "LSTM", args: []arg{x(1, pictures, in), random(1, 4*hidden, in), random(1, 4*hidden, hidden)},
		attrs: attrs(i("hidden_size", hidden)), outs: []string{"y", "h"}, use: 1, fixed: true})
	three := func(f string) []string { return []string{f, "Tanh", f} }
	x0, w := x(steps, pictures, in), []arg{random(1, 4*hidden, in), random(1, 4*hidden, hidden), random(1, 8*hidden), absent(), x(1, pictures, hidden), x(1, pictures, hidden)}
	list = append(list,
		single{op: "LSTM", args: append([]arg{x0}, w...), attrs: attrs(i("hidden_size", hidden)), outs: outs, use: 2, fixed: true},
		single{op: "LSTM", args: append([]arg{x0}, w...), attrs: attrs(i("hidden_size", hidden), s("direction", "reverse")), outs: outs, fixed: true},
		single{op: "LSTM", args: append([]arg{x0}, w[:3]...), attrs: attrs(i("hidden_size", hidden), names(three("HardSigmoid")...), fs("activation_alpha", 0.15, 0.1), fs("activation_beta", 0.4, 0.6)), fixed: true},
		single{op: "RNN", args: []arg{x0, random(1, hidden, in), random(1, hidden, hidden)}, attrs: attrs(i("hidden_size", hidden), names("Relu")), fixed: true},
		single{op: "GRU", args: []arg{x0, random(1, 3*hidden, in), random(1, 3*hidden, hidden), random(1, 6*hidden), absent(), x(1, pictures, hidden)},
			attrs: attrs(i("hidden_size", hidden), i("linear_before_reset", 1)), fixed: true},
		single{op: "GRU", args: []arg{x0, random(2, 3*hidden, in), random(2, 3*hidden, hidden), random(2, 6*hidden)},
			attrs: attrs(i("hidden_size", hidden), i("linear_before_reset", 1), s("direction", "bidirectional")), fixed: true})
	return list
}
