package control

import (
	"encoding/json"

	"picasso/backend"
	"picasso/backend/onnx"
)

// Answering is a [Model] that tells how its output is read and what else
// there would be; [Controller.Reuse] changes it.
type Answering interface{ Answer() Answer }

// Answer is how a model's output becomes the scores of classes.
type Answer struct {
	Inputs, Outputs []string // all ports of the file, by name
	Input, Output   string   // those in use
	Kind            backend.OutputKind
	Activation      backend.Activation
	Box             int    // detection: the box whose classes are scored, −1 for the best one
	Region          string // segmentation: "all", "mask" or "[left,top,right,bottom]"
	Value, Unit     string // regression
	Origin          string // how kind and activation were found
}

// Answer implements [Answering].
func (m opened) Answer() Answer {
	o := m.Output
	return Answer{
		Inputs: portNames(m.File.Graph.Feeds()), Outputs: portNames(m.File.Graph.Outputs),
		Input: m.Input.Name, Output: o.Name,
		Kind: o.Kind, Activation: o.Activation, Box: o.Box, Region: regionText(o.Region),
		Value: o.Value, Unit: o.Unit, Origin: o.Origin,
	}
}

func portNames(values []*onnx.Value) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.Name
	}
	return out
}

func regionText(r backend.Region) string {
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
