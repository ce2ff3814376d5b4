package onnx

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

func (m *message) tensor(n protowire.Number, t *Tensor) {
	m.sub(n, t.unknown, func(w *message) {
		field := t.field
		if field == 0 {
			field = rawData
		}
		w.ints(1, t.Dims...)
		w.number(2, int64(t.Type))
		if field < 8 {
			w.elements(field, t)
		}
		w.text(8, t.Name)
		if field > 8 {
			w.elements(field, t)
		}
		if t.External != nil {
			w.reference(t.External)
			w.ints(14, 1)
		}
	})
}

// elements writes the elements into the field that they were read from, so
// that a reader which insists on one of the two ways is still content.
func (m *message) elements(field protowire.Number, t *Tensor) {
	if t.External != nil {
		return
	}
	if t.Type == String {
		for _, s := range t.Strings {
			m.bytes(stringData, s)
		}
		return
	}
	raw := t.Raw
	if t.Span != nil {
		var err error
		if raw, err = m.data(t); err != nil {
			m.stop(err)
			return
		}
	}
	if raw == nil {
		return
	}
	switch field {
	case int32Data, int64Data, uint64Data:
		width := t.packedWidth()
		if width == 0 || len(raw)%width != 0 {
			m.stop(fmt.Errorf("tensor %q: %d bytes are not a whole number of elements of %v", t.Name, len(raw), t.Type))
			return
		}
		raw = unpack(t.Type, width, raw)
	}
	m.bytes(field, raw)
}

func (m *message) stop(err error) {
	if m.err == nil {
		m.err = err
	}
}

// unpack turns the bytes of raw_data into the packed integers of a typed
// field.
func unpack(typ DataType, width int, raw []byte) []byte {
	var packed []byte
	for ; len(raw) > 0; raw = raw[width:] {
		var v uint64
		switch {
		case typ == Int8 || typ == Int16 || typ == Int32:
			v = uint64(integer(typ, raw))
		case width == 1:
			v = uint64(raw[0])
		case width == 2:
			v = uint64(binary.LittleEndian.Uint16(raw))
		case width == 4:
			v = uint64(binary.LittleEndian.Uint32(raw))
		default:
			v = binary.LittleEndian.Uint64(raw)
		}
		packed = protowire.AppendVarint(packed, v)
	}
	return packed
}

// reference writes the entries of external_data.
func (m *message) reference(e *External) {
	pairs := [][2]string{{"location", e.Location}}
	if e.Offset != 0 {
		pairs = append(pairs, [2]string{"offset", strconv.FormatInt(e.Offset, 10)})
	}
	if e.Length != 0 {
		pairs = append(pairs, [2]string{"length", strconv.FormatInt(e.Length, 10)})
	}
	if e.Checksum != "" {
		pairs = append(pairs, [2]string{"checksum", e.Checksum})
	}
	for _, kv := range append(pairs, e.unknown...) {
		m.bytes(13, pairBytes(kv[0], kv[1]))
	}
}
