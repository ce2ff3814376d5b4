package onnx

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// entry is one key-value field as it was read. A map holds what the program
// works with; entries keep order and spelling for encoding.
type entry[V comparable] struct {
	key   string
	value V
	raw   []byte // the message, without its tag
}

// inOrder calls write with the messages of a map's entries: first those that
// were read, in their order and, where the value still stands, as they were;
// then new ones by name.
func inOrder[V comparable](values map[string]V, read []entry[V], make func(string, V) []byte, write func([]byte)) {
	last := map[string]int{}
	for i, e := range read {
		last[e.key] = i
	}
	for i, e := range read {
		switch v, ok := values[e.key]; {
		case !ok || last[e.key] != i:
		case v == e.value:
			write(e.raw)
		default:
			write(make(e.key, v))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if _, ok := last[key]; !ok {
			write(make(key, values[key]))
		}
	}
}

// opsetBytes writes an OperatorSetIdProto.
func opsetBytes(domain string, version int64) []byte {
	var b []byte
	if domain != "" {
		b = protowire.AppendString(protowire.AppendTag(b, 1, protowire.BytesType), domain)
	}
	return protowire.AppendVarint(protowire.AppendTag(b, 2, protowire.VarintType), uint64(version))
}

// pairBytes writes a StringStringEntryProto.
func pairBytes(key, value string) []byte {
	b := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), key)
	return protowire.AppendString(protowire.AppendTag(b, 2, protowire.BytesType), value)
}
