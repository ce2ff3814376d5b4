package gradient

import "picasso/backend/onnx"

// The forms of attention that ONNX Runtime fuses (domain com.microsoft).

// filter is what its masks add where there is to be no attention.
func (c *call) filter() float64 { return float64(c.node.AttrFloat("mask_filter_value", -10000)) }

// lowerPackedAttention is com.microsoft.Attention: Q, K and V are made of one
// input by one matrix.
func lowerPackedAttention(c *call) {
	if c.has(4) || c.gives(1) {
		c.refuse("takes keys of an earlier run, for which there is no rule")
		return
	}
	c.packed(c.arg(0), c.arg(1), 3, 5)
}

// lowerQuantisedAttention is com.microsoft.QAttention: the same on integers,
// which stand for (q−z)·s. Inputs x, W, bias, s, s, mask, z, z, past.
func lowerQuantisedAttention(c *call) {
	if c.has(8) || c.gives(1) {
		c.refuse("takes keys of an earlier run, for which there is no rule")
		return
	}
	real := func(x, scale, zero int) string {
		v := c.cast(c.arg(x), onnx.Float)
		if c.has(zero) {
			v = c.sub(v, c.cast(c.arg(zero), onnx.Float))
		}
		return c.mul(v, c.arg(scale))
	}
	c.packed(real(0, 3, 6), real(1, 4, 7), 5, -1)
}

// packed is attention within x, whose Q, K and V are made by the weights w and
// the bias in input 2; mask and bias of the pairs are further inputs.
func (c *call) packed(x, w string, mask, pairs int) {
	f := c.in(0)
	heads, sizes := c.node.AttrInt("num_heads", 0), c.node.AttrInts("qkv_hidden_sizes")
	switch {
	case f.rank() != 3 || heads < 1 || c.in(1).rank() != 2:
		c.refuse("has an input of shape %v and %d heads", f.Shape, heads)
	case c.node.AttrInt("do_rotary", 0) != 0:
		c.refuse("turns its queries (do_rotary), for which there is no rule")
	}
	if c.err != nil {
		return
	}
	if len(sizes) != 3 {
		n := c.in(1).Shape[1] / 3
		sizes = []int64{n, n, n}
	}
	all := c.matmul(x, w)
	if c.has(2) {
		all = c.add(all, c.arg(2))
	}
	parts, at := make([]string, 3), int64(0)
	for i, n := range sizes {
		parts[i] = c.headed(c.slice(all, 2, at, at+n), heads)
		at += n
	}
	a := &attention{call: c, q: parts[0], k: parts[1], v: parts[2], heads: heads, shared: heads, queries: f.Shape[1], keys: f.Shape[1],
		width: sizes[0] / heads, depth: sizes[2] / heads, scale: float64(c.node.AttrFloat("scale", 0)), causal: c.node.AttrInt("unidirectional", 0) != 0}
	a.padded(mask)
	if c.has(pairs) {
		a.bias = append(a.bias, c.arg(pairs))
	}
	a.finish()
}

// padded adds the mask in input i, that of keys [N, keys] or of pairs
// [N, queries, keys].
func (a *attention) padded(i int) {
	if !a.has(i) {
		return
	}
	mask := a.kept(a.arg(i), a.kinds[a.arg(i)], a.filter())
	switch a.in(i).rank() {
	case 2:
		mask = a.reshape(mask, []int64{-1, 1, 1, a.keys})
	case 3:
		mask = a.reshape(mask, []int64{-1, 1, a.queries, a.keys})
	default:
		a.refuse("has a mask of shape %v, for which there is no rule", a.in(i).Shape)
	}
	a.bias = append(a.bias, mask)
}

// finish gives the result as [N, queries, heads·depth].
func (a *attention) finish() {
	_, _, scores := a.scores()
	y, _ := a.result(scores)
	a.give(0, a.joinedHeads(y))
}

// lowerMultiHead is com.microsoft.MultiHeadAttention: Q, K and V are given apart
// or packed, with a bias for all three.
func lowerMultiHead(c *call) {
	heads := c.node.AttrInt("num_heads", 0)
	if heads < 1 || c.has(6) && c.in(6).elements() > 0 || c.has(8) || c.has(9) {
		c.refuse("takes keys of an earlier run, or has no heads, for which there is no rule")
		return
	}
	a := &attention{call: c, heads: heads, shared: heads, scale: float64(c.node.AttrFloat("scale", 0)), causal: c.node.AttrInt("unidirectional", 0) != 0}
	if !a.separate() {
		return
	}
	a.padded(4)
	if c.has(5) {
		a.bias = append(a.bias, c.arg(5))
	}
	c.give(1, a.k)
	c.give(2, a.v)
	a.finish()
}

