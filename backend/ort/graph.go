//go:build cgo

package ort

import (
	"fmt"
	"path/filepath"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend"
	"picasso/backend/onnx"
)

// graph is a model ready to be handed to the library.
type graph struct {
	name    string // for messages: the file's name
	path    string // file to read, "" when data holds the model
	data    []byte
	folder  string // of external tensors, for data
	inputs  []backend.Port
	outputs []backend.Port
}

func readGraph(src backend.Source) (*graph, error) {
	g := &graph{name: "the model", path: src.Path, data: src.Bytes, folder: src.Folder}
	if src.Path != "" {
		g.name = filepath.Base(src.Path)
	}
	var in, out []onnxruntime.InputOutputInfo
	var err error
	if g.data != nil {
		in, out, err = onnxruntime.GetInputOutputInfoWithONNXData(g.data)
	} else {
		in, out, err = onnxruntime.GetInputOutputInfo(g.path)
	}
	if err != nil {
		return nil, modelFault(g.name, err)
	}
	g.inputs, g.outputs = ports(in), ports(out)
	if len(g.inputs) == 0 || len(g.outputs) == 0 {
		return nil, fmt.Errorf("%s has no inputs or no outputs that are tensors of numbers, so there is nothing to run", g.name)
	}
	return g, nil
}

func ports(list []onnxruntime.InputOutputInfo) []backend.Port {
	var out []backend.Port
	for _, p := range list {
		out = append(out, backend.Port{Name: p.Name, Type: onnx.DataType(p.DataType), Shape: ints(p.Dimensions)})
	}
	return out
}

func names(list []backend.Port) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name
	}
	return out
}
