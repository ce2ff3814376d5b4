package control

import (
	"encoding/json"
	"fmt"
	"strings"

	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// Answering is a [Model] that tells how its output is read and what else
// there would be; [Controller.Reuse] changes it.
type Answering interface{ Answer() Answer }

// Answer is how a model's output becomes the scores of classes.
type Answer struct {
	Inputs, Outputs []string             // all ports of the file, by name
	Constants       []metadata.InputNeed // inputs that take no picture
	Input, Output   string               // those in use
	Kind            score.OutputKind
	Activation      score.Activation
	Box             int      // detection: the box whose classes are scored, −1 for the best one
	Region          string   // segmentation: "all", "mask" or "[left,top,right,bottom]"
	Area            []int    // the box of Region, nil where it is none
	Columns, Rows   int      // segmentation: size of the output in pixels
	Value, Unit     string   // regression
	References      []string // embedding: paths of what it is compared with
	Origin          string   // how kind and activation were found
}

// Answer implements [Answering].
func (m opened) Answer() Answer {
	o := m.Output
	columns, rows := 0, 0
	if o.Kind == score.Segmentation {
		columns, rows = o.Grid()
	}
	return Answer{
		Inputs: append(portNames(m.File.Graph.Feeds()), needNames(m.Constants)...), Constants: m.Constants, Outputs: portNames(m.File.Graph.Outputs),
		Input: m.Input.Name, Output: o.Name,
		Kind: o.Kind, Activation: o.Activation, Box: o.Box, Region: regionText(o.Region), Area: o.Region.Box, Columns: columns, Rows: rows,
		Value: o.Value, Unit: o.Unit, References: m.References, Origin: o.Origin,
	}
}

// Compare opens the model again as one whose output is an embedding, compared
// with the pictures at the given absolute paths. None makes every number of the output
// a value of its own.
func (c *Controller) Compare(paths ...string) {
	reference := ""
	if len(paths) > 0 {
		data, err := json.Marshal(paths)
		if err != nil {
			c.fail("compare with a picture", err)
			return
		}
		reference = string(data)
	}
	c.Reuse("kind="+string(score.Embedding), "reference="+reference)
}

// scores tells whether the model's numbers are scores of classes, as far as
// it says.
func scores(m Model) bool {
	a, ok := m.(Answering)
	return !ok || a.Answer().Kind != score.Embedding && a.Answer().Kind != score.Regression
}

// meaning is what the output's numbers are, in a few words.
func (a Answer) meaning(classes int) string {
	switch {
	case len(a.References) > 0:
		return "an embedding, compared with " + strings.Join(baseNames(a.References), ", ")
	case a.Kind == score.Embedding:
		return fmt.Sprintf("an embedding of %d numbers", classes)
	case a.Kind == score.Regression:
		return fmt.Sprintf("%d values", classes)
	}
	return fmt.Sprintf("%d classes, %s", classes, a.Activation)
}

func baseNames(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = base(p)
	}
	return out
}

func portNames(values []*onnx.Value) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.Name
	}
	return out
}

func needNames(needs []metadata.InputNeed) []string {
	out := make([]string, len(needs))
	for i, n := range needs {
		out[i] = n.Name
	}
	return out
}

// OpenUsing opens a model with values of its sidecar set, as KEY=VALUE.
func (c *Controller) OpenUsing(path string, pairs ...string) {
	c.open(path, OpenOptions{Set: pairs})
}

func regionText(r score.Region) string {
	data, err := json.Marshal(r)
	if err != nil {
		return "all"
	}
	var word string
	if json.Unmarshal(data, &word) == nil {
		return word
	}
	return string(data)
}
