package gradient

import (
	"cmp"
	"slices"

	"picasso/backend/onnx"
)

// Coverage says how much of the path between a tensor and a score can be
// differentiated.
type Coverage struct {
	Total          int           // nodes on the path, and one that decides its shapes
	Differentiable int           // of those, nodes whose operator has a rule
	Blockers       []Unsupported // the others
}

// Cover looks up a rule for every node between the tensor wrt and the tensor
// seed, without running anything: a node counts as differentiable where its
// rule covers the attributes and constants that the file shows, every input
// that depends on the picture has a rule, it is not in training mode, and no
// shape depends on the picture. A rule may still refuse an unusual use of its
// operator when [Build] sees the shapes. An If that always takes the same
// branch counts as differentiable, as does a Loop; what is inside is looked at
// when [Decide] knows it. m must be free of local functions ([Inline]). Total
// is 0 where no path exists.
func Cover(m *onnx.Model, seed, wrt string) (Coverage, error) { return cover(m, seed, wrt, false) }

// CoverPicture is [Cover] for runs that observe shapes on the very picture
// ([NewPictureProbe]): shapes, and which branch is taken, may depend on it.
func CoverPicture(m *onnx.Model, seed, wrt string) (Coverage, error) {
	return cover(m, seed, wrt, true)
}

func cover(m *onnx.Model, seed, wrt string, picture bool) (Coverage, error) {
	g, err := newGraph(m)
	if err != nil {
		return Coverage{}, err
	}
	var c Coverage
	route := g.trace(seed, []string{wrt})
	if n := g.varying(route); n != nil && !picture {
		c.Total++
		c.Blockers = append(c.Blockers, *variable(n))
	}
	for _, n := range route.nodes {
		c.Total++
		if reason := g.refusal(n, route); reason != "" {
			c.Blockers = append(c.Blockers, *unsupported(n, reason))
			continue
		}
		c.Differentiable++
	}
	return c, nil
}

// Between is the set of tensors through which the tensor seed depends on the
// tensor wrt in a differentiable way, both included; empty where no path
// exists.
func Between(m *onnx.Model, seed, wrt string) map[string]bool {
	g, err := newGraph(m)
	if err != nil {
		return nil
	}
	return g.trace(seed, []string{wrt}).on
}

// Operator is a row of the table of rules.
type Operator struct {
	Name   string // with its domain unless that is ai.onnx
	Rule   bool   // has a rule
	Stops  bool   // carries no gradient (in part: Cast)
	Reason string // why it is refused
}

// Operators lists the table of rules by name.
func Operators() []Operator {
	var list []Operator
	for name, e := range table {
		list = append(list, Operator{Name: name, Rule: e.rule != nil || e.lower != nil, Stops: e.stops, Reason: e.why})
	}
	slices.SortFunc(list, func(a, b Operator) int { return cmp.Compare(a.Name, b.Name) })
	return list
}
