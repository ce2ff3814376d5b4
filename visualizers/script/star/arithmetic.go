package star

import (
	"fmt"
	"math"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// operators between tensors, or a tensor and a number, value by value. Tensors
// of different shapes are stretched as NumPy does.
var operators = map[syntax.Token]func(a, b float32) float32{
	syntax.PLUS:       func(a, b float32) float32 { return a + b },
	syntax.MINUS:      func(a, b float32) float32 { return a - b },
	syntax.STAR:       func(a, b float32) float32 { return a * b },
	syntax.SLASH:      func(a, b float32) float32 { return a / b },
	syntax.SLASHSLASH: func(a, b float32) float32 { return float32(math.Floor(float64(a / b))) },
	syntax.PERCENT:    modulo,
	syntax.AMP:        func(a, b float32) float32 { return min(a, b) },
	syntax.PIPE:       func(a, b float32) float32 { return max(a, b) },
}

// modulo takes the sign of the divisor, as in Python.
func modulo(a, b float32) float32 {
	return a - b*float32(math.Floor(float64(a)/float64(b)))
}

// comparisons give 1 where they hold and 0 elsewhere.
var comparisons = map[string]func(a, b float32) bool{
	"gt": func(a, b float32) bool { return a > b },
	"ge": func(a, b float32) bool { return a >= b },
	"lt": func(a, b float32) bool { return a < b },
	"le": func(a, b float32) bool { return a <= b },
	"eq": func(a, b float32) bool { return a == b },
	"ne": func(a, b float32) bool { return a != b },
}

// functions of one value.
var functions = map[string]func(v float64) float64{
	"abs":  math.Abs,
	"relu": func(v float64) float64 { return max(v, 0) },
	"exp":  math.Exp,
	"log":  math.Log,
	"sqrt": math.Sqrt,
}

// Binary computes t op y, or y op t.
func (t *tensor) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	f, known := operators[op]
	other, ok := operand(y)
	if !known || !ok {
		return nil, nil
	}
	a, b := t, other
	if side == starlark.Right {
		a, b = b, a
	}
	return combine(a, b, f)
}

// Unary computes +t, −t and, for masks, ~t (1 − t).
func (t *tensor) Unary(op syntax.Token) (starlark.Value, error) {
	switch op {
	case syntax.PLUS:
		return t, nil
	case syntax.MINUS:
		return t.each(func(v float32) float32 { return -v })
	case syntax.TILDE:
		return t.each(func(v float32) float32 { return 1 - v })
	}
	return nil, nil
}

// operand is a tensor, or a number as a tensor without axes.
func operand(v starlark.Value) (*tensor, bool) {
	if t, ok := v.(*tensor); ok {
		return t, true
	}
	if x, ok := starlark.AsFloat(v); ok {
		return &tensor{data: []float32{float32(x)}}, true
	}
	return nil, false
}

// each applies a function to every value.
func (t *tensor) each(f func(float32) float32) (*tensor, error) {
	out, err := t.like()
	if err != nil {
		return nil, err
	}
	for i, v := range t.data {
		out.data[i] = f(v)
	}
	return out, nil
}

// combine applies f to values that stand at the same place.
func combine(a, b *tensor, f func(x, y float32) float32) (*tensor, error) {
	shape, err := joint(a.shape, b.shape)
	if err != nil {
		return nil, err
	}
	out, err := newTensor(shape...)
	if err != nil || len(out.data) == 0 {
		return out, err
	}
	switch {
	case len(a.data) == len(out.data) && len(b.data) == len(out.data):
		for i, v := range a.data {
			out.data[i] = f(v, b.data[i])
		}
	case len(a.data) == len(out.data) && suffix(shape, b.shape):
		for i, v := range a.data {
			out.data[i] = f(v, b.data[i%len(b.data)])
		}
	default:
		stretch(out, a, b, f)
	}
	return out, nil
}

// joint is the shape that both tensors stretch to: axes are compared from the
// last one on, and an axis of length 1 stretches.
func joint(a, b []int) ([]int, error) {
	long, short := a, b
	if len(a) < len(b) {
		long, short = b, a
	}
	out := append([]int(nil), long...)
	for i := range short {
		k := len(out) - len(short) + i
		switch {
		case out[k] == short[i] || short[i] == 1:
		case out[k] == 1:
			out[k] = short[i]
		default:
			return nil, fmt.Errorf("tensors of shapes %s and %s do not fit together", shapeText(a), shapeText(b))
		}
	}
	return out, nil
}

// suffix reports whether a shape is the end of another, so that values repeat.
func suffix(shape, end []int) bool {
	for i, d := range end {
		if shape[len(shape)-len(end)+i] != d {
			return false
		}
	}
	return true
}

// stretch is the general case of combine.
func stretch(out, a, b *tensor, f func(x, y float32) float32) {
	sa, sb := strides(a.shape, len(out.shape)), strides(b.shape, len(out.shape))
	at := make([]int, len(out.shape))
	for i := range out.data {
		var ia, ib int
		for k, p := range at {
			ia += p * sa[k]
			ib += p * sb[k]
		}
		out.data[i] = f(a.data[ia], b.data[ib])
		for k := len(at) - 1; k >= 0; k-- {
			if at[k]++; at[k] < out.shape[k] {
				break
			}
			at[k] = 0
		}
	}
}

// strides are the steps in memory along the axes of the joint shape; 0 along
// axes that stretch.
func strides(shape []int, rank int) []int {
	out := make([]int, rank)
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] > 1 {
			out[rank-len(shape)+i] = step
		}
		step *= shape[i]
	}
	return out
}
