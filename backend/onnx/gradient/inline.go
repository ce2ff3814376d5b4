package gradient

import (
	"fmt"

	"picasso/backend/onnx"
)

// Inline returns the model with the calls of its local functions replaced by
// their nodes, or m itself where it has none. Tensors inside functions become
// tensors of the graph and can be observed. Models of operator sets before 7
// are written for a newer one ([onnx.Model.Renew]).
func Inline(m *onnx.Model) (*onnx.Model, error) {
	if len(m.Functions) == 0 {
		return m.Renew()
	}
	out := m.Clone()
	in := inliner{functions: map[[2]string]*onnx.Function{}, opsets: out.Opsets, taken: map[string]bool{}}
	for _, f := range out.Functions {
		in.functions[[2]string{f.Domain, f.Name}] = f
	}
	for _, n := range out.Graph.Nodes {
		for _, name := range n.Outputs {
			in.taken[name] = true
		}
	}
	nodes, err := in.expand(out.Graph.Nodes, 0)
	if err != nil {
		return nil, err
	}
	out.Graph.Nodes = nodes
	return out, nil
}

type inliner struct {
	functions map[[2]string]*onnx.Function
	opsets    map[string]int64
	taken     map[string]bool
	calls     int
}

// Bounds of the expansion: functions may call functions, in hostile files
// exponentially often.
const (
	maxDepth = 32
	maxNodes = 1 << 20
)

func (in *inliner) expand(nodes []*onnx.Node, depth int) ([]*onnx.Node, error) {
	var out []*onnx.Node
	for _, n := range nodes {
		f := in.functions[[2]string{n.Domain, n.OpType}]
		if f == nil {
			if err := in.expandBodies(n, depth); err != nil {
				return nil, err
			}
			out = append(out, n)
			continue
		}
		if depth >= maxDepth || in.calls+len(f.Nodes) > maxNodes {
			return nil, fmt.Errorf("the local functions of the model call each other without end")
		}
		body, err := in.call(n, f)
		if err != nil {
			return nil, err
		}
		if body, err = in.expand(body, depth+1); err != nil {
			return nil, err
		}
		out = append(out, body...)
	}
	return out, nil
}

// expandBodies expands the calls inside branches and loops.
func (in *inliner) expandBodies(n *onnx.Node, depth int) error {
	for _, body := range n.Bodies() {
		if depth >= maxDepth {
			return fmt.Errorf("the branches and loops of the model lie inside each other without end")
		}
		nodes, err := in.expand(body.Nodes, depth+1)
		if err != nil {
			return err
		}
		body.Nodes = nodes
	}
	return nil
}

// call copies the nodes of a function with the caller's names and attributes.
func (in *inliner) call(n *onnx.Node, f *onnx.Function) ([]*onnx.Node, error) {
	for domain, version := range f.Opsets {
		if have, ok := in.opsets[domain]; ok && have != version {
			return nil, unsupported(n, fmt.Sprintf("is a local function of operator set %d in a model of operator set %d", version, have))
		}
		in.opsets[domain] = version
	}
	names := map[string]string{"": ""}
	for i, name := range f.Inputs {
		names[name] = n.Input(i)
	}
	for i, name := range f.Outputs {
		if out := n.Output(i); out != "" {
			names[name] = out
		}
	}
	attrs := map[string]*onnx.Attr{}
	for _, a := range f.Default {
		attrs[a.Name] = a
	}
	for _, a := range n.Attrs {
		attrs[a.Name] = a
	}
	in.calls += len(f.Nodes)
	prefix := fmt.Sprintf("%s#%d/", n.OpType, in.calls)
	body := make([]*onnx.Node, len(f.Nodes))
	for i, inner := range f.Nodes {
		in.rename(inner.Inputs, names, prefix)
		in.rename(inner.Outputs, names, prefix)
		for _, b := range inner.Bodies() {
			in.rename(b.Captures(), names, prefix)
		}
		bound := bindNode(inner, attrs)
		body[i] = renameNode(bound, names)
		if inner.Name != "" { // the runtime takes no name twice
			body[i].Name = prefix + inner.Name
		}
	}
	return body, nil
}

// rename gives inner tensors names of their own.
func (in *inliner) rename(list []string, names map[string]string, prefix string) {
	for _, name := range list {
		if _, known := names[name]; !known {
			fresh := prefix + name
			for in.taken[fresh] {
				fresh += "'"
			}
			in.taken[fresh] = true
			names[name] = fresh
		}
	}
}

// bindNode is a copy of a node with the caller's attributes, in its bodies too.
func bindNode(n *onnx.Node, given map[string]*onnx.Attr) *onnx.Node {
	bound := *n
	bound.Attrs = bind(n.Attrs, given)
	for i, a := range bound.Attrs {
		if a.G == nil {
			continue
		}
		g, copied := *a.G, *a
		g.Nodes = make([]*onnx.Node, len(a.G.Nodes))
		for k, inner := range a.G.Nodes {
			g.Nodes[k] = bindNode(inner, given)
		}
		copied.G = &g
		bound.Attrs[i] = &copied
	}
	return &bound
}

// bind replaces references to the function's parameters by the caller's
// attributes; without one the attribute is left out.
func bind(list []*onnx.Attr, given map[string]*onnx.Attr) []*onnx.Attr {
	var out []*onnx.Attr
	for _, a := range list {
		if a.Ref == "" {
			out = append(out, a)
			continue
		}
		if v := given[a.Ref]; v != nil {
			bound := *v
			bound.Name = a.Name
			out = append(out, &bound)
		}
	}
	return out
}
