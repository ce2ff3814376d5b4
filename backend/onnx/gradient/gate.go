package gradient

import (
	"slices"

	"picasso/backend/onnx"
)

// activation is the function of a gate of a recurrent operator.
type activation struct {
	name        string
	alpha, beta float64
}

// activations reads the functions of direction d; def are those of one
// direction by default.
func (c *call) activations(def []string, d int) []activation {
	names := def
	if a := c.node.Attr("activations"); a != nil && len(a.Strings) > 0 {
		names = nil
		for _, s := range a.Strings {
			names = append(names, string(s))
		}
		if len(names) < (d+1)*len(def) {
			c.refuse("has the activations %v for %d gates", names, len(def))
			return make([]activation, len(def))
		}
		names = names[d*len(def):]
	}
	alphas, betas := c.node.AttrFloats("activation_alpha"), c.node.AttrFloats("activation_beta")
	if d > 0 && (len(alphas) > 0 || len(betas) > 0) {
		c.refuse("has parameters of activations in two directions, for which there is no rule")
	}
	list := make([]activation, len(def))
	for i := range list {
		a := activation{name: names[i]}
		switch a.name {
		case "Sigmoid", "Tanh", "Relu":
		case "HardSigmoid":
			a.alpha, a.beta = 0.2, 0.5
			if len(alphas) > 0 {
				a.alpha, alphas = float64(alphas[0]), alphas[1:]
			}
			if len(betas) > 0 {
				a.beta, betas = float64(betas[0]), betas[1:]
			}
		default:
			c.refuse("has the activation %s, for which there is no rule", a.name)
		}
		list[i] = a
	}
	return slices.Clip(list)
}

// of is the function's value.
func (a activation) of(c *call, x string) string {
	if a.name == "HardSigmoid" {
		return c.op("HardSigmoid", []string{x}, onnx.FloatAttr("alpha", float32(a.alpha)), onnx.FloatAttr("beta", float32(a.beta)))
	}
	return c.op(a.name, []string{x})
}

// slope is the derivative, from the function's value y.
func (a activation) slope(c *call, y string) string {
	switch a.name {
	case "Sigmoid":
		return c.mul(y, c.complement(y))
	case "Tanh":
		return c.complement(c.square(y))
	case "Relu":
		return c.step(y, 0, steep)
	}
	return c.keep(c.both(c.greater(y, 0), c.less(y, 1)), c.number(a.alpha))
}
