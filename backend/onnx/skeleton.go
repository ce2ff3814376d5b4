package onnx

import (
	"errors"
	"io"
)

var errSoon = errors.New("the reader of ONNX files is not part of this build")

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
