// Package formula carries out what MONAI bundles write in place of values: references to
// other parts of the file ("@roi", "@network#spatial_dims") and simple formulas
// ("$@roi[0] // 2", "$[96] * 3"): arithmetic on numbers and lists. It is no evaluator of
// Python: no names, attributes or calls are known but int, float, list and tuple. What it
// does not understand stays the text that it is.
package formula

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"picasso/backend/jsondoc"
)

// Bounds of what is resolved: references inside of references, nodes in all, and the
// length of a formula in bytes.
const (
	mostDeep  = 32
	mostNodes = 1 << 16
	mostText  = 1000
)

// Resolve is a document with its references and formulas carried out. It never fails:
// what is no such formula, refers in a circle or grows beyond bounds stays as it is.
// Lines are those of the text that a value stands in place of.
func Resolve(root *jsondoc.Node) *jsondoc.Node {
	r := &resolver{root: root, left: mostNodes}
	return r.node(root, 0)
}

type resolver struct {
	root *jsondoc.Node
	left int // nodes that may still be made
}

// node is a node with all below it resolved; itself where nothing is.
func (r *resolver) node(n *jsondoc.Node, depth int) *jsondoc.Node {
	if r.left--; r.left < 0 || depth > mostDeep || n == nil {
		return n
	}
	switch n.Kind {
	case jsondoc.String:
		return r.text(n, depth)
	case jsondoc.Array, jsondoc.Object:
	default:
		return n
	}
	out, changed := &jsondoc.Node{Kind: n.Kind, Line: n.Line, Keys: n.Keys}, false
	var parts []string
	if n.Kind == jsondoc.Object {
		out.Fields = map[string]*jsondoc.Node{}
	}
	for _, item := range n.Items {
		one := r.node(item, depth+1)
		changed = changed || one != item
		out.Items, parts = append(out.Items, one), append(parts, string(one.Raw))
	}
	for _, key := range n.Keys {
		one := r.node(n.Fields[key], depth+1)
		changed = changed || one != n.Fields[key]
		name, _ := json.Marshal(key) // of a string there is always one
		out.Fields[key], parts = one, append(parts, string(name)+": "+string(one.Raw))
	}
	if !changed {
		return n
	}
	frame := "[]"
	if n.Kind == jsondoc.Object {
		frame = "{}"
	}
	out.Raw = json.RawMessage(frame[:1] + strings.Join(parts, ", ") + frame[1:])
	return out
}

// text is a text, or what it stands for.
func (r *resolver) text(n *jsondoc.Node, depth int) *jsondoc.Node {
	var text string
	if n.Decode(&text) != nil || len(text) > mostText {
		return n
	}
	formula, isFormula := strings.CutPrefix(text, "$")
	switch id, alone := reference(strings.TrimSpace(formula)); {
	case alone:
		if found := r.find(id); found != nil && found != n {
			if out := r.node(found, depth+1); out.Kind != jsondoc.String || !strings.ContainsAny(string(out.Raw[1:2]), "@$") {
				moved := *out
				moved.Line = n.Line
				return &moved
			}
		}
		return n
	case !isFormula:
		return n
	}
	p := &parser{r: r, text: formula, depth: depth}
	v, err := p.whole()
	if err != nil {
		return n
	}
	raw := v.json()
	out, err := jsondoc.Parse([]byte(raw))
	if err != nil {
		return n
	}
	shift(out, n.Line)
	return out
}

// shift puts a node that was made in a line of the file.
func shift(n *jsondoc.Node, line int) {
	n.Line = line
	for _, item := range n.Items {
		shift(item, line)
	}
}

// reference is the name behind an @ with nothing after it.
func reference(text string) (id string, alone bool) {
	rest, ok := strings.CutPrefix(text, "@")
	if !ok || rest == "" || strings.Trim(rest, names) != "" {
		return "", false
	}
	return rest, true
}

// names are the letters of the name of a part: a#b and a::b are b of a.
const names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#:"

// find is the part of the document that a name means, nil for none.
func (r *resolver) find(id string) *jsondoc.Node {
	n := r.root
	for _, key := range strings.Split(strings.ReplaceAll(id, "::", "#"), "#") {
		switch {
		case n == nil:
			return nil
		case n.Kind == jsondoc.Array:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(n.Items) {
				return nil
			}
			n = n.Items[i]
		default:
			n = n.At(key)
		}
	}
	return n
}

// value is a number or a list.
type value struct {
	number float64
	whole  bool // an integer
	list   []value
	isList bool
	size   int // of numbers in all that a list holds
}

// listed is a list, within bounds.
func listed(all []value) (value, error) {
	v := value{list: all, isList: true}
	for _, one := range all {
		if v.size += max(1, one.size); v.size > mostItems {
			return value{}, errNone
		}
	}
	return v, nil
}

func (v value) json() string {
	if !v.isList {
		if v.whole {
			return strconv.FormatFloat(v.number, 'f', -1, 64)
		}
		return strconv.FormatFloat(v.number, 'g', -1, 64)
	}
	parts := make([]string, len(v.list))
	for i, one := range v.list {
		parts[i] = one.json()
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// of is the value of a resolved node.
func of(n *jsondoc.Node) (value, error) {
	switch n.Kind {
	case jsondoc.Number:
		text := string(n.Raw)
		x, err := strconv.ParseFloat(text, 64)
		return value{number: x, whole: !strings.ContainsAny(text, ".eE")}, err
	case jsondoc.Array:
		var all []value
		for _, item := range n.Items {
			one, err := of(item)
			if err != nil {
				return value{}, err
			}
			all = append(all, one)
		}
		return listed(all)
	}
	return value{}, fmt.Errorf("a %s is no number and no list", n.Kind)
}
