//go:build cgo

package ort

import (
	"fmt"
	"path/filepath"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient/kernel"
)

// bigFile is the size in bytes from which weights are used where they lie
// instead of being read: that opens a file of 550 MB in a tenth of the time and
// a fifth of the memory. For what happens when such a file is written to see
// weights.
const bigFile = 16 << 20

// graph is a model ready to be handed to the library.
type graph struct {
	name    string // for messages: the file's name
	path    string // file to read, "" when data holds the model
	data    []byte
	folder  string   // of external tensors, for data
	mapped  bool     // weights stay where they are
	weights *weights // files that are mapped, nil when there are none to guard
	inputs  []infer.Port
	outputs []infer.Port
	asked   []string // what to ask the library for, one per output
	// operators: it has operators of our own, as only graphs that we write may.
	operators bool
	// constant is the number of bytes of weights that the session will hold.
	constant int64
}

// readGraph reads names and types from the file itself: asking the library
// would mean to load the weights twice.
// Weights in small files are read, unless they are to be mapped.
func readGraph(src infer.Source, mapped bool) (*graph, error) {
	g := &graph{name: "the model", path: src.Path, data: src.Bytes, folder: src.Folder, mapped: mapped}
	m, err := g.model()
	if err != nil {
		return nil, err
	}
	if m.Graph == nil {
		return nil, &Refused{Model: g.name, Fault: "it contains no graph. Export it again"}
	}
	g.inputs, g.outputs = ports(m.Graph.Feeds()), ports(m.Graph.Outputs)
	if len(g.inputs) == 0 || len(g.outputs) == 0 {
		return nil, &Refused{Model: g.name, Fault: "it has no inputs or no outputs, so there is nothing to run. Export it again"}
	}
	var changed, read bool
	if g.data != nil && g.folder != "" && !mapped {
		if read, err = inline(m, g.folder, bigFile); err != nil {
			return nil, &Refused{Model: g.name, Fault: err.Error(), cause: err}
		}
	}
	elsewhere := g.path != "" && len(m.External()) > 0
	if m, g.asked, changed = readable(m); changed || read || g.big() || elsewhere {
		if m, err = g.embed(m); err != nil {
			return nil, err
		}
	}
	g.constant = held(m)
	g.operators = src.Bytes != nil && m.Opsets[kernel.Domain] > 0
	if g.data == nil || g.folder == "" || mapped {
		return g, nil
	}
	return g, g.guardWeights(m)
}

// held is the number of bytes of the weights that lie in the model itself, or in
// a file that is read. Those of other files are mapped.
func held(m *onnx.Model) int64 {
	var n int64
	for _, t := range m.Graph.Initializers {
		if t.External == nil {
			n += t.Elements() * int64(t.Type.Size())
		}
	}
	return n
}

func (g *graph) model() (*onnx.Model, error) {
	if g.data != nil {
		return onnx.Decode(g.data)
	}
	g.name = filepath.Base(g.path)
	return onnx.Open(g.path)
}

// big tells whether the weights of the file are used where they lie.
func (g *graph) big() bool { return g.path != "" && (g.mapped || fileSize(g.path) >= bigFile) }

// embed replaces the file by a copy in memory that refers to the file's
// weights, and returns that.
func (g *graph) embed(m *onnx.Model) (*onnx.Model, error) {
	folder := g.folder
	if g.path != "" {
		small, beside, err := m.Detach()
		if err != nil {
			return nil, fmt.Errorf("%s cannot be prepared: %w", g.name, err)
		}
		m, folder = small, beside
	}
	data, err := m.Encode()
	if err == nil && g.path != "" && !g.mapped {
		data, err = withWeights(data, folder, bigFile)
		if err == nil {
			m, err = onnx.Decode(data) // what it still refers to
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be prepared: %w", g.name, err)
	}
	g.path, g.data, g.folder = "", data, folder
	return m, nil
}

// withWeights brings weights from files of less than limit bytes into an encoded
// model.
func withWeights(data []byte, folder string, limit int64) ([]byte, error) {
	m, err := onnx.Decode(data)
	if err != nil {
		return nil, err
	}
	if _, err := inline(m, folder, limit); err != nil {
		return nil, err
	}
	return m.Encode()
}

func ports(values []*onnx.Value) []infer.Port {
	list := make([]infer.Port, len(values))
	for i, v := range values {
		list[i] = infer.Port{Name: v.Name, Type: v.Type}
		if v.Shape == nil {
			continue // not even the rank is known
		}
		list[i].Shape = make([]int, len(v.Shape))
		for axis, d := range v.Shape {
			list[i].Shape[axis] = int(max(d.Size, -1))
		}
	}
	return list
}

func portNames(list []infer.Port) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name
	}
	return out
}
