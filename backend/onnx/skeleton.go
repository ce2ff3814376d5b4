package onnx

import (
	"errors"
	"io"
)

type stamp struct{}

var errSoon = errors.New("the reader of ONNX files is not part of this build")

// Open reads header and graph of a model file; weights stay in the file.
func Open(path string) (*Model, error) { return nil, errSoon }

// Decode reads a model from memory; the elements of tensors stay sub-slices of
// data.
func Decode(data []byte) (*Model, error) { return nil, errSoon }

// Encode writes the model as the bytes of an ONNX file.
func (m *Model) Encode() ([]byte, error) { return nil, errSoon }

// Data returns the elements of a tensor as little-endian bytes, wherever they
// lie; see [Reader].
func (m *Model) Data(t *Tensor) ([]byte, error) { return nil, errSoon }

// Detach returns a small copy of the model whose large weights refer to byte
// ranges of the user's own files, and the folder those references start from.
func (m *Model) Detach() (small *Model, folder string, err error) { return nil, "", errSoon }

// Clone copies the structure of the model; the bytes of tensors are shared.
func (m *Model) Clone() *Model { return nil }

// Sort brings the nodes into an order in which every tensor is written before
// it is read, keeping the present order where it can; it reports cycles,
// duplicate names and tensors that nobody writes as *GraphError.
func (g *Graph) Sort() error { return errSoon }

// Dump writes the model as readable text.
func (m *Model) Dump(w io.Writer) error { return errSoon }

// HeadKind says how a model turns scores into its output.
type HeadKind int

// Kinds of heads.
const (
	HeadUnknown HeadKind = iota
	HeadLogits
	HeadSoftmax
	HeadSigmoid
	HeadLogSoftmax
	HeadLogSigmoid
	HeadArgMax
)

// Head is the end of a model.
type Head struct {
	Kind   HeadKind
	Output string  // the graph output that was asked for
	Logits string  // tensor of the raw scores
	Probs  string  // tensor right behind the activation, "" without one
	Axis   int     // axis of the classes in Logits for the softmax kinds; negative counts from the end
	Joint  bool    // softmax over Axis and all axes after it together (operator sets before 13)
	Node   *Node   // the activation, nil for HeadLogits
	After  []*Node // what reshapes or casts the result, in order towards the output
}

// FindHead looks back from the named output for the final activation.
func FindHead(m *Model, output string) Head { return Head{} }
