package backend

import (
	"context"
	"math"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// traceName is the input that takes the place of an activation's result.
const traceName = "picasso_trace"

// traceBase splits an index into two digits that even 16-bit floating-point
// numbers hold exactly.
const traceBase = 1 << 10

// traceBoxes finds out which element of the logit tensor every class score of
// every box comes from. Detectors cut, turn and join the scores behind the
// activation, so the way is not read from the graph but tried: the results of
// the activation are replaced by their own indices, and what comes out tells
// where each went. Where that does not work, logits are computed back from
// probabilities.
func (m *Model) traceBoxes(ctx context.Context, head onnx.Head, output, logits infer.Tensor) error {
	o := &m.Output
	if o.Kind != score.Detection || head.Kind != onnx.HeadMixed || logits.Shape == nil || head.Probs == "" {
		return nil
	}
	places, err := m.tracePlaces(ctx, head, logits)
	if err != nil {
		return ctx.Err() // any other failure leaves the logits unknown
	}
	activation := score.Sigmoid
	if head.Node.Is("Softmax") {
		activation = score.Softmax
	}
	if !(score.Reader{Output: *o}).Explains(activation, places, output, logits) {
		return nil
	}
	o.LogitTensor, o.Activation, o.InGraph, m.Output.BoxLogits = head.Logits, activation, true, places
	return nil
}

// tracePlaces runs the part behind the activation on indices.
func (m *Model) tracePlaces(ctx context.Context, head onnx.Head, logits infer.Tensor) ([]int32, error) {
	s, err := m.openTrace(ctx, head)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	image, err := m.Input.Feed([]infer.Tensor{m.Input.Pattern()})
	if err != nil {
		return nil, err
	}
	var digits [2][]float32
	for d := range digits {
		trace := infer.NewTensor(logits.Shape...)
		for i := range trace.Data {
			digit := i / traceBase
			if d == 1 {
				digit = i % traceBase
			}
			trace.Data[i] = float32(digit)
		}
		outputs, err := s.Run(ctx, traceFeeds(s, image, trace))
		if err != nil {
			return nil, err
		}
		r, err := score.Reader{Output: m.Output}.Rows(outputs[0])
		if err != nil {
			return nil, err
		}
		for row := range r.Count {
			for c := range r.Classes {
				digits[d] = append(digits[d], r.Class(row, c))
			}
		}
	}
	places := make([]int32, len(digits[0]))
	for i := range places {
		places[i] = int32(math.Round(float64(digits[0][i])*traceBase + float64(digits[1][i])))
	}
	return places, nil
}

// traceFeeds orders the two inputs as the session does.
func traceFeeds(s infer.Session, image, trace infer.Tensor) []infer.Tensor {
	if infer.PortIndex(s.Inputs(), traceName) == 0 {
		return []infer.Tensor{trace, image}
	}
	return []infer.Tensor{image, trace}
}

// openTrace opens the model with the activation's result as an input.
func (m *Model) openTrace(ctx context.Context, head onnx.Head) (infer.Session, error) {
	small, folder, err := m.File.Detach()
	if err != nil {
		return nil, err
	}
	g := small.Graph
	if err := g.Rename(head.Probs, traceName); err != nil {
		return nil, err
	}
	typ := onnx.Float
	if v := g.Index().Value(traceName); v != nil && v.Type != 0 {
		typ = v.Type
	}
	if n, slot := g.Index().Producer(traceName); n != nil {
		n.Outputs[slot] = head.Probs // still computed, but not read
	}
	g.ValueInfo = nil
	g.Inputs = append(g.Inputs, &onnx.Value{Name: traceName, Type: typ, Shape: openShape(m.File.Graph.Ranks()[head.Probs])})
	g.KeepOutputs(m.Output.Name)
	g.Prune()
	data, err := small.Encode()
	if err != nil {
		return nil, err
	}
	return m.open(ctx, infer.Source{Bytes: data, Folder: folder}, infer.Predicting)
}

// openShape is a shape of open lengths; nil, which says nothing, for rank 0.
func openShape(rank int) []onnx.Dim {
	var shape []onnx.Dim
	for range rank {
		shape = append(shape, onnx.Dim{Size: -1})
	}
	return shape
}
