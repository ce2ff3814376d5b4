package onnx

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// dumpValues is how many elements of a constant are printed.
const dumpValues = 8

// Dump writes the model as text for people: one line a node, shapes and types
// with every value, the first elements of small constants. The text is stable
// for equal models; it is no format to read back.
func (m *Model) Dump(w io.Writer) error {
	out := bufio.NewWriter(w)
	d := dumper{out, ""}
	d.line("model ir %d producer %q domain %q version %d", m.IRVersion, m.Producer, m.Domain, m.Version)
	for _, domain := range slices.Sorted(maps.Keys(m.Opsets)) {
		d.line("opset %s %d", opsetName(domain), m.Opsets[domain])
	}
	for _, key := range slices.Sorted(maps.Keys(m.Metadata)) {
		d.line("metadata %q = %s", key, clip(m.Metadata[key]))
	}
	if m.Graph != nil {
		d.graph(m.Graph)
	}
	for _, fn := range m.Functions {
		d.line("function %s.%s(%s) → (%s)", fn.Domain, fn.Name, names(fn.Inputs), names(fn.Outputs))
		for _, n := range fn.Nodes {
			dumper{out, "  "}.node(n)
		}
	}
	return out.Flush()
}

// dumper writes lines at one depth.
type dumper struct {
	w      *bufio.Writer
	indent string
}

func (d dumper) line(format string, args ...any) {
	fmt.Fprintf(d.w, d.indent+format+"\n", args...)
}

func (d dumper) graph(g *Graph) {
	d.line("graph %q", g.Name)
	d.indent += "  "
	for _, v := range g.Inputs {
		d.line("input %q %s", v.Name, v.typeText())
	}
	for _, t := range g.Initializers {
		d.line("weight %q %s", t.Name, t.text())
	}
	for _, n := range g.Nodes {
		d.node(n)
	}
	for _, v := range g.ValueInfo {
		d.line("value %q %s", v.Name, v.typeText())
	}
	for _, v := range g.Outputs {
		d.line("output %q %s", v.Name, v.typeText())
	}
}

func (d dumper) node(n *Node) {
	op := n.OpType
	if n.Domain != "" {
		op = n.Domain + "." + op
	}
	var attrs []string
	for _, a := range n.Attrs {
		if a.G == nil && a.Graphs == nil {
			attrs = append(attrs, a.Name+"="+a.text())
		}
	}
	text := ""
	if len(attrs) > 0 {
		text = " {" + strings.Join(attrs, ", ") + "}"
	}
	d.line("%s = %s(%s)%s", names(n.Outputs), op, names(n.Inputs), text)
	d.indent += "  "
	for _, body := range n.Bodies() {
		d.graph(body)
	}
}

func names(list []string) string {
	quoted := make([]string, len(list))
	for i, name := range list {
		quoted[i] = strconv.Quote(name)
	}
	return strings.Join(quoted, ", ")
}

// clip shortens a long text.
func clip(s string) string {
	const most = 120
	if len(s) > most {
		return strconv.Quote(s[:most]) + "…"
	}
	return strconv.Quote(s)
}

func (v *Value) typeText() string {
	if v.Type == 0 {
		return "of unknown type"
	}
	if v.Shape == nil {
		return v.Type.String()
	}
	dims := make([]string, len(v.Shape))
	for i, d := range v.Shape {
		dims[i] = d.String()
	}
	return v.Type.String() + "[" + strings.Join(dims, ",") + "]"
}

// String is the length, the name, or "?".
func (d Dim) String() string {
	switch {
	case d.Size >= 0:
		return strconv.FormatInt(d.Size, 10)
	case d.Symbol != "":
		return d.Symbol
	}
	return "?"
}

// text shows type, shape, place and the first elements of a small constant.
func (t *Tensor) text() string {
	shape := strings.ReplaceAll(fmt.Sprint(t.Dims), " ", ",")
	head := t.Type.String() + shape
	switch {
	case t.External != nil:
		return fmt.Sprintf("%s in %q at %d", head, t.External.Location, t.External.Offset)
	case t.Span != nil:
		return fmt.Sprintf("%s at %d", head, t.Span.Offset)
	case t.Elements() > dumpValues:
		return fmt.Sprintf("%s of %d bytes", head, len(t.Raw))
	}
	if values, err := t.Float64s(nil); err == nil {
		return head + " " + strings.ReplaceAll(fmt.Sprint(values), " ", ",")
	}
	return head
}

// String writes the value in a few words; long ones are cut off.
func (a *Attr) String() string { return a.text() }

func (a *Attr) text() string {
	switch {
	case a.Ref != "":
		return "@" + a.Ref
	case a.Kind == AttrFloat:
		return strconv.FormatFloat(float64(a.F), 'g', -1, 32)
	case a.Kind == AttrInt:
		return strconv.FormatInt(a.I, 10)
	case a.Kind == AttrString:
		return clip(string(a.S))
	case a.Kind == AttrTensor && a.T != nil:
		return a.T.text()
	case a.Kind == AttrFloats:
		return list(a.Floats)
	case a.Kind == AttrInts:
		return list(a.Ints)
	case a.Kind == AttrStrings:
		return fmt.Sprintf("%q", a.Strings)
	}
	return fmt.Sprintf("(kind %d)", a.Kind)
}

// list writes the first numbers of an attribute.
func list[E any](values []E) string {
	more := ""
	if len(values) > dumpValues {
		values, more = values[:dumpValues], "…"
	}
	return strings.ReplaceAll(fmt.Sprint(values), " ", ",") + more
}
