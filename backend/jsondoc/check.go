package jsondoc

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Problem is one place where a file does not follow its schema.
type Problem struct {
	Path    string // of the value: "preprocess.mean[1]"
	Line    int    // from 1
	Fault   string // a clause: "must be a number"
	Unknown bool   // a key that the schema does not know, otherwise harmless
}

// Check lists everything in the tree that the schema does not allow, in the
// order of the file.
func (s *Schema) Check(n *Node) []Problem { return s.check(n, "") }

func (s *Schema) check(n *Node, path string) []Problem {
	if len(s.AnyOf) > 0 {
		return s.checkAny(n, path)
	}
	if !s.fits(n.Kind) {
		return s.problem(n, path)
	}
	if len(s.Enum) > 0 && !s.listed(n) {
		return s.problem(n, path)
	}
	switch n.Kind {
	case Number:
		if v, ok := n.number(); !ok || !s.inside(v) {
			return s.problem(n, path)
		}
	case Array:
		return s.checkArray(n, path)
	case Object:
		return s.checkObject(n, path)
	}
	return nil
}

func (s *Schema) problem(n *Node, path string) []Problem {
	return []Problem{{Path: path, Line: n.Line, Fault: fmt.Sprintf("%s is not allowed; allowed: %s", n.Short(), s.allowed())}}
}

// Short is the value as text for a message, cut off where it is long.
func (n *Node) Short() string {
	const most = 60
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(n.Raw), "?")), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

func (s *Schema) fits(k Kind) bool {
	return s.Type == "" || s.Type == k || s.Type == integer && k == Number
}

// checkAny accepts what one alternative accepts. Otherwise the only
// alternative of the value's kind says what is wrong inside.
func (s *Schema) checkAny(n *Node, path string) []Problem {
	var alike [][]Problem
	for _, a := range s.AnyOf {
		found := a.check(n, path)
		if !slices.ContainsFunc(found, func(p Problem) bool { return !p.Unknown }) {
			return found
		}
		if a.fits(n.Kind) {
			alike = append(alike, found)
		}
	}
	if len(alike) == 1 && (n.Kind == Object || n.Kind == Array) {
		return alike[0]
	}
	return s.problem(n, path)
}

func (s *Schema) listed(n *Node) bool {
	var v any
	return n.Decode(&v) == nil && slices.Contains(s.Enum, v)
}

func (n *Node) number() (float64, bool) {
	var v float64
	err := n.Decode(&v)
	return v, err == nil
}

func (s *Schema) inside(v float64) bool {
	return (s.Type != integer || v == math.Trunc(v)) &&
		(s.Minimum == nil || v >= *s.Minimum) &&
		(s.Maximum == nil || v <= *s.Maximum) &&
		(s.ExclusiveMinimum == nil || v > *s.ExclusiveMinimum)
}

func (s *Schema) checkArray(n *Node, path string) []Problem {
	if s.MinItems != nil && len(n.Items) < *s.MinItems || s.MaxItems != nil && len(n.Items) > *s.MaxItems {
		return s.problem(n, path)
	}
	var found []Problem
	if s.Items != nil {
		for i, item := range n.Items {
			found = append(found, s.Items.check(item, fmt.Sprintf("%s[%d]", path, i))...)
		}
	}
	return found
}

func (s *Schema) checkObject(n *Node, path string) []Problem {
	var found []Problem
	var strange string // what is wrong with a key that is not known
	for _, key := range n.Keys {
		inner := key
		if path != "" {
			inner = path + "." + key
		}
		if p := s.Properties[key]; p != nil {
			found = append(found, p.check(n.Fields[key], inner)...)
		} else if s.Additional != nil && !*s.Additional {
			if strange == "" {
				strange = "is unknown and has no effect; known keys: " + strings.Join(slices.Sorted(maps.Keys(s.Properties)), ", ")
			}
			found = append(found, Problem{Path: inner, Line: n.Fields[key].Line, Unknown: true, Fault: strange})
		}
	}
	return found
}
