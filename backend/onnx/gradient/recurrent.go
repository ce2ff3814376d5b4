package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// The recurrent operators LSTM, GRU and RNN (ONNX names) read a sequence X
// [T, N, I] with weights W, R and biases B per direction. Their hidden states
// are known from the forward pass, so that all gates are computed again for all
// steps at once, without going through time; only the gradients go through it,
// from the last step to the first (backpropagation through time, Werbos 1990,
// doi:10.1109/5.58337).

// recurrent is one direction of a recurrent node.
type recurrent struct {
	*call
	d        int    // which direction
	reverse  bool   // it reads the sequence from its end
	gates    int64  // blocks of W, R and B
	steps    int64  // T
	width    int64  // H
	w, r     string // [gates·H, I] and [gates·H, H]
	x        string // [T, N, I]
	h        string // hidden states [T, N, H], before the first one at first
	dh       string // gradient of the hidden states [T, N, H]
	last     string // gradient of the last state [N, H], or ""
	lastCell string // gradient of the last cell state (LSTM)
	acts     []activation
}

// gradLSTM: i, o, f = σ(…), g = tanh(…), c = f·c′ + i·g, h = o·tanh(c), with the
// states h′ and c′ of the step before.
func gradLSTM(c *call) { c.recur(4, []string{"Sigmoid", "Tanh", "Tanh"}, (*recurrent).lstm) }

// gradGRU: z, r = σ(…), n = tanh(…), h = (1−z)·n + z·h′.
func gradGRU(c *call) { c.recur(3, []string{"Sigmoid", "Tanh"}, (*recurrent).gru) }

// gradRNN: h = tanh(W·x + R·h′ + b).
func gradRNN(c *call) { c.recur(1, []string{"Tanh"}, (*recurrent).rnn) }

// recurring is the check of the recurrent operators.
func recurring(_ *graph, n *onnx.Node) string {
	switch {
	case n.Input(7) != "":
		return "has peephole connections, for which there is no rule"
	case n.AttrInt("layout", 0) != 0:
		return "has the pictures before the steps (layout = 1), for which there is no rule"
	case n.AttrFloat("clip", 0) != 0:
		return "clips its gates, for which there is no rule"
	case n.AttrInt("input_forget", 0) != 0:
		return "couples its input and forget gates, for which there is no rule"
	}
	return ""
}

// recur differentiates every direction by itself.
func (c *call) recur(gates int64, acts []string, step func(*recurrent) recurrence) {
	f := c.in(0)
	if f.rank() != 3 || c.in(2).rank() != 3 {
		c.refuse("has an input of shape %v", f.Shape)
		return
	}
	for _, n := range c.integers(4) {
		if n != f.Shape[0] {
			c.refuse("has sequences of different lengths, for which there is no rule")
			return
		}
	}
	if c.err != nil {
		return
	}
	var dx []string
	first := make([][]string, 2) // gradients of the initial states by direction
	directions := int(c.in(2).Shape[0])
	for d := range directions {
		r := &recurrent{call: c, d: d, gates: gates, steps: f.Shape[0], width: c.in(2).Shape[2]}
		r.reverse = d == 1 || c.node.AttrString("direction", "forward") == "reverse"
		r.acts = c.activations(acts, d)
		r.read()
		result := step(r)
		dx = append(dx, c.matmul(result.gates, r.w))
		first[0], first[1] = append(first[0], result.h), append(first[1], result.c)
	}
	g := c.total(dx)
	c.offer(0, func() string { return g })
	for k, i := range []int{5, 6} {
		c.offer(i, func() string { return c.states(first[k]) })
	}
}

// states joins the gradients [N, H] of initial states by direction.
func (c *call) states(list []string) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = c.unsqueeze(s, 0)
	}
	return c.concat(parts, 0)
}

