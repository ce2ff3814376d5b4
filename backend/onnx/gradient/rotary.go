package gradient

import "picasso/backend/onnx"

// rotary turns pairs of numbers by an angle that depends on the place of the
// token (Su et al. 2021, arXiv:2104.09864). x is [N, heads, tokens, width]; cos
// and sin broadcast to [N, heads, tokens, turned/2].
type rotary struct {
	*call
	interleaved   bool // pairs are neighbours, not the two halves
	width, turned int64
	cos, sin      string
}

func (r rotary) turn(x string) string {
	moving, rest := x, ""
	if r.turned < r.width {
		moving, rest = r.slice(x, 3, 0, r.turned), r.slice(x, 3, r.turned, r.width)
	}
	half := r.turned / 2
	first, second := r.slice(moving, 3, 0, half), r.slice(moving, 3, half, r.turned)
	if r.interleaved {
		pairs := r.reshape(moving, []int64{0, 0, 0, half, 2})
		first, second = r.pick(pairs, 4, 0), r.pick(pairs, 4, 1)
	}
	a := r.sub(r.mul(first, r.cos), r.mul(second, r.sin))
	b := r.add(r.mul(first, r.sin), r.mul(second, r.cos))
	y := ""
	if r.interleaved {
		y = r.reshape(r.concat([]string{r.unsqueeze(a, 4), r.unsqueeze(b, 4)}, 4), []int64{0, 0, 0, r.turned})
	} else {
		y = r.concat([]string{a, b}, 3)
	}
	if rest == "" {
		return y
	}
	return r.concat([]string{y, rest}, 3)
}

// lowerRotary is RotaryEmbedding of ONNX (inputs x, cos, sin, places) and of ONNX
// Runtime (x, places, cos, sin).
func lowerRotary(c *call) {
	cos, sin, places := 1, 2, 3
	if c.node.Domain == "com.microsoft" {
		cos, sin, places = 2, 3, 1
	}
	f, cf := c.in(0), c.in(cos)
	heads := c.node.AttrInt("num_heads", 0)
	x := c.arg(0)
	r := rotary{call: c, interleaved: c.node.AttrInt("interleaved", 0) != 0}
	var tokens int64
	switch {
	case c.node.AttrFloat("scale", 1) != 1:
		c.refuse("has a scale, for which there is no rule")
		return
	case f.rank() == 4:
		tokens, r.width = f.Shape[2], f.Shape[3]
	case f.rank() == 3:
		tokens = f.Shape[1]
		if heads == 0 && c.node.AttrInt("rotary_embedding_dim", 0) == 0 && cf.rank() > 0 {
			heads = f.Shape[2] / (2 * cf.Shape[cf.rank()-1])
		}
		if heads < 1 {
			c.refuse("does not say how many heads it has")
			return
		}
		r.width = f.Shape[2] / heads
		x = c.headed(x, heads)
	default:
		c.refuse("has an input of shape %v", f.Shape)
		return
	}
	r.turned = c.node.AttrInt("rotary_embedding_dim", 0)
	if r.turned == 0 {
		r.turned = r.width
	}
	r.cos, r.sin = c.angles(cos, places, tokens), c.angles(sin, places, tokens)
	y := r.turn(x)
	if f.rank() == 3 {
		y = c.joinedHeads(y)
	}
	c.give(0, y)
}

// angles are the cosines or sines in input i for every token, [N, 1, tokens, …]:
// looked up by the places of the tokens, from a first place on, or as given.
func (c *call) angles(i, places int, tokens int64) string {
	f := c.in(i)
	half := f.Shape[f.rank()-1]
	switch {
	case !c.has(places):
		return c.reshape(c.arg(i), []int64{-1, 1, tokens, half})
	case c.in(places).elements() == 1 && tokens != 1:
		first := c.integers(places)
		if c.err != nil || len(first) != 1 {
			return ""
		}
		return c.reshape(c.slice(c.arg(i), 0, first[0], first[0]+tokens), []int64{1, 1, tokens, half})
	}
	rows := c.op("Gather", []string{c.arg(i), c.arg(places)}, onnx.IntAttr("axis", 0))
	return c.reshape(rows, []int64{-1, 1, tokens, half})
}
