package metadata

import (
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// DescribeHead settles how probabilities come about: by the end of the graph
// where that is known, else by the values of a trial run.
func DescribeHead(o *score.Output, head onnx.Head, trial []float32) {
	if o.Kind == score.Embedding { // its numbers are no scores, whatever they went through
		o.Activation, o.InGraph, o.LogitTensor = score.Identity, true, ""
		return
	}
	o.LogitTensor = head.Logits
	switch head.Kind {
	case onnx.HeadSoftmax, onnx.HeadLogSoftmax:
		o.Activation, o.InGraph, o.Log = score.Softmax, true, head.Kind == onnx.HeadLogSoftmax
		o.Origin = fmt.Sprintf("the graph ends in %s", head.Node.Label())
	case onnx.HeadSigmoid, onnx.HeadLogSigmoid:
		o.Activation, o.InGraph, o.Log = score.Sigmoid, true, head.Kind == onnx.HeadLogSigmoid
		o.Origin = fmt.Sprintf("the graph ends in %s: every class for itself", head.Node.Label())
	default:
		guessActivation(o, trial)
	}
	if o.Kind == score.Classes && o.Classes == 1 && o.Activation != score.Identity {
		o.Binary, o.Classes = true, 2
		o.Origin += "; the single value is shown as two classes"
	}
}

// guessActivation looks at values where the graph does not end in an
// activation.
func guessActivation(o *score.Output, trial []float32) {
	unit := len(trial) > 0 && !slices.ContainsFunc(trial, func(v float32) bool { return !(v >= 0 && v <= 1) })
	switch {
	case o.Kind == score.Detection:
		o.Activation, o.InGraph = score.Sigmoid, unit
		o.LogitTensor = ""
		o.Origin = "rows of boxes: the classes of the best box of each picture are scored"
		if !unit {
			o.LogitTensor = o.Name
		}
	case unit && len(trial) == o.Classes && o.Classes > 1 && math.Abs(total(trial)-1) < 1e-3:
		o.Activation, o.InGraph, o.LogitTensor = score.Softmax, true, ""
		o.Origin = "the values of a trial run sum to 1: probabilities without logits"
	case o.Kind == score.Classes && o.Classes == 1, o.Kind == score.Segmentation && o.Classes == 1:
		o.Activation, o.LogitTensor = score.Sigmoid, o.Name
		o.Origin = "a single raw score: the probability is its sigmoid"
	default:
		o.Activation, o.LogitTensor = score.Softmax, o.Name
		o.Origin = "the output holds raw scores: probabilities are their softmax"
	}
}

func total(values []float32) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64(v)
	}
	return sum
}

// logitAxis is the axis of the classes in the logit tensor, −1 where that
// tensor does not hold one value per value of the output.
func axisOfLogits(o *score.Output, head onnx.Head, output, logits infer.Tensor) int {
	switch {
	case len(logits.Data) != len(output.Data):
		return -1
	case slices.Equal(logits.Shape, output.Shape) && !transposed(head):
		return o.Axis
	case o.Kind == score.Classes:
		return 0 // any: the values are all there are
	case o.Kind == score.Segmentation && head.Kind == onnx.HeadSoftmax:
		if axis := (head.Axis + len(logits.Shape)) % len(logits.Shape); logits.Shape[axis] == o.Classes {
			return axis
		}
	}
	return -1
}
