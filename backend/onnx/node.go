package onnx

import "fmt"

// Label names a node for people: its own name where it has one, else its
// operator and first output.
func (n *Node) Label() string {
	if n.Name != "" {
		return fmt.Sprintf("%s %.160q", n.OpType, n.Name)
	}
	for _, out := range n.Outputs {
		if out != "" {
			return fmt.Sprintf("%s → %.160q", n.OpType, out)
		}
	}
	return n.OpType
}

// Input is the name of input i, "" where the node does not have it.
func (n *Node) Input(i int) string {
	if i < 0 || i >= len(n.Inputs) {
		return ""
	}
	return n.Inputs[i]
}

// Output is the name of output i, "" where the node does not have it.
func (n *Node) Output(i int) string {
	if i < 0 || i >= len(n.Outputs) {
		return ""
	}
	return n.Outputs[i]
}

// Is reports whether the node calls one of the given operators of the
// standard set.
func (n *Node) Is(ops ...string) bool {
	if n == nil || n.Domain != "" && n.Domain != "ai.onnx" {
		return false
	}
	for _, op := range ops {
		if n.OpType == op {
			return true
		}
	}
	return false
}

// Attr returns the named attribute, or nil.
func (n *Node) Attr(name string) *Attr {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// AttrInt is the named integer, or def where it is absent or of another kind.
func (n *Node) AttrInt(name string, def int64) int64 {
	if a := n.Attr(name); a != nil && a.Kind == AttrInt && a.Ref == "" {
		return a.I
	}
	return def
}

// AttrFloat is the named number, or def where it is absent or of another kind.
func (n *Node) AttrFloat(name string, def float32) float32 {
	if a := n.Attr(name); a != nil && a.Kind == AttrFloat && a.Ref == "" {
		return a.F
	}
	return def
}

// AttrString is the named text, or def where it is absent or of another kind.
func (n *Node) AttrString(name, def string) string {
	if a := n.Attr(name); a != nil && a.Kind == AttrString && a.Ref == "" {
		return string(a.S)
	}
	return def
}

// AttrInts is the named list of integers, or nil.
func (n *Node) AttrInts(name string) []int64 {
	if a := n.Attr(name); a != nil && a.Kind == AttrInts {
		return a.Ints
	}
	return nil
}

// AttrFloats is the named list of numbers, or nil.
func (n *Node) AttrFloats(name string) []float32 {
	if a := n.Attr(name); a != nil && a.Kind == AttrFloats {
		return a.Floats
	}
	return nil
}

// AttrTensor is the named tensor, or nil.
func (n *Node) AttrTensor(name string) *Tensor {
	if a := n.Attr(name); a != nil && a.Kind == AttrTensor {
		return a.T
	}
	return nil
}

// IntAttr is an attribute that is a whole number.
func IntAttr(name string, v int64) *Attr { return &Attr{Name: name, Kind: AttrInt, I: v} }

// IntsAttr is an attribute that is a list of whole numbers.
func IntsAttr(name string, v []int64) *Attr { return &Attr{Name: name, Kind: AttrInts, Ints: v} }

// FloatAttr is an attribute that is a number.
func FloatAttr(name string, v float32) *Attr { return &Attr{Name: name, Kind: AttrFloat, F: v} }

// StringAttr is an attribute that is a text.
func StringAttr(name, v string) *Attr { return &Attr{Name: name, Kind: AttrString, S: []byte(v)} }

// Bodies are the graphs in the node's attributes: branches of If, the body of
// Loop and Scan.
func (n *Node) Bodies() []*Graph {
	var graphs []*Graph
	for _, a := range n.Attrs {
		if a.G != nil {
			graphs = append(graphs, a.G)
		}
		graphs = append(graphs, a.Graphs...)
	}
	return graphs
}
