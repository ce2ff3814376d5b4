package metadata

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// DescribeHead settles how probabilities come about: by the end of the graph
// where that is known, else by the values of a trial run. What the run
// contradicts is a doubt.
func (c *Card) DescribeHead(f *Facts, head onnx.Head, trial infer.Tensor) {
	o := &c.Output
	values := o.ClassValues(trial)
	c.unbounded = len(values) > 0 && !withinUnit(values)
	switch o.Kind {
	case score.Embedding, score.Dense: // no scores, whatever they went through
		if o.Kind == score.Dense {
			o.Origin = "one value per pixel: its sum is explained"
		}
		o.Activation, o.InGraph, o.LogitTensor = score.Identity, true, ""
		return
	case score.Selection:
		o.Activation, o.InGraph, o.LogitTensor = score.Sigmoid, true, ""
		if len(values) > 0 && !withinUnit(values) {
			o.Activation = score.Identity
		}
		return
	}
	if head.Kind == onnx.HeadMixed && o.Kind != score.Detection { // several activations joined
		if joined, ok := onnx.FindBounded(f.File, o.Name); ok {
			head = joined
		}
	}
	o.LogitTensor = head.Logits
	switch head.Kind {
	case onnx.HeadSoftmax, onnx.HeadLogSoftmax:
		o.Activation, o.InGraph, o.Log = score.Softmax, true, head.Kind == onnx.HeadLogSoftmax
		o.Origin = fmt.Sprintf("the graph ends in %s", head.Node.Label())
		c.checkSums(f, head, trial)
	case onnx.HeadSigmoid, onnx.HeadLogSigmoid:
		o.Activation, o.InGraph, o.Log = score.Sigmoid, true, head.Kind == onnx.HeadLogSigmoid
		o.Origin = fmt.Sprintf("the graph ends in %s: every class for itself", head.Node.Label())
	case onnx.HeadBounded:
		c.describeBounded(f, head, values)
	default:
		c.guessActivation(f, values)
	}
	if o.Kind == score.Classes && o.Classes == 1 && o.Activation != score.Identity {
		o.Binary, o.Classes = true, 2
		o.Origin += "; the single value is shown as two classes"
	}
	c.checkEqual(f, values)
}

// describeBounded takes what was computed from probabilities for
// probabilities, where it stays within 0…1.
func (c *Card) describeBounded(f *Facts, head onnx.Head, values []float32) {
	o := &c.Output
	if !withinUnit(values) {
		c.describeScaled(f, head, values)
		return
	}
	o.Activation, o.InGraph, o.LogitTensor = score.Sigmoid, true, ""
	o.Origin = fmt.Sprintf("the values come from %s and lie between 0 and 1: they are probabilities, each class for itself", head.Node.Label())
	if sumsToOne(o, values) {
		o.Activation = score.Softmax
		o.Origin = fmt.Sprintf("the values come from %s and sum to 1: they are probabilities", head.Node.Label())
	}
}

// describeScaled takes what was computed from probabilities but left 0…1: a
// single value is a quantity, such as an age; several that grew are percentages
// or the like. Others are taken for raw scores.
func (c *Card) describeScaled(f *Facts, head onnx.Head, values []float32) {
	o := &c.Output
	o.LogitTensor = o.Name
	grown := len(values) > 0 && slices.Min(values) >= 0 && slices.Max(values) > 1
	why := fmt.Sprintf("computed from %s and outside 0…1: no score", head.Node.Label())
	switch {
	case f.kind != "" || f.activation != "" || o.Kind == score.Detection || o.Classes > 1 && !grown:
		c.guessActivation(f, values)
	case o.Kind == score.Classes && o.Classes == 1:
		c.regress(f, why)
		c.doubtScaled(f)
	case o.Kind == score.Segmentation && o.Classes == 1:
		c.regress(f, why)
		o.Kind = score.Dense
		c.doubtScaled(f)
	default:
		o.Activation, o.InGraph, o.LogitTensor, o.Origin = score.Identity, true, "", why
		c.doubtGrown(f)
	}
}

// sumsToOne tells whether the classes of a picture have probabilities that
// exclude each other.
func sumsToOne(o *score.Output, values []float32) bool {
	return o.Kind == score.Classes && o.Classes > 1 && len(values) == o.Classes && withinUnit(values) && math.Abs(total(values)-1) < 1e-3
}

// checkSums asks about a softmax whose classes do not sum to 1.
func (c *Card) checkSums(f *Facts, head onnx.Head, trial infer.Tensor) {
	o := &c.Output
	if head.Joint || o.Log || o.Kind == score.Detection || o.Classes < 2 {
		return
	}
	// Quantised values are rounded, each by up to half a step of 1/256.
	allowed := max(1e-2, float64(o.Classes)/256)
	if sum, ok := furthestSum(trial, o.Axis); ok && !(math.Abs(sum-1) <= allowed) {
		o.Activation, o.LogitTensor = score.Sigmoid, ""
		c.doubtSums(f, sum)
	}
}

// furthestSum is the sum over the class axis that is furthest from 1.
func furthestSum(t infer.Tensor, axis int) (sum float64, ok bool) {
	if axis < 0 || axis >= len(t.Shape) {
		return 0, false
	}
	inner, classes := infer.Elements(t.Shape[axis+1:]), t.Shape[axis]
	sum = 1
	for start := 0; start+inner*classes <= len(t.Data) && inner*classes > 0; start += inner * classes {
		for i := range inner {
			s := 0.0
			for k := range classes {
				s += float64(t.Data[start+k*inner+i])
			}
			if !(math.Abs(s-1) <= math.Abs(sum-1)) {
				sum = s
			}
		}
	}
	return sum, true
}

