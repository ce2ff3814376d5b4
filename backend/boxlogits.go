package backend

import (
	"context"
	"math"

	"picasso/backend/onnx"
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
func (m *Model) traceBoxes(ctx context.Context, head onnx.Head, output, logits Tensor) error {
	o := &m.Output
	if o.Kind != Detection || head.Kind != onnx.HeadMixed || m.forward().Logits < 0 || head.Probs == "" {
		return nil
	}
	places, err := m.tracePlaces(ctx, head, logits)
	if err != nil {
		return ctx.Err() // any other failure leaves the logits unknown
	}
	activation := Sigmoid
	if head.Node.Is("Softmax") {
		activation = Softmax
	}
	if !explains(scoring{out: *o}, activation, places, output, logits) {
		return nil
	}
	o.LogitTensor, o.Activation, o.InGraph, m.Output.BoxLogits = head.Logits, activation, true, places
	return nil
}

// tracePlaces runs the part behind the activation on indices.
func (m *Model) tracePlaces(ctx context.Context, head onnx.Head, logits Tensor) ([]int32, error) {
	s, err := m.openTrace(ctx, head)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	image, err := m.Input.feed([]Tensor{m.Input.pattern()})
	if err != nil {
		return nil, err
	}
	var digits [2][]float32
	for d := range digits {
		trace := NewTensor(logits.Shape...)
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
		r, err := scoring{out: m.Output}.rows(outputs[0])
		if err != nil {
			return nil, err
		}
		for row := range r.count {
			for c := range r.classes {
				digits[d] = append(digits[d], r.class(row, c))
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
func traceFeeds(s Session, image, trace Tensor) []Tensor {
	if PortIndex(s.Inputs(), traceName) == 0 {
		return []Tensor{trace, image}
	}
	return []Tensor{image, trace}
}

// openTrace opens the model with the activation's result as an input.
func (m *Model) openTrace(ctx context.Context, head onnx.Head) (Session, error) {
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
		n.Outputs[slot] = head.Probs // computed still, and read by nobody
	}
	g.ValueInfo = nil
	g.Inputs = append(g.Inputs, &onnx.Value{Name: traceName, Type: typ, Shape: openShape(m.File.Graph.Ranks()[head.Probs])})
	g.KeepOutputs(m.Output.Name)
	g.Prune()
	data, err := small.Encode()
	if err != nil {
		return nil, err
	}
	return m.open(ctx, Source{Bytes: data, Folder: folder})
}

// openShape is a shape of open lengths; nil, which says nothing, for rank 0.
func openShape(rank int) []onnx.Dim {
	var shape []onnx.Dim
	for range rank {
		shape = append(shape, onnx.Dim{Size: -1})
	}
	return shape
}

// explains checks on the trial run that the activation of the logits in their
// places gives the scores of the boxes.
func explains(s scoring, a Activation, places []int32, output, logits Tensor) bool {
	r, err := s.rows(output)
	if err != nil || len(places) != r.count*r.classes {
		return false
	}
	s.out.Activation = a
	for row := range r.count {
		z := make([]float32, r.classes)
		for c := range z {
			at := places[row*r.classes+c]
			if at < 0 || int(at) >= len(logits.Data) {
				return false
			}
			z[c] = logits.Data[at]
		}
		t := table{1, len(z), 1, z}
		for c, p := range s.probabilitiesOf(t) {
			if d := math.Abs(float64(p - r.class(row, c))); !(d < 1e-3) {
				return false
			}
		}
	}
	return true
}

// probabilitiesOf applies the activation to raw scores, whether or not the
// graph does it too.
func (s scoring) probabilitiesOf(raw table) []float32 {
	s.out.InGraph = false
	return s.probabilities(raw, raw).data
}
