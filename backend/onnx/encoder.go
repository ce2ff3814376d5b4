package onnx

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// encoder appends messages to one buffer. The first error stops it.
type encoder struct {
	b    []byte
	data func(*Tensor) ([]byte, error) // elements that are not in memory
	err  error
}

// message writes the known fields of one message in the order of their
// numbers and, between them, the unknown ones where their numbers belong.
type message struct {
	*encoder
	rest []byte // unknown fields not yet written
}

// body writes the fields of a message; unknown are those kept from the file.
func (e *encoder) body(unknown []byte, write func(*message)) {
	m := &message{e, unknown}
	write(m)
	m.upTo(protowire.MaxValidNumber)
}

// upTo writes the unknown fields that stand before known field n or share its
// number: the last of several counts, which must be the known one.
func (m *message) upTo(n protowire.Number) {
	for len(m.rest) > 0 {
		number, _, size := protowire.ConsumeField(m.rest)
		if size < 0 || number > n && n != protowire.MaxValidNumber {
			return
		}
		m.b = append(m.b, m.rest[:size]...)
		m.rest = m.rest[size:]
	}
}

func (m *message) tag(n protowire.Number, t protowire.Type) {
	m.upTo(n)
	m.b = protowire.AppendTag(m.b, n, t)
}

// sub writes a nested message. Its length is put in front once it is known.
func (m *message) sub(n protowire.Number, unknown []byte, write func(*message)) {
	m.tag(n, protowire.BytesType)
	begin := len(m.b)
	m.encoder.body(unknown, write)
	size := len(m.b) - begin
	head := protowire.SizeVarint(uint64(size))
	m.b = append(m.b, make([]byte, head)...)
	copy(m.b[begin+head:], m.b[begin:begin+size])
	protowire.AppendVarint(m.b[:begin], uint64(size))
}

// text writes a single text unless it is empty.
func (m *message) text(n protowire.Number, s string) {
	if s != "" {
		m.texts(n, []string{s})
	}
}

func (m *message) texts(n protowire.Number, list []string) {
	for _, s := range list {
		m.tag(n, protowire.BytesType)
		m.b = protowire.AppendString(m.b, s)
	}
}

func (m *message) bytes(n protowire.Number, b []byte) {
	m.tag(n, protowire.BytesType)
	m.b = protowire.AppendBytes(m.b, b)
}

func (m *message) ints(n protowire.Number, list ...int64) {
	for _, v := range list {
		m.tag(n, protowire.VarintType)
		m.b = protowire.AppendVarint(m.b, uint64(v))
	}
}

// number writes a single integer unless it is 0.
func (m *message) number(n protowire.Number, v int64) {
	if v != 0 {
		m.ints(n, v)
	}
}

func (m *message) floats(n protowire.Number, list ...float32) {
	for _, v := range list {
		m.tag(n, protowire.Fixed32Type)
		m.b = protowire.AppendFixed32(m.b, math.Float32bits(v))
	}
}
