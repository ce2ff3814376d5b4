package gradient

import "math"

// pointwise is the entry of a function y = f(x) of each number by itself:
// dx = dy·f′, with f′ from slope.
func pointwise(slope func(c *call) string) entry {
	return entry{rule: func(c *call) { c.dx[0] = c.mul(c.dy[0], slope(c)) }, from: []int{0}}
}

// The slopes of elementary functions, from x or, where that is shorter, from
// y: the runtime fuses operators better when their inputs stay inside.

func minusOne(c *call) string         { return c.number(-1) }
func signOfX(c *call) string          { return c.sign(c.x(0)) }
func halfOverY(c *call) string        { return c.div(c.number(0.5), c.y(0)) }
func sameAsY(c *call) string          { return c.y(0) }
func oneOverX(c *call) string         { return c.div(c.number(1), c.x(0)) }
func minusYSquared(c *call) string    { return c.neg(c.square(c.y(0))) }
func onePlusYSquared(c *call) string  { return c.shift(c.square(c.y(0)), 1) }
func oneMinusYSquared(c *call) string { return c.complement(c.square(c.y(0))) }
func yTimesOneMinusY(c *call) string  { return c.mul(c.y(0), c.complement(c.y(0))) }
func cosine(c *call) string           { return c.op("Cos", []string{c.x(0)}) }
func minusSine(c *call) string        { return c.neg(c.op("Sin", []string{c.x(0)})) }
func coshX(c *call) string            { return c.op("Cosh", []string{c.x(0)}) }
func sinhX(c *call) string            { return c.op("Sinh", []string{c.x(0)}) }
func sigmoidOfX(c *call) string       { return c.op("Sigmoid", []string{c.x(0)}) }

// arcsine is 1/√(1−x²), arccosine its negative.
func arcsine(c *call) string {
	return c.div(c.number(1), c.sqrt(c.complement(c.square(c.x(0)))))
}

func arccosine(c *call) string { return c.neg(arcsine(c)) }

// arctangent is 1/(1+x²).
func arctangent(c *call) string {
	return c.div(c.number(1), c.shift(c.square(c.x(0)), 1))
}

// areaSine is 1/√(x²+1), areaCosine 1/√(x²−1), areaTangent 1/(1−x²).
func areaSine(c *call) string {
	return c.div(c.number(1), c.sqrt(c.shift(c.square(c.x(0)), 1)))
}

func areaCosine(c *call) string {
	return c.div(c.number(1), c.sqrt(c.shift(c.square(c.x(0)), -1)))
}

func areaTangent(c *call) string {
	return c.div(c.number(1), c.complement(c.square(c.x(0))))
}

// gaussian is the slope of erf, 2/√π·exp(−x²).
func gaussian(c *call) string {
	return c.scale(c.exp(c.neg(c.square(c.x(0)))), 2/math.SqrtPi)
}
