package wire

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unsafe"
)

// Bounds of a frame. A header holds names and numbers, never pixels.
const (
	MaxHeader   = 8 << 20   // bytes of JSON
	MaxPayload  = 256 << 20 // bytes of tensors
	MaxTensors  = 1 << 14
	maxRank     = 6
	elementSize = 4
	prefixSize  = 8
)

// ErrFrame marks bytes that are no frame, or one beyond the bounds.
var ErrFrame = errors.New("broken message")

// Write sends one message: two lengths, the header, the tensors' values.
func Write(w io.Writer, m *Message) error {
	m.Shapes = make([][]int, len(m.Tensors))
	payload := 0
	for i, t := range m.Tensors {
		m.Shapes[i] = t.Shape
		payload += len(t.Data) * elementSize
	}
	header, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write %s: %w", m.Kind, err)
	}
	if len(header) > MaxHeader || payload > MaxPayload || len(m.Tensors) > MaxTensors {
		return fmt.Errorf("%w: %s of %d + %d bytes is too large", ErrFrame, m.Kind, len(header), payload)
	}
	prefix := make([]byte, prefixSize, prefixSize+len(header))
	binary.LittleEndian.PutUint32(prefix, uint32(len(header)))
	binary.LittleEndian.PutUint32(prefix[4:], uint32(payload))
	if _, err := w.Write(append(prefix, header...)); err != nil {
		return err
	}
	for _, t := range m.Tensors {
		if _, err := w.Write(raw(t.Data)); err != nil {
			return err
		}
	}
	return nil
}

// Read receives one message. io.EOF means that the other end closed between
// messages.
func Read(r io.Reader) (*Message, error) {
	var prefix [prefixSize]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return nil, err
	}
	header, payload := binary.LittleEndian.Uint32(prefix[:]), binary.LittleEndian.Uint32(prefix[4:])
	if header > MaxHeader || payload > MaxPayload {
		return nil, fmt.Errorf("%w: %d + %d bytes", ErrFrame, header, payload)
	}
	text := make([]byte, header)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, cut(err)
	}
	m := &Message{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFrame, err)
	}
	if err := checkShapes(m.Shapes, int(payload)); err != nil {
		return nil, err
	}
	m.Tensors = make([]Tensor, len(m.Shapes))
	for i, shape := range m.Shapes {
		m.Tensors[i] = Tensor{Shape: shape, Data: make([]float32, elements(shape))}
		if _, err := io.ReadFull(r, raw(m.Tensors[i].Data)); err != nil {
			return nil, cut(err)
		}
	}
	return m, nil
}

// checkShapes refuses shapes that do not add up to the payload.
func checkShapes(shapes [][]int, payload int) error {
	if len(shapes) > MaxTensors {
		return fmt.Errorf("%w: %d tensors", ErrFrame, len(shapes))
	}
	total := 0
	for _, shape := range shapes {
		n := 1
		if len(shape) > maxRank {
			return fmt.Errorf("%w: tensor of shape %v", ErrFrame, shape)
		}
		for _, d := range shape {
			if d < 0 || d > MaxPayload || n*d > MaxPayload/elementSize {
				return fmt.Errorf("%w: tensor of shape %v", ErrFrame, shape)
			}
			n *= d
		}
		total += n * elementSize
	}
	if total != payload {
		return fmt.Errorf("%w: %d bytes of tensors where the shapes need %d", ErrFrame, payload, total)
	}
	return nil
}

func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// raw is the memory of the values, to be sent or filled without a copy.
func raw(values []float32) []byte {
	if len(values) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*elementSize)
}

// cut words an end in the middle of a message.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends in the middle", ErrFrame)
	}
	return err
}