// fewestEqual is the number of classes from which equal or whole values are no
// chance.
const fewestEqual = 3

// checkEqual asks about answers that do not tell classes apart.
func (c *Card) checkEqual(f *Facts, values []float32) {
	o := &c.Output
	if o.Kind != score.Classes || len(values) < fewestEqual || slices.ContainsFunc(values, func(v float32) bool { return v != values[0] }) {
		return
	}
	c.doubtEqual(f)
}

// regress takes the output for values that are no scores.
func (c *Card) regress(f *Facts, origin string) {
	o := &c.Output
	o.Kind, o.Activation, o.InGraph, o.LogitTensor, o.Origin = score.Regression, score.Identity, true, "", origin
	c.Say("kind", origin)
}

// guessActivation looks at values where the graph does not end in an
// activation.
func (c *Card) guessActivation(f *Facts, trial []float32) {
	o := &c.Output
	unit := withinUnit(trial)
	switch {
	case o.Kind == score.Detection:
		o.Activation, o.InGraph = score.Sigmoid, unit
		o.LogitTensor = ""
		o.Origin = "rows of boxes: the classes of the best box of each picture are scored"
		if !unit {
			o.LogitTensor = o.Name
		}
	case sumsToOne(o, trial):
		o.Activation, o.InGraph, o.LogitTensor = score.Softmax, true, ""
		o.Origin = "the values of a trial run sum to 1: probabilities without logits"
	case f.kind == "" && f.activation == "" && o.Kind == score.Classes && wholeNumbers(trial) && (len(trial) >= fewestEqual || holdsWhole(f.File, o.Name)):
		c.regress(f, "the values of a trial run are whole numbers: no scores")
		c.doubtWhole(f)
	case f.kind == "" && f.activation == "" && o.Kind == score.Classes && o.Classes == 1 && (endsPositive(f.File, o.Name) || namesQuantity(o.Name)):
		c.regress(f, "the name of the value, or an operator that keeps it from falling below 0, says that it is a quantity")
		c.doubtQuantity(f)
	case o.Kind == score.Classes && o.Classes == 1, o.Kind == score.Segmentation && o.Classes == 1:
		o.Activation, o.LogitTensor = score.Sigmoid, o.Name
		o.Origin = "a single raw score: the probability is its sigmoid"
	case unit && o.Kind == score.Classes && namesProbability(o.Name) && !endsMixed(f.File, o.Name, "Gemm", "MatMul", "Conv", "Einsum"):
		o.Activation, o.InGraph, o.LogitTensor = score.Sigmoid, true, ""
		o.Origin = "the name and the values of a trial run say that these are probabilities, each class for itself"
		c.doubtBounded(f)
	default:
		o.Activation, o.LogitTensor = score.Softmax, o.Name
		o.Origin = "the output holds raw scores: probabilities are their softmax"
	}
}

// holdsWhole tells whether the file says that an output is of whole numbers.
func holdsWhole(f *onnx.Model, output string) bool {
	v := f.Graph.Index().Output(output)
	return v != nil && v.Type != 0 && !v.Type.IsFloat()
}

// namesQuantity tells whether exporters call quantities so, word by word.
func namesQuantity(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"age", "years", "regression", "regressor", "count", "volume", "distance", "price", "bmi", "weight", "height", "angle", "temperature"}, w)
	})
}

// namesProbability tells whether exporters call probabilities so.
func namesProbability(name string) bool {
	return containsAny(strings.ToLower(name), "prob", "sigmoid", "softmax", "confidence")
}

// endsMixed tells whether an output comes out of one of the operators, which
// weigh by weights, so that its values may be anything.
func endsMixed(f *onnx.Model, output string, weighing ...string) bool {
	idx := f.Graph.Index()
	for range maxFirstLayers {
		n, _ := idx.Producer(output)
		switch {
		case n.Is(weighing...):
			return true
		case n.Is("Add", "Sub") && idx.Constant(n.Input(0)) != nil:
			output = n.Input(1)
		case n.Is("Add", "Sub", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Transpose"):
			output = n.Input(0)
		default:
			return false
		}
	}
	return false
}

func total(values []float32) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64(v)
	}
	return sum
}

// softmaxAxis is the axis of a softmax in a tensor of one picture.
func softmaxAxis(o *score.Output, head onnx.Head, shape []int) int {
	axis := head.Axis
	if axis >= 0 && o.Whole { // a batch axis was put in front
		axis++
	}
	return (axis + len(shape)) % len(shape)
}

// axisOfLogits is the axis of the classes in the logit tensor, −1 where that
// tensor does not hold one value per value of the output.
func axisOfLogits(o *score.Output, head onnx.Head, output, logits infer.Tensor) int {
	switch {
	case len(logits.Data) != len(output.Data):
		return -1
	case slices.Equal(logits.Shape, output.Shape) && !transposed(head):
		return o.Axis
	case o.Kind == score.Classes:
		return 0 // any: the values are all there are
	case head.Kind != onnx.HeadSoftmax && head.Kind != onnx.HeadLogSoftmax:
	case o.Kind == score.Segmentation && head.Kind == onnx.HeadSoftmax, o.Kind == score.Sequence:
		if axis := softmaxAxis(o, head, logits.Shape); logits.Shape[axis] == o.Classes {
			return axis
		}
	}
	return -1
}
