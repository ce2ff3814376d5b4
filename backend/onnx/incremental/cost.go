package incremental

import (
	"slices"

	"picasso/backend/onnx"
)

// Times of everything but dense multiply-adds, in multiply-adds of a dense
// convolution. Measured with ONNX Runtime's CPU kernels on AVX2.
const (
	elementCost   = 6       // reading and writing an element in passing
	depthwiseCost = 5       // a multiply-add of a depthwise convolution, beyond its own
	copyCost      = 30      // an element into or out of a segment: cropped, converted to the kernel's layout
	pasteCost     = 8       // an element of a whole map copied for the tail
	callCost      = 300_000 // a segment's run, per position
)

// work is what the whole network does for one picture.
type work struct{ macs, cost float64 }

func (w *work) add(macs, cost float64) {
	w.macs += macs
	w.cost += cost
}

// area is the number of places of a tensor.
func (l *Local) area() float64 {
	area := 1.0
	for i := range l.Axes {
		area *= float64(l.Length(i))
	}
	return area
}

// full is the work of a step on whole maps.
func (p *Prefix) full(s *step) work {
	area := p.Tensors[s.outs[0]].area()
	return work{s.macs * area, s.cost * area}
}

// whole is the work of a node that is no step.
func (p *Prefix) whole(n *onnx.Node) work {
	out, ok := p.facts(n.Output(0))
	if !ok {
		return work{}
	}
	c := &call{Prefix: p, node: n}
	macs := MultiplyAdds(n, c.shape)
	return work{macs, macs + float64(product(out.Shape))*elementCost}
}

// MultiplyAdds counts those of a node, for one picture: of convolutions and
// matrix products, 0 for others and where a shape is not known (nil).
func MultiplyAdds(n *onnx.Node, shape func(tensor string) []int) float64 {
	out, in, weights := shape(n.Output(0)), shape(n.Input(0)), shape(n.Input(weightSlot(n)))
	switch {
	case slices.Contains([]string{"Conv", "ConvTranspose", "ConvInteger", "QLinearConv", "FusedConv"}, n.OpType) && len(weights) > 2 && len(out) > 2:
		if n.Is("ConvTranspose") && len(in) == len(weights) {
			return float64(product(weights)) * float64(product(in[2:]))
		}
		return float64(product(weights)) * float64(product(out[2:]))
	case slices.Contains([]string{"Gemm", "MatMul", "MatMulInteger", "QLinearMatMul", "FusedMatMul", "FusedGemm", "MatMulNBits", "DynamicQuantizeMatMul", "MatMulIntegerToFloat"}, n.OpType) && len(in) > 1 && len(weights) > 0 && len(out) > 0:
		depth := in[len(in)-1]
		if n.AttrInt("transA", 0) != 0 {
			depth = in[0]
		}
		return float64(product(out)) * float64(depth)
	}
	return 0
}

// units are the numbers of the steps at which segments may begin, and the
// number of all steps at the end.
func (p *Prefix) units() []int {
	var at []int
	for i, s := range p.steps {
		if i == 0 || s.heavy {
			at = append(at, i)
		}
	}
	return append(at, len(p.steps))
}

// leaving are the tensors among ids that are read outside steps first…last−1
// or wanted by the caller.
func (p *Prefix) leaving(ids []int, first, last int) []int {
	inside := map[*onnx.Node]bool{}
	for _, s := range p.steps[first:last] {
		inside[s.node] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id int) bool {
		name := p.Tensors[id].Name
		if slices.Contains(p.outputs, name) {
			return false
		}
		return !slices.ContainsFunc(p.index.Consumers(name), func(u onnx.Use) bool { return p.data[u.Node.Output(0)] && !inside[u.Node] })
	})
}
