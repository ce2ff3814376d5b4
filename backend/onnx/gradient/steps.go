package gradient

import (
	"errors"
	"fmt"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
)

// Step is a part of a backward pass: a model, or a kernel.
type Step struct {
	Model *onnx.Model     // nil for a kernel
	Pool  *kernel.MaxPool // takes the pooling's input and the gradient of its output
	// Inputs are tensors of the forward pass, the seed, and outputs of earlier
	// steps, in the order in which the step takes them.
	Inputs, Outputs []string
}

// errSteps asks for another attempt without kernels.
var errSteps = errors.New("the backward pass cannot be cut into steps")

// maxKernels bounds the steps that a backward pass is cut into: each one costs
// a session.
const maxKernels = 6

// kernelPool leaves the gradient of a pooling to a kernel. The runtime has
// MaxPool in its fast blocked layout only without the positions, which the
// gradient needs; and it has no operator that adds at positions quickly.
func (c *call) kernelPool(x, dy string, f Fact) (dx string, ok bool) {
	out := c.out(0)
	if !c.opt.Kernels || len(c.pools) == maxKernels || c.main != nil || c.err != nil ||
		out.rank() != f.rank() || f.Type != onnx.Float || product(f.Shape) > 1<<30 {
		return "", false
	}
	w := c.poolWindow()
	if c.err != nil {
		return "", false
	}
	dx = c.op("MaxPoolGrad", []string{x, dy})
	if c.err == nil {
		c.pools[c.written()] = kernel.MaxPool{In: lengths(w.in), Out: lengths(w.out), Kernel: lengths(w.kernel), Stride: lengths(w.stride), Begin: lengths(w.begin), Dilation: lengths(w.dilation)}
	}
	return dx, true
}

// written is the node that was written last.
func (b *builder) written() *onnx.Node { return b.out.Nodes[len(b.out.Nodes)-1] }

func lengths(v []int64) []int {
	list := make([]int, len(v))
	for i, n := range v {
		list[i] = int(n)
	}
	return list
}

func names(values []*onnx.Value) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = v.Name
	}
	return list
}

// cut makes steps of the model whose nodes in b.pools are kernels. A tensor that
// a later step reads becomes an output of the step that computes it.
func (b *builder) cut(m *onnx.Model) ([]Step, error) {
	types, err := newGraph(m)
	if err != nil {
		return nil, err
	}
	s := splitter{model: m, kinds: types.kinds, declared: map[string]*onnx.Value{}, constants: map[string]*onnx.Tensor{}, last: map[string]int{}, made: map[string]int{}}
	var parts [][]*onnx.Node
	part := []*onnx.Node{}
	for _, n := range m.Graph.Nodes {
		if _, own := b.pools[n]; own {
			parts, part = append(parts, part, []*onnx.Node{n}), []*onnx.Node{}
			continue
		}
		part = append(part, n)
	}
	parts = append(parts, part)
	s.index(parts)
	var steps []Step
	for i, nodes := range parts {
		if len(nodes) == 0 {
			continue
		}
		if pool, own := b.pools[nodes[0]]; own {
			steps = append(steps, Step{Pool: &pool, Inputs: nodes[0].Inputs, Outputs: nodes[0].Outputs})
			continue
		}
		step, err := s.step(i, nodes)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// splitter knows where the tensors of a model are made and read.
type splitter struct {
	model     *onnx.Model
	kinds     map[string]onnx.DataType
	declared  map[string]*onnx.Value // inputs of the model
	constants map[string]*onnx.Tensor
	made      map[string]int // part that computes a tensor
	last      map[string]int // last part that reads it; the number of parts for outputs
}

func (s *splitter) index(parts [][]*onnx.Node) {
	for _, v := range s.model.Graph.Inputs {
		s.declared[v.Name] = v
	}
	for _, t := range s.model.Graph.Initializers {
		s.constants[t.Name] = t
	}
	for i, nodes := range parts {
		for _, n := range nodes {
			for _, name := range n.Outputs {
				s.made[name] = i
			}
			for _, name := range reads(n) {
				s.last[name] = i
			}
		}
	}
	for _, v := range s.model.Graph.Outputs {
		s.last[v.Name] = len(parts)
	}
}

// step is part number i as a model of its own.
func (s *splitter) step(i int, nodes []*onnx.Node) (Step, error) {
	g := &onnx.Graph{Name: fmt.Sprintf("%s_%d", s.model.Graph.Name, i), Nodes: nodes}
	step := Step{Model: &onnx.Model{IRVersion: s.model.IRVersion, Producer: s.model.Producer, Opsets: s.model.Opsets, Graph: g}}
	seen := map[string]bool{"": true}
	for _, n := range nodes {
		for _, name := range reads(n) {
			if seen[name] {
				continue
			}
			seen[name] = true
			if t := s.constants[name]; t != nil {
				g.Initializers = append(g.Initializers, t)
				continue
			}
			v := s.declared[name]
			switch from, made := s.made[name]; {
			case made && from == i:
				continue
			case made && from > i:
				return Step{}, fmt.Errorf("%q is read before it is computed", name)
			case v == nil && (!made || s.kinds[name] == 0):
				return Step{}, fmt.Errorf("the type of %q is not known", name)
			case v == nil:
				v = &onnx.Value{Name: name, Type: s.kinds[name]}
			}
			g.Inputs, step.Inputs = append(g.Inputs, v), append(step.Inputs, name)
		}
	}
	for _, n := range nodes {
		for _, name := range n.Outputs {
			if name != "" && s.last[name] > i {
				g.Outputs, step.Outputs = append(g.Outputs, &onnx.Value{Name: name}), append(step.Outputs, name)
			}
		}
	}
	return step, nil
}
