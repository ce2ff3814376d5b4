package opened

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"picasso/backend/metadata"
	"picasso/backend/score"
	"strings"

	"picasso/backend/onnx"
	"picasso/ui/control"
)

// Answer implements [control.Answering].
func (m model) Answer() control.Answer {
	o := m.Output
	columns, rows := 0, 0
	if o.Kind == score.Segmentation {
		columns, rows = o.Grid()
	}
	return control.Answer{
		Inputs: append(portNames(m.File.Graph.Feeds()), needNames(m.Constants)...), Constants: m.Constants, Outputs: portNames(m.File.Graph.Outputs),
		Input: m.Input.Name, Output: o.Name,
		Kind: o.Kind, Activation: o.Activation, Box: o.Box, Region: regionText(o.Region), Area: o.Region.Box, Columns: columns, Rows: rows,
		Value: o.Value, Unit: o.Unit, References: m.References, Origin: o.Origin,
	}
}

// meaning is what the output's numbers are, in a few words.
func meaning(a control.Answer, classes int) string {
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
		out[i] = filepath.Base(p)
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