// separate takes Q, K and V out of inputs 0 to 2 and adds the bias in input 3.
func (a *attention) separate() bool {
	q, k, v := a.in(0), a.in(1), a.in(2)
	switch {
	case q.rank() == 5: // [N, tokens, heads, 3, width]
		parts := make([]string, 3)
		for i := range parts {
			parts[i] = a.transpose(a.pick(a.arg(0), 3, int64(i)), []int64{0, 2, 1, 3})
		}
		a.q, a.k, a.v = parts[0], parts[1], parts[2]
		a.queries, a.keys, a.width, a.depth = q.Shape[1], q.Shape[1], q.Shape[4], q.Shape[4]
		if a.has(3) {
			a.refuse("adds a bias to packed queries, for which there is no rule")
		}
		return a.err == nil
	case q.rank() != 3:
		a.refuse("has queries of shape %v", q.Shape)
		return false
	}
	a.queries, a.width = q.Shape[1], q.Shape[2]/a.heads
	a.q = a.headed(a.biased(a.arg(0), 0, q.Shape[2]), a.heads)
	switch {
	case k.rank() == 3 && v.rank() == 3:
		a.keys, a.depth = k.Shape[1], v.Shape[2]/a.heads
		a.k = a.headed(a.biased(a.arg(1), q.Shape[2], k.Shape[2]), a.heads)
		a.v = a.headed(a.biased(a.arg(2), q.Shape[2]+k.Shape[2], v.Shape[2]), a.heads)
	case k.rank() == 4 && v.rank() == 4 && !a.has(3): // [N, heads, tokens, width]
		a.keys, a.depth, a.k, a.v = k.Shape[2], v.Shape[3], a.arg(1), a.arg(2)
	case k.rank() == 5 && !a.has(3): // [N, tokens, heads, 2, width]
		a.keys, a.depth = k.Shape[1], k.Shape[4]
		a.k = a.transpose(a.pick(a.arg(1), 3, 0), []int64{0, 2, 1, 3})
		a.v = a.transpose(a.pick(a.arg(1), 3, 1), []int64{0, 2, 1, 3})
	default:
		a.refuse("has keys of shape %v and values of shape %v, for which there is no rule", k.Shape, v.Shape)
	}
	return a.err == nil
}

// biased adds a part of the bias in input 3.
func (a *attention) biased(x string, from, length int64) string {
	if !a.has(3) {
		return x
	}
	return a.add(x, a.slice(a.arg(3), 0, from, from+length))
}

// lowerGroupQuery is com.microsoft.GroupQueryAttention in its first run: every
// token looks at itself and those before it.
func lowerGroupQuery(c *call) {
	q := c.in(0)
	a := &attention{call: c, causal: true, heads: c.node.AttrInt("num_heads", 0), shared: c.node.AttrInt("kv_num_heads", 0),
		scale: float64(c.node.AttrFloat("scale", 0)), softcap: float64(c.node.AttrFloat("softcap", 0)), window: max(0, c.node.AttrInt("local_window_size", -1))}
	if q.rank() != 3 || a.heads < 1 || a.shared < 1 {
		c.refuse("has queries of shape %v and %d heads", q.Shape, a.heads)
		return
	}
	tokens := q.Shape[1]
	for _, last := range c.integers(5) {
		if last != tokens-1 {
			c.refuse("has sequences of different lengths, for which there is no rule")
		}
	}
	switch {
	case c.err != nil:
		return
	case c.has(3) && c.in(3).elements() > 0:
		c.refuse("takes keys of an earlier run, for which there is no rule")
	case c.has(9) || c.has(10) || c.has(11) || c.node.AttrInt("smooth_softmax", 0) != 0:
		c.refuse("has inputs for which there is no rule")
	}
	parts := []string{c.arg(0), c.arg(1), c.arg(2)}
	if !c.has(1) {
		each := q.Shape[2] / (a.heads + 2*a.shared)
		at := int64(0)
		for i, n := range []int64{a.heads, a.shared, a.shared} {
			parts[i] = c.slice(c.arg(0), 2, at, at+n*each)
			at += n * each
		}
		a.width = each
	} else {
		a.width = q.Shape[2] / a.heads
	}
	a.queries, a.keys, a.depth = tokens, tokens, a.width
	a.q, a.k, a.v = c.headed(parts[0], a.heads), c.headed(parts[1], a.shared), c.headed(parts[2], a.shared)
	if c.node.AttrInt("do_rotary", 0) != 0 {
		r := rotary{call: c, interleaved: c.node.AttrInt("rotary_interleaved", 0) != 0, width: a.width, turned: 2 * c.in(7).Shape[1],
			cos: c.slice(c.arg(7), 0, 0, tokens), sin: c.slice(c.arg(8), 0, 0, tokens)}
		a.q, a.k = r.turn(a.q), r.turn(a.k)
	}
	c.give(1, a.k)
	c.give(2, a.v)
	a.finish()
}
