package onnx

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Bounds of what a runtime has to build before it can compute anything. The
// largest published classifiers have some ten thousand nodes and call or nest a
// dozen levels deep.
const (
	// maxExpanded bounds the nodes once every call of a local function is
	// replaced by the function's nodes. A body (of If, Loop or Scan) counts
	// twice, one inside another four times and so on: that is how often ONNX
	// Runtime infers the shapes in it.
	maxExpanded = 1 << 18
	// maxCalled bounds those of them that come out of functions: ONNX Runtime
	// puts them into the graph in a time that grows with their square (100,000
	// take minutes).
	maxCalled = 1 << 15
	// maxNesting bounds calls and bodies inside each other, together.
	maxNesting = 64
	// maxNamed bounds the inputs, outputs and stated shapes, maxWeights the
	// weights, which ONNX Runtime looks through for each other (200,000 take
	// minutes).
	maxNamed   = 1 << 18
	maxWeights = 1 << 16
)

// unbounded stands for a number of nodes beyond all bounds.
const unbounded = 1 << 40

// checkStructure reports, as a *[FileError], what would keep a runtime busy or
// make it fall over before it computes: local functions that call themselves,
// calls and bodies that multiply, and more parts than a network can have. The
// work is linear in the size of the file.
func (m *Model) checkStructure() error {
	named, weights := 0, 0
	m.everyGraph(func(g *Graph) {
		named += len(g.Inputs) + len(g.Outputs) + len(g.ValueInfo)
		weights += len(g.Initializers)
	})
	switch {
	case named > maxNamed:
		return tooMuch("states %d inputs, outputs and shapes; at most %d are taken", named, maxNamed)
	case weights > maxWeights:
		return tooMuch("holds %d tensors of weights; at most %d are taken", weights, maxWeights)
	}
	x := expansion{functions: make(map[functionID]*expanded, len(m.Functions))}
	for _, f := range m.Functions {
		x.functions[f.id()] = &expanded{body: f.Nodes, name: f.Name}
	}
	for _, f := range m.Functions { // those that nobody calls too: they are built all the same
		if _, err := x.of(x.functions[f.id()], 0); err != nil {
			return err
		}
	}
	total, err := x.nodes(m.Graph.Nodes, 0)
	if err != nil {
		return err
	}
	switch {
	case total.nodes > maxExpanded:
		return tooMuch("grows to %s nodes when its functions and branches are unfolded; at most %d are taken", count(total.nodes), maxExpanded)
	case total.called > maxCalled:
		return tooMuch("grows by %s nodes when its functions are unfolded; at most %d are taken", count(total.called), maxCalled)
	}
	return nil
}

// count writes a number of nodes for people.
func count(nodes int) string {
	if nodes >= unbounded {
		return "billions of"
	}
	return fmt.Sprint(nodes)
}

func tooMuch(format string, args ...any) error {
	return &FileError{
		Fault:  fmt.Sprintf(format, args...),
		Remedy: "No image classifier is built like that: the file is damaged or made to do harm. Choose another model, or export this one again.",
	}
}

var errTooDeep = tooMuch("calls functions and nests branches more than %d levels deep", maxNesting)

// everyGraph calls f for the main graph and all bodies, those inside functions
// too.
func (m *Model) everyGraph(f func(*Graph)) {
	m.Graphs(f)
	for _, fn := range m.Functions {
		for _, n := range fn.Nodes {
			for _, body := range n.Bodies() {
				body.walk(f)
			}
		}
	}
}

// functionID is what a call names: two functions may differ in overload alone.
type functionID struct{ domain, name, overload string }

// Fields that the package keeps as unknown.
const (
	nodeOverload     protowire.Number = 8
	functionOverload protowire.Number = 13
)

func (f *Function) id() functionID {
	return functionID{plainDomain(f.Domain), f.Name, textField(f.unknown, functionOverload)}
}

// callee is the function that a node would call if there were one of its name.
func (n *Node) callee() functionID {
	return functionID{plainDomain(n.Domain), n.OpType, textField(n.unknown, nodeOverload)}
}

func plainDomain(domain string) string {
	if domain == "ai.onnx" {
		return ""
	}
	return domain
}

// textField finds a text among fields that were kept as they were read.
func textField(unknown []byte, number protowire.Number) string {
	var text string
	for len(unknown) > 0 {
		found, kind, n := protowire.ConsumeTag(unknown)
		if n < 0 {
			break
		}
		size := protowire.ConsumeFieldValue(found, kind, unknown[n:])
		if size < 0 {
			break
		}
		if found == number && kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(unknown[n:])
			text = string(value)
		}
		unknown = unknown[n+size:]
	}
	return text
}

// extent is the size of something unfolded: nodes, those of them that come out
// of functions, and levels of calls and bodies.
type extent struct{ nodes, called, levels int }

// expansion counts what a model grows to, each function once.
type expansion struct{ functions map[functionID]*expanded }

// expanded is a function and, once done, its extent.
type expanded struct {
	name         string
	body         []*Node
	active, done bool
	size         extent
}

// of is the extent of a function that is called depth levels deep.
func (x *expansion) of(f *expanded, depth int) (extent, error) {
	switch {
	case f.active:
		return extent{}, tooMuch("holds the function %.160q, which calls itself, so that it never ends", f.name)
	case f.done:
		return f.size, nil
	}
	f.active = true
	size, err := x.nodes(f.body, depth)
	f.active, f.done, f.size = false, true, size
	return size, err
}

// nodes is the extent of a list of nodes at a depth.
func (x *expansion) nodes(list []*Node, depth int) (total extent, err error) {
	if depth > maxNesting {
		return total, errTooDeep
	}
	inner := func(e extent, times int) {
		total.nodes = min(total.nodes+e.nodes*times, unbounded)
		total.called = min(total.called+e.called*times, unbounded)
		total.levels = max(total.levels, e.levels+1)
	}
	total.nodes = len(list)
	for _, n := range list {
		if f := x.functions[n.callee()]; f != nil {
			e, err := x.of(f, depth+1)
			if err != nil {
				return total, err
			}
			e.called = e.nodes
			inner(e, 1)
		}
		for _, body := range n.Bodies() {
			e, err := x.nodes(body.Nodes, depth+1)
			if err != nil {
				return total, err
			}
			inner(e, 2)
		}
	}
	if depth+total.levels > maxNesting {
		return total, errTooDeep
	}
	return total, nil
}
