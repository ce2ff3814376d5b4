package star

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// eval computes one expression with all makers and two tensors: a is 2×3 with
// 1…6, x is 2×3×4 with 0…23.
func eval(t testing.TB, expression string) (starlark.Value, error) {
	t.Helper()
	s := &session{}
	names := s.predeclared()
	names["a"] = &tensor{shape: []int{2, 3}, data: []float32{1, 2, 3, 4, 5, 6}, frozen: true}
	x := &tensor{shape: []int{2, 3, 4}, frozen: true}
	for i := range 24 {
		x.data = append(x.data, float32(i))
	}
	names["x"] = x
	return starlark.EvalOptions(&syntax.FileOptions{}, &starlark.Thread{}, "test.star", expression, names)
}

func TestExpressions(t *testing.T) {
	for expression, want := range map[string]string{
		"a.shape":                        "(2, 3)",
		"a.size":                         "6",
		"len(a)":                         "2",
		"a[1]":                           "tensor([4, 5, 6])",
		"a[-1][0]":                       "4.0",
		"a[0:1].shape":                   "(1, 3)",
		"[r[2] for r in a]":              "[3.0, 6.0]",
		"(a + 1).values()":               "[2.0, 3.0, 4.0, 5.0, 6.0, 7.0]",
		"(1 - a).values()":               "[0.0, -1.0, -2.0, -3.0, -4.0, -5.0]",
		"(a * a).sum()":                  "91.0",
		"(a / 2).max()":                  "3.0",
		"(a // 2).values()":              "[0.0, 1.0, 1.0, 2.0, 2.0, 3.0]",
		"((a - 4) % 3).values()":         "[0.0, 1.0, 2.0, 0.0, 1.0, 2.0]",
		"(-a).min()":                     "-6.0",
		"(~a.gt(3)).values()":            "[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]",
		"(a.ge(2) & a.le(5)).sum()":      "4.0",
		"(a.lt(2) | a.eq(6)).sum()":      "2.0",
		"a.ne(a).sum()":                  "0.0",
		"(a + tensor([10, 20, 30]))[1]":  "tensor([14, 25, 36])",
		"(a * tensor([[1], [0]])).sum()": "6.0",
		"(x * tensor([1,0]).reshape(2,1,1)).sum()":   "66.0",
		"a.sum(axis = 0)":                            "tensor([5, 7, 9])",
		"a.mean(axis = 1)":                           "tensor([2, 5])",
		"a.max(axis = -1)":                           "tensor([3, 6])",
		"x.sum(axis = 1).shape":                      "(2, 4)",
		"x.sum(axis = 1)[1]":                         "tensor([48, 51, 54, 57])",
		"tensor([1, 2]).sum(axis = 0)":               "3.0",
		"a.std()":                                    fmt.Sprint(math.Sqrt(35.0 / 12)),
		"a.quantile(0.5)":                            "3.5",
		"a.quantile(1)":                              "6.0",
		"a.argmax()":                                 "5",
		"a.topk(2)":                                  "[(5, 6.0), (4, 5.0)]",
		"tensor([1, 1, 1]).topk(2)":                  "[(0, 1.0), (1, 1.0)]",
		"a.at(1, 2)":                                 "6.0",
		"a.reshape(6)[4]":                            "5.0",
		"(a - 3).abs().sum()":                        "9.0",
		"(a - 3).relu().sum()":                       "6.0",
		"int(a.exp().log().sum() + 0.5)":             "21",
		"(a * a).sqrt().sum()":                       "21.0",
		"a.clip(2, 5).sum()":                         "21.0",
		"x.channel_means()":                          "tensor([5.5, 17.5])",
		"x.channel(1).shape":                         "(3, 4)",
		"x.filled(0, 0, 3, 4).sum()":                 "0.0",
		"x.filled(1, 2, 9, 9, 100)[0][1]":            "tensor([4, 5, 100, 100])",
		"x.filled(0, 0, 3, 4, [1, 2]).sum()":         "36.0",
		"x.filled(0, 0, 1, 4, x + 1)[0][0]":          "tensor([1, 2, 3, 4])",
		"x.filled(-2, 0, 3, 1, -1)[0].min(axis = 1)": "tensor([-1, 4, 8])",
		"x.crop(1, 1, 1, 2)[1]":                      "tensor(1×2, 17 … 18, mean 17.5)",
		"x.shift(1, 0, fill = -1)[0][0]":             "tensor([-1, -1, -1, -1])",
		"x.shift(0, -1)[0][0]":                       "tensor([1, 2, 3, 0])",
		"x.resize(6, 8, 'nearest').sum()":            "1104.0",
		"x.blur(0).sum() == x.sum()":                 "True",
		"int(ones(9, 9).blur(2).sum() + 0.5)":        "81",
		"zeros(2, 2)":                                "tensor(2×2, 0 … 0, mean 0)",
		"zeros(a.shape).shape":                       "(2, 3)",
		"full(3, 7)":                                 "tensor([7, 7, 7])",
		"full((2, 2), 7).sum()":                      "28.0",
		"stack([a, a + 1]).shape":                    "(2, 2, 3)",
		"where(a.gt(3), a, 0)[1]":                    "tensor([4, 5, 6])",
		"where(tensor([1, 0]), 5, nan)":              "tensor([5, NaN])",
		"windows(5, 4, 2, 2)":                        "[(0, 0, 2, 2), (0, 2, 2, 2), (2, 0, 2, 2), (2, 2, 2, 2), (4, 0, 1, 2), (4, 2, 1, 2)]",
		"windows(4, 4, 9, 1)":                        "[(0, 0, 4, 4)]",
		"len(windows(9, 9, 1, (4, 8)))":              "6",
		"random_masks(2, 8, 8).shape":                "(2, 8, 8)",
		"random_masks(1, 8, 8, seed = 1)[0].sum() == random_masks(1, 8, 8, seed = 1)[0].sum()": "True",
		"random_normal(4, seed = 1).sum() != random_normal(4, seed = 2).sum()":                 "True",
		"random_uniform((50, 50)).max() <= 1":                                                  "True",
		"sum([1, 2.5])":                                                                        "3.5",
		"type(a)":                                                                              "\"tensor\"",
	} {
		got, err := eval(t, expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
		} else if got.String() != want {
			t.Errorf("%s = %s, want %s", expression, got, want)
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for expression, want := range map[string]string{
		"a + tensor([1, 2])":              "shapes 2×3 and 2 do not fit together",
		"a.sum(axis = 2)":                 "axis 2 of a tensor of shape 2×3 does not exist",
		"a.sun()":                         "did you mean .sum?",
		"a.blur(-1)":                      "sigma is -1",
		"a.blur(sigm = 1)":                "did you mean sigma?",
		"a.resize(1, 1, 'cubic')":         "filter \"cubic\" is unknown",
		"a.resize(100000, 100000)":        "cannot resize",
		"a.crop(9, 9, 1, 1)":              "outside",
		"a.filled(0, 0, 1, 1, [1,2,3])":   "cannot be filled",
		"a.add_rect(0, 0, 1, 1, 1)":       "changed",
		"a.reshape(5)":                    "6 values do not make the shape 5",
		"a.at(2, 0)":                      "axis 0",
		"a[7]":                            "out of range",
		"zeros(-1)":                       "cannot have the shape -1",
		"zeros(1, 1, 1, 1, 1)":            "at most 4 axes",
		"zeros('x')":                      "lengths of the axes",
		"zeros(1 << 40)":                  "want the lengths",
		"tensor([1, [2]])":                "numbers",
		"tensor([[1], [1, 2]])":           "cannot be stacked",
		"tensor([]).max()":                "has no values",
		"a.quantile(2)":                   "from 0 to 1",
		"windows(5, 5, 0, 1)":             "at least 1",
		"random_masks(0, 1, 1)":           "from 1 to",
		"a < a":                           "not implemented",
		"heat(tensor([1]), range = 3)":    "want (low, high)",
		"image(ones(2, 3, 3))":            "3×H×W",
		"table(['a'], [[1, 2]])":          "row 1 has 2 cells",
		"text('')":                        "from 1 to",
		"slider('s', 0, 'x', 1, doc='d')": "are numbers",
	} {
		_, err := eval(t, expression)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to say %q", expression, err, want)
		}
	}
}

// No expression may bring the interpreter down, whatever the numbers.
func FuzzExpression(f *testing.F) {
	f.Add("blur", 1.0, 2.0, 3.0, 4.0)
	for name := range methodNamed {
		f.Add(name, 1.0, 1.0, 1.0, 1.0)
		f.Add(name, -1.0, 1e9, 0.5, math.Inf(1))
	}
	f.Fuzz(func(t *testing.T, name string, p, q, r, s float64) {
		if _, ok := methodNamed[name]; !ok {
			return
		}
		for _, args := range []string{"", fmt.Sprint(int32(p)), fmt.Sprint(p), fmt.Sprint(int16(p), ", ", int16(q)),
			fmt.Sprint(int32(p), ", ", int32(q), ", ", int32(r), ", ", int32(s)), fmt.Sprint(int32(p), ", ", int32(q), ", ", r)} {
			if strings.Contains(args, "Inf") || strings.Contains(args, "NaN") {
				continue
			}
			if v, err := eval(t, "x."+name+"("+args+")"); err == nil {
				_ = v.String()
			}
		}
	})
}
