package metadata

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// FindOutput chooses the output that holds the classes. want names it, or is
// "". The reason is for the user; "" where there is only one.
func FindOutput(f *onnx.Model, want string) (v *onnx.Value, reason string, err error) {
	outputs := f.Graph.Outputs
	if len(outputs) == 0 {
		return nil, "", ModelError(f.Path, "has no output", "Export it again with the class scores as output.")
	}
	if want != "" {
		for _, v := range outputs {
			if v.Name == want {
				return v, "chosen by the user", nil
			}
		}
		return nil, "", ModelError(f.Path, fmt.Sprintf("has no output %q; it has %s", want, DescribePorts(outputs)), "Name one of these.")
	}
	if len(outputs) == 1 {
		return outputs[0], "", nil
	}
	best, top := outputs[0], likelihood(f, outputs[0])
	for _, v := range outputs[1:] {
		if l := likelihood(f, v); l > top {
			best, top = v, l
		}
	}
	return best, fmt.Sprintf("%q looks like the class scores among the outputs %s", best.Name, DescribePorts(outputs)), nil
}

// likelihood weighs how an output ends, what it is called and its shape. The
// numbers only order the signs by how sure they are.
func likelihood(f *onnx.Model, v *onnx.Value) int {
	score := 0
	switch onnx.FindHead(f, v.Name).Kind {
	case onnx.HeadSoftmax, onnx.HeadSigmoid, onnx.HeadLogSoftmax, onnx.HeadLogSigmoid:
		score += 4
	case onnx.HeadArgMax:
		score -= 8
	}
	if v.Type != 0 && !v.Type.IsFloat() {
		score -= 8
	}
	name := strings.ToLower(v.Name)
	if containsAny(name, "logit", "prob", "class", "pred", "score", "softmax", "cls", "conf") {
		score += 2
	}
	if containsAny(name, "feat", "embed", "hidden", "pool", "aux", "bbox", "box", "loc", "anchor", "attention") {
		score -= 3
	}
	if besideScores(f, v) {
		score -= 3
	}
	if n := len(v.Shape); n == 2 {
		score++
	} else if n > 3 {
		score--
	}
	return score
}

// besideScores tells whether an output is the boxes (N×4) to another one's
// scores (N×C).
func besideScores(f *onnx.Model, v *onnx.Value) bool {
	n := len(v.Shape)
	if n < 2 || v.Shape[n-1].Size != boxOnly {
		return false
	}
	return slices.ContainsFunc(f.Graph.Outputs, func(o *onnx.Value) bool {
		return o != v && len(o.Shape) == n && o.Shape[n-2] == v.Shape[n-2] && o.Shape[n-1].Size != boxOnly
	})
}

func containsAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// DescribeShape finds out from the shape of the output for one picture what
// its entries are: kind, class axis and number of classes.
func DescribeShape(o *score.Output, path string, shape []int, in preprocess.Input, head onnx.Head, others [][]int) error {
	o.Shape = shape
	long := longAxes(shape)
	switch {
	case len(long) <= 1:
		o.Kind, o.Classes, o.Axis = score.Classes, 1, len(shape)-1
		if len(long) == 1 {
			o.Axis, o.Classes = long[0], shape[long[0]]
		}
		return nil
	case len(shape) == 4:
		o.Kind, o.Axis = score.Segmentation, segmentationAxis(shape, in, head)
		o.Classes = shape[o.Axis]
		return nil
	case len(long) == 2 && len(shape) == 3:
		describeRows(o, shape, long, others)
		return nil
	}
	return ModelError(path, fmt.Sprintf("gives %q with the shape %v for one picture, which is not one score per class", o.Name, shape),
		"Choose another output, or export the model with the class scores as output.")
}

// longAxes are the axes with more than one entry.
func longAxes(shape []int) []int {
	var long []int
	for i, d := range shape {
		if d > 1 {
			long = append(long, i)
		}
	}
	return long
}

func segmentationAxis(shape []int, in preprocess.Input, head onnx.Head) int {
	if head.Kind == onnx.HeadSoftmax && !head.Joint && !transposed(head) {
		return (head.Axis + len(shape)) % len(shape)
	}
	if in.Layout == preprocess.NHWC && shape[3] <= shape[1] {
		return 3
	}
	return 1
}

func transposed(head onnx.Head) bool {
	return slices.ContainsFunc(head.After, func(n *onnx.Node) bool { return n.Is("Transpose") })
}

// Numbers before the class scores in a row of a detector.
const (
	boxOnly      = 4 // x, y, width, height
	boxAndObject = 5 // and objectness
)

// describeRows reads a table of boxes: rows of classes beside an output of
// boxes, rows of box, objectness and classes, or columns of box and classes.
func describeRows(o *score.Output, shape, long []int, others [][]int) {
	o.Kind, o.Box = score.Detection, -1
	a, b := shape[long[0]], shape[long[1]]
	beside := slices.ContainsFunc(others, func(s []int) bool {
		return len(s) >= 2 && s[len(s)-1] == boxOnly && s[len(s)-2] == a
	})
	o.Axis, o.Classes, o.Skip = long[1], b, 0
	switch {
	case beside || a > b && b < boxOnly+1:
	case a > b && b > boxAndObject:
		o.Skip = boxAndObject
	case a > b:
		o.Skip = boxOnly
	case a > boxOnly:
		o.Axis, o.Classes, o.Skip = long[0], a, boxOnly
	}
	o.Classes -= o.Skip
}
