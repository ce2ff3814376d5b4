package gradient

import (
	"picasso/backend/onnx"
	"picasso/backend/onnx/shapes"
)

// Foretell derives what a [Probe] would observe from the operators of m alone,
// a model without local functions whose inputs have the given shapes for one
// picture and for two; two is nil where it takes one only. ok is false where
// that does not suffice for every tensor that matters: then the model has to be
// run.
func Foretell(m *onnx.Model, one, two map[string][]int64) (facts Facts, ok bool) {
	g, err := newGraph(m)
	if err != nil || m.Opsets[""] < 7 {
		return Facts{}, false
	}
	p := &Probe{types: g.kinds}
	p.collect(g)
	first, ok := p.foreseen(g, one)
	if !ok || two == nil {
		return p.facts(first, nil), ok
	}
	second, ok := p.foreseen(g, two)
	return p.facts(first, second), ok
}

// foreseen is what a run on inputs of the given shapes would show.
func (p *Probe) foreseen(g *graph, feeds map[string][]int64) (map[string]seen, bool) {
	known := shapes.Infer(g.model, feeds)
	all := make(map[string]seen, len(p.names))
	for _, name := range p.names {
		k, ok := known[name]
		if !ok {
			return nil, false
		}
		all[name] = seen{shape: k.Shape}
	}
	for _, name := range p.values {
		k := known[name]
		switch n := product(k.Shape); {
		case n >= maxValue: // not kept: see read
			continue
		case int64(len(k.Value)) != n || k.Value == nil:
			return nil, false
		}
		s := all[name]
		for _, v := range k.Value {
			s.value = append(s.value, float32(v))
		}
		all[name] = s
	}
	return all, true
}
