package metadata

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// Candidate is an output of a file, with the tensor that would be read for it:
// the output itself, or the scores in front of what only tells the best
// classes or their names.
type Candidate struct {
	Port   *onnx.Value
	Tensor string    // what is read
	Tail   onnx.Tail // between Tensor and the output
	Head   onnx.Head // the end of Tensor
	Named  bool      // the user named it

	numbers *onnx.ClassNumbers // the numbers in the output are classes, nil where nothing says so
	parts   []part             // that rows of the output are joined from, nil where they are not
	numeric bool               // the output is a tensor of numbers
	likely  int                // how much the file makes it look like class scores

	// What a trial run gave, batch included; without a shape where nothing came.
	value infer.Tensor // of Tensor
	raw   infer.Tensor // of the output
}

// part is a tensor that rows of a table are joined from.
type part struct {
	tensor  string
	numbers *onnx.ClassNumbers
	index   bool // it numbers pictures or boxes
	width   int  // numbers of a row, 0 where that was not seen
}

// Candidates are the outputs of a file that can be read. want names the one
// that the user chose, or is "".
func Candidates(f *onnx.Model, want string) ([]Candidate, error) {
	outputs := f.Graph.Outputs
	if len(outputs) == 0 {
		return nil, ModelError(f.Path, "has no output", "Export it again with the class scores as output.")
	}
	if want != "" && !slices.ContainsFunc(outputs, func(v *onnx.Value) bool { return v.Name == want }) {
		return nil, ModelError(f.Path, fmt.Sprintf("has no output %q; it has %s", want, DescribePorts(outputs)), "Name one of these.")
	}
	var all []Candidate
	for _, v := range outputs {
		c := newCandidate(f, v)
		c.Named = v.Name == want
		if !c.numeric && c.Tensor == v.Name {
			if c.Named {
				return nil, unreadable(f, []*onnx.Value{v})
			}
			continue
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, unreadable(f, outputs)
	}
	return all, nil
}

func unreadable(f *onnx.Model, outputs []*onnx.Value) error {
	return ModelError(f.Path, fmt.Sprintf("gives %s: text, lists or maps, in front of which no scores were found", DescribePorts(outputs)),
		"Export it with the class scores as an output of numbers.")
}

func newCandidate(f *onnx.Model, v *onnx.Value) Candidate {
	c := Candidate{Port: v, Tail: onnx.FindTail(f, v.Name), numeric: f.HoldsNumbers(v)}
	c.numeric = c.numeric && !c.Tail.Text
	c.Tensor = c.Tail.Tensor
	c.Head = onnx.FindHead(f, c.Tensor)
	c.numbers = classNumbers(f, v.Name)
	if c.numeric {
		for _, name := range onnx.RowParts(f, v.Name) {
			n, ok := onnx.FindClassNumbers(f, name)
			p := part{tensor: name, index: !ok && n.Node != nil}
			if ok {
				p.numbers = &n
			}
			c.parts = append(c.parts, p)
		}
	}
	c.likely = likelihood(f, v)
	return c
}

func classNumbers(f *onnx.Model, tensor string) *onnx.ClassNumbers {
	if n, ok := onnx.FindClassNumbers(f, tensor); ok {
		return &n
	}
	return nil
}

// Tensors are what a trial run of a file needs to give so that its output can
// be told: all outputs that are numbers, and the scores in front of others.
// Inner ones are welcome: logits, and what tells the meaning of selected boxes.
func Tensors(all []Candidate) (needed, inner []string) {
	for _, c := range all {
		needed = append(needed, c.Tensor)
		if c.numeric {
			needed = append(needed, c.Port.Name)
		}
		if c.Head.Node != nil {
			inner = append(inner, c.Head.Logits)
		}
		for _, p := range c.parts {
			inner = append(inner, p.tensor, counted(p.numbers))
		}
		if len(all) > 1 {
			inner = append(inner, counted(c.numbers))
		}
	}
	return distinct(needed, nil), distinct(inner, needed)
}

// counted is the tensor whose length tells the number of classes, "" for none.
func counted(n *onnx.ClassNumbers) string {
	if n == nil {
		return ""
	}
	return n.Scores
}

// See notes what a trial run gave; seen finds a tensor by its name.
func See(all []Candidate, seen func(name string) (infer.Tensor, bool)) {
	count := func(n *onnx.ClassNumbers) {
		if n == nil || n.Count > 0 {
			return
		}
		if t, ok := seen(n.Scores); ok && len(t.Shape) > 0 {
			if axis := (n.Axis + len(t.Shape)) % len(t.Shape); axis >= 0 {
				n.Count = t.Shape[axis]
			}
		}
	}
	for i := range all {
		c := &all[i]
		c.value, _ = seen(c.Tensor)
		if c.numeric {
			c.raw, _ = seen(c.Port.Name)
		}
		count(c.numbers)
		for k := range c.parts {
			p := &c.parts[k]
			count(p.numbers)
			if t, ok := seen(p.tensor); ok && len(t.Shape) > 0 {
				p.width = t.Shape[len(t.Shape)-1]
			}
		}
	}
}

// distinct drops repetitions, and what is among others.
func distinct(names, others []string) []string {
	var out []string
	for _, n := range names {
		if n != "" && !slices.Contains(out, n) && !slices.Contains(others, n) {
			out = append(out, n)
		}
	}
	return out
}

// through says in words what lies between the scores and the output.
func (c Candidate) through() string {
	var ops []string
	for _, n := range c.Tail.Nodes {
		if !slices.Contains(ops, n.OpType) && !n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast") {
			ops = append(ops, n.OpType)
		}
	}
	return strings.Join(ops, ", ")
}
