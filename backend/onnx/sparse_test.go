package onnx

import (
	"os"

	"google.golang.org/protobuf/encoding/protowire"
)

// sparse writes a model with one weight of n zero bytes that take no room on
// the disk.
func sparse(path string, n int64) error {
	m := tiny(13, op("Add", "x,w", "y"))
	whole, err := m.Encode()
	if err != nil {
		return err
	}
	elements := protowire.AppendVarint(protowire.AppendTag(nil, 9, protowire.BytesType), uint64(n))
	tensor := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(n/4))
	tensor = protowire.AppendVarint(protowire.AppendTag(tensor, 2, protowire.VarintType), uint64(Float))
	tensor = protowire.AppendString(protowire.AppendTag(tensor, 8, protowire.BytesType), "w")
	tensor = append(tensor, elements...)

	g := &encoder{}
	g.body(nil, func(w *message) { w.graph(7, m.Graph) })
	_, _, skip := protowire.ConsumeTag(g.b)
	inner, _ := protowire.ConsumeBytes(g.b[skip:])

	head := protowire.AppendVarint(protowire.AppendTag(nil, 5, protowire.BytesType), uint64(int64(len(tensor))+n))
	head = append(head, tensor...)
	out := append([]byte(nil), whole[:len(whole)-len(g.b)-opsetLength(m)]...)
	out = protowire.AppendVarint(protowire.AppendTag(out, 8, protowire.BytesType), uint64(len(opsetBytes("", 13))))
	out = append(out, opsetBytes("", 13)...)
	out = protowire.AppendVarint(protowire.AppendTag(out, 7, protowire.BytesType), uint64(int64(len(inner)+len(head))+n))
	out = append(append(out, inner...), head...)
	if err := os.WriteFile(path, out, 0o600); err != nil {
		return err
	}
	return os.Truncate(path, int64(len(out))+n)
}

// opsetLength is the size of the operator set behind the graph of tiny.
func opsetLength(m *Model) int { return 2 + len(opsetBytes("", m.Opsets[""])) }
