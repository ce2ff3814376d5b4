package gradient

import (
	"math"

	"picasso/backend/onnx"
)

// attention is softmax(α·Q·Kᵀ + masks)·V for every head (Vaswani et al. 2017,
// arXiv:1706.03762), with Q, K and V as [N, heads, tokens, width]. Several heads
// of queries may share one of keys and values.
type attention struct {
	*call
	q, k, v        string
	heads, shared  int64 // of queries, of keys and values
	queries, keys  int64 // tokens
	width, depth   int64 // of a head of queries and keys, of values
	scale, softcap float64
	causal         bool
	window         int64 // how far back a query looks, 0 is without limit
	bias           []string
}

// forbidden is what a mask adds where there is to be no attention.
const forbidden = -1e9

// scores are α·Q·Kᵀ with masks and the soft cap.
func (a *attention) scores() (raw, masked, capped string) {
	group := a.heads / max(a.shared, 1)
	k, v := a.k, a.v
	if group > 1 {
		a.k, a.v = a.repeated(k, group, a.width), a.repeated(v, group, a.depth)
	}
	scale := a.scale
	if scale == 0 {
		scale = 1 / math.Sqrt(float64(a.width))
	}
	raw = a.call.scale(a.matmul(a.q, a.transpose(a.k, []int64{0, 1, 3, 2})), scale)
	masked = raw
	for _, b := range a.bias {
		masked = a.add(masked, b)
	}
	if a.causal || a.window > 0 {
		masked = a.add(masked, a.past())
	}
	capped = masked
	if a.softcap > 0 {
		capped = a.call.scale(a.op("Tanh", []string{a.call.scale(masked, 1/a.softcap)}), a.softcap)
	}
	return raw, masked, capped
}

// repeated gives every head of keys or values to its group of queries.
func (a *attention) repeated(x string, group, width int64) string {
	x = a.unsqueeze(x, 2)
	x = a.op("Expand", []string{x, a.ints(1, 1, group, 1, 1)})
	return a.reshape(x, []int64{-1, a.heads, a.keys, width})
}

// past forbids what lies behind a query. The last query looks at all keys: with
// more keys than queries, those before are from an earlier run.
func (a *attention) past() string {
	mask := make([]float32, a.queries*a.keys)
	for i := range a.queries {
		at := i + a.keys - a.queries
		for j := range a.keys {
			if a.causal && j > at || a.window > 0 && j <= at-a.window {
				mask[i*a.keys+j] = forbidden
			}
		}
	}
	return a.floats([]int64{a.queries, a.keys}, mask)
}

// result is [N, heads, queries, depth], with the weights of the softmax.
func (a *attention) result(scores string) (y, weights string) {
	weights = a.op("Softmax", []string{scores}, onnx.IntAttr("axis", 3))
	return a.matmul(weights, a.v), weights
}

// headed turns [N, tokens, heads·width] into [N, heads, tokens, width].
func (c *call) headed(x string, heads int64) string {
	return c.transpose(c.reshape(x, []int64{0, 0, heads, -1}), []int64{0, 2, 1, 3})
}

// joinedHeads is the inverse of headed.
func (c *call) joinedHeads(x string) string {
	return c.reshape(c.transpose(x, []int64{0, 2, 1, 3}), []int64{0, 0, -1})
}

// kept makes an additive mask of one that is true, or not 0, where there is
// attention.
func (c *call) kept(mask string, kind onnx.DataType, forbidden float64) string {
	if kind.IsFloat() {
		return mask
	}
	if kind != onnx.Bool {
		mask = c.cast(mask, onnx.Bool)
	}
	return c.choose(mask, c.number(0), c.number(forbidden))
}

// lowerAttention is Attention of operator sets 23 and later.
func lowerAttention(c *call) {
	q, k, v := c.in(0), c.in(1), c.in(2)
	if c.has(6) {
		c.refuse("is told the number of keys at run time, for which there is no rule")
	}
	a := &attention{call: c, causal: c.node.AttrInt("is_causal", 0) != 0, scale: float64(c.node.AttrFloat("scale", 0)),
		softcap: float64(c.node.AttrFloat("softcap", 0)), q: c.arg(0), k: c.arg(1), v: c.arg(2)}
	packed := q.rank() == 3
	if packed {
		a.heads, a.shared = c.node.AttrInt("q_num_heads", 0), c.node.AttrInt("kv_num_heads", 0)
		if a.heads < 1 || a.shared < 1 {
			c.refuse("does not say how many heads it has")
			return
		}
		a.q, a.k, a.v = c.headed(a.q, a.heads), c.headed(a.k, a.shared), c.headed(a.v, a.shared)
		a.queries, a.keys, a.width, a.depth = q.Shape[1], k.Shape[1], q.Shape[2]/a.heads, v.Shape[2]/a.shared
	} else if q.rank() == 4 && k.rank() == 4 && v.rank() == 4 {
		a.heads, a.shared, a.queries, a.keys, a.width, a.depth = q.Shape[1], k.Shape[1], q.Shape[2], k.Shape[2], q.Shape[3], v.Shape[3]
	} else {
		c.refuse("has queries of shape %v", q.Shape)
		return
	}
	if c.has(4) {
		a.k, a.v = c.concat([]string{c.arg(4), a.k}, 2), c.concat([]string{c.arg(5), a.v}, 2)
		a.keys += c.in(4).Shape[2]
	}
	c.give(1, a.k)
	c.give(2, a.v)
	if c.has(3) {
		f := c.in(3)
		if f.rank() == 0 || f.Shape[f.rank()-1] != a.keys && f.Shape[f.rank()-1] != 1 {
			c.refuse("has a mask of shape %v for %d keys, for which there is no rule", f.Shape, a.keys)
			return
		}
		a.bias = append(a.bias, c.kept(c.arg(3), c.kinds[c.arg(3)], forbidden))
	}
	raw, masked, capped := a.scores()
	y, weights := a.result(capped)
	c.give(3, []string{raw, masked, capped, weights}[min(max(c.node.AttrInt("qk_matmul_output_mode", 0), 0), 3)])
	if packed {
		y = c.joinedHeads(y)
	}
	c.give(0, y)
}