// read takes the direction's part of weights, sequence and states.
func (r *recurrent) read() {
	r.w, r.r, r.x = r.of(1), r.of(2), r.call.x(0)
	r.h = r.pick(r.hidden(), 1, int64(r.d))
	for i, to := range []*string{&r.last, &r.lastCell} {
		if i+1 < len(r.dy) && r.dy[i+1] != "" {
			*to = r.pick(r.dy[i+1], 0, int64(r.d))
		}
	}
	if dy := r.dy[0]; dy != "" {
		r.dh = r.pick(dy, 1, int64(r.d))
		return
	}
	some := r.last
	if some == "" {
		some = r.lastCell
	}
	shape := r.concat([]string{r.ints(r.steps), r.op("Shape", []string{some})}, 0)
	r.dh = r.op("ConstantOfShape", []string{shape})
}

// hidden are the hidden states of all steps: output 0, computed again where
// the model does not ask for it.
func (r *recurrent) hidden() string {
	if r.node.Output(0) != "" {
		return r.y(0)
	}
	inputs := make([]string, len(r.node.Inputs))
	for i, name := range r.node.Inputs {
		if name != "" {
			inputs[i] = r.raw(name)
		}
	}
	return r.cast(r.op(r.node.OpType, inputs, r.node.Attrs...), onnx.Float)
}

// of is this direction's part of input i.
func (r *recurrent) of(i int) string { return r.pick(r.call.x(i), 0, int64(r.d)) }

// initial is this direction's part of the initial state in input i, as one step
// [1, N, H]; "" where it is zero.
func (r *recurrent) initial(i int) string {
	if !r.has(i) {
		return ""
	}
	return r.unsqueeze(r.of(i), 0)
}

// before shifts states [T, N, H] by one step: what each step starts from.
func (r *recurrent) before(states, initial string) string {
	from, to, begin, end := int64(0), r.steps-1, int64(1), int64(0)
	if r.reverse {
		from, to, begin, end = 1, r.steps, 0, 1
	}
	kept := r.slice(states, 0, from, to)
	switch {
	case initial == "":
		return r.pad(kept, []int64{begin, 0, 0}, []int64{end, 0, 0})
	case r.reverse:
		return r.concat([]string{kept, initial}, 0)
	}
	return r.concat([]string{initial, kept}, 0)
}

// biases are the blocks of B for W (which = 0) or for R (1), [gates·H].
func (r *recurrent) biases(which int64) string {
	n := r.gates * r.width
	return r.slice(r.of(3), 0, which*n, (which+1)*n)
}

// linear is W·x + R·h′ with both biases, [T, N, gates·H].
func (r *recurrent) linear(h string) string {
	z := r.add(r.fromInput(), r.matmul(h, r.transpose(r.r, []int64{1, 0})))
	if r.has(3) {
		z = r.add(z, r.biases(1))
	}
	return z
}

// fromInput is W·x with its bias.
func (r *recurrent) fromInput() string {
	z := r.matmul(r.x, r.transpose(r.w, []int64{1, 0}))
	if r.has(3) {
		z = r.add(z, r.biases(0))
	}
	return z
}

// block is one of the blocks along the last axis.
func (r *recurrent) block(z string, k int64) string { return r.slice(z, 2, k*r.width, (k+1)*r.width) }

// recurrence is what going through time gives: the gradient of the gates in
// front of their functions [T, N, gates·H] and of the initial states [N, H].
type recurrence struct{ gates, h, c string }

// none is a state of zeros [N, H], or the given one.
func (r *recurrent) none(given string) string {
	if given != "" {
		return given
	}
	step := r.pick(r.dh, 0, 0)
	return r.op("ConstantOfShape", []string{r.op("Shape", []string{step})})
}

// backwards goes through the steps, from the last that was read to the first.
func (r *recurrent) backwards(states, items []string, turn func(states, items []string) (next, results []string)) ([]string, []string) {
	return r.scan(states, slices.Concat([]string{r.dh}, items), !r.reverse, turn)
}

func (r *recurrent) rnn() recurrence {
	slope := r.acts[0].slope(r.call, r.h)
	last, stacks := r.backwards([]string{r.none(r.last)}, []string{slope}, func(states, items []string) ([]string, []string) {
		dz := r.mul(r.add(items[0], states[0]), items[1])
		return []string{r.matmul(dz, r.r)}, []string{dz}
	})
	return recurrence{gates: first(stacks), h: first(last)}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
