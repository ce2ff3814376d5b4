package onnx

import "testing"

func TestRestampLowersOnlyWhatNeedsNothingNewer(t *testing.T) {
	node := func(op string, attrs ...*Attr) *Node {
		return &Node{OpType: op, Inputs: []string{"x"}, Outputs: []string{op}, Attrs: attrs}
	}
	body := &Graph{Nodes: []*Node{node("Swish")}}
	for name, c := range map[string]struct {
		version int64
		nodes   []*Node
		want    int64
	}{
		"convolution":                  {22, []*Node{node("Conv"), node("Relu")}, 21},
		"latest known":                 {26, []*Node{node("Conv")}, 21},
		"early already":                {17, []*Node{node("Conv")}, 17},
		"unknown future":               {27, []*Node{node("Conv")}, 27},
		"nothing to gain":              {22, []*Node{node("MatMul")}, 22},
		"newer operator":               {24, []*Node{node("Conv"), node("Swish")}, 24},
		"newer operator inside a body": {24, []*Node{node("Conv"), node("If", &Attr{Name: "then_branch", Kind: AttrGraph, G: body})}, 24},
		"newer attribute":              {24, []*Node{node("Conv"), node("Cast", &Attr{Name: "round_mode", Kind: AttrString})}, 24},
		"cast without it":              {24, []*Node{node("Conv"), node("Cast")}, 21},
		"operator of another domain":   {24, []*Node{node("Conv"), {OpType: "Attention", Domain: "com.microsoft"}}, 21},
	} {
		m := &Model{Opsets: map[string]int64{"": c.version}, Graph: &Graph{Nodes: c.nodes}}
		if changed := m.Restamp(); m.Opsets[""] != c.want || changed != (c.want != c.version) {
			t.Errorf("%s: operator set %d became %d (changed: %v), want %d", name, c.version, m.Opsets[""], changed, c.want)
		}
	}
}
