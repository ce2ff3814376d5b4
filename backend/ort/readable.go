//go:build cgo

package ort

import (
	"encoding/binary"
	"os"

	"picasso/backend/onnx"
)

// readable returns the names to ask the library for, one per output of the
// model. The Go binding cannot read 16-bit floats (it takes one byte per
// element) nor tensors without axes, so behind such outputs a copy of the model
// gets a Cast to float32, which is exact, or a Reshape to one element.
func readable(m *onnx.Model) (same *onnx.Model, asked []string, changed bool) {
	asked = make([]string, len(m.Graph.Outputs))
	idx := m.Graph.Index()
	for i, v := range m.Graph.Outputs {
		asked[i] = v.Name
		half := isHalf(v.Type) || mayBeHalf(m.Graph, idx, v)
		single := v.Shape != nil && len(v.Shape) == 0
		if !half && !single {
			continue
		}
		if !changed {
			m, changed = m.Clone(), true
		}
		asked[i] = behind(m.Graph, v, half, single)
	}
	return m, asked, changed
}

// behind adds the nodes and an output after v, and returns the output's name.
func behind(g *onnx.Graph, v *onnx.Value, half, single bool) string {
	out := &onnx.Value{Name: "picasso.readable." + v.Name, Type: v.Type, Shape: v.Shape}
	from := v.Name
	if single {
		one := &onnx.Tensor{Name: out.Name + ".shape", Type: onnx.Int64, Dims: []int64{1}, Raw: binary.LittleEndian.AppendUint64(nil, 1)}
		g.Initializers = append(g.Initializers, one)
		to := out.Name
		if half {
			to += ".half"
		}
		g.Nodes = append(g.Nodes, &onnx.Node{OpType: "Reshape", Inputs: []string{from, one.Name}, Outputs: []string{to}})
		out.Shape, from = []onnx.Dim{{Size: 1}}, to
	}
	if half {
		g.Nodes = append(g.Nodes, &onnx.Node{
			OpType: "Cast", Inputs: []string{from}, Outputs: []string{out.Name},
			Attrs: []*onnx.Attr{{Name: "to", Kind: onnx.AttrInt, I: int64(onnx.Float)}},
		})
		out.Type = onnx.Float
	}
	g.Outputs = append(g.Outputs, out)
	return out.Name
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
