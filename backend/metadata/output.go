package metadata

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

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

// DescribeShape finds out what the entries of the output are: kind, class axis
// and number of classes. shape is that of the output for one picture, others
// those of the other outputs.
func (c *Card) DescribeShape(f *Facts, shape []int, head onnx.Head, others [][]int) error {
	o := &c.Output
	o.Shape = shape
	if o.Kind == score.Selection {
		return nil
	}
	long := longAxes(shape)
	switch {
	case o.Whole && len(shape) == 4 && shape[2] == 1 && len(long) > 0 && shape[3] > 1: // steps × batch × classes
		c.sequence(3, "the steps come before the batch")
	case len(long) <= 1:
		o.Kind, o.Classes, o.Axis = score.Classes, 1, len(shape)-1
		if len(long) == 1 {
			o.Axis, o.Classes = long[0], shape[long[0]]
		}
	case len(shape) == 4 && len(long) == 2 && softmaxOver(o, head, long):
		c.sequence(softmaxAxis(o, head, shape), fmt.Sprintf("%s goes over the classes of every step", head.Node.Label()))
	case len(shape) == 4 && len(long) == 2 && long[0] == 1 && c.Input.Layout == preprocess.NCHW && min(c.Input.Height, c.Input.Width) > 1 && f.kind == "":
		c.sequence(1, "the places lie in one line")
		c.doubtStrip(f)
	case len(shape) == 4:
		o.Kind, o.Axis = score.Segmentation, segmentationAxis(shape, c.Input, head)
		o.Classes = shape[o.Axis]
		if o.Classes == 1 {
			c.describeMap(f, head)
		}
	case len(shape) == 5 && c.Input.Depth > 0:
		o.Kind, o.Axis = score.Segmentation, volumeAxis(shape, c.Input, head)
		o.Classes = shape[o.Axis]
		if o.Classes == 1 {
			c.describeMap(f, head)
		}
	case len(long) == 2 && len(shape) == 3:
		c.describeTable(f, long, head, others)
	default:
		return ModelError(f.path, fmt.Sprintf("gives %q with the shape %v for one picture, which is not one score per class", o.Name, shape),
			"Choose another output, or export the model with the class scores as output.")
	}
	return nil
}

// describeTable tells what the rows and columns of a table are: by the axis of
// its softmax, by boxes beside it, by its form, by what it was made from.
func (c *Card) describeTable(f *Facts, long []int, head onnx.Head, others [][]int) {
	o := &c.Output
	shape := o.Shape
	beside := slices.ContainsFunc(others, func(s []int) bool { return besideTable(shape, s) })
	switch {
	case beside || head.Kind == onnx.HeadMixed:
		describeRows(o, shape, long, others)
	case softmaxOver(o, head, long):
		c.sequence(softmaxAxis(o, head, shape), fmt.Sprintf("%s goes over the classes of every step", head.Node.Label()))
	case mapLike(shape[long[0]], shape[long[1]], c.Input):
		o.Kind, o.Axis, o.Classes = score.Dense, 0, 1
		c.Say("kind", "the output has the form of the picture")
	case recurrent(f.File, o.Name):
		c.sequence(long[1], "the graph reads the picture step by step")
	default:
		describeRows(o, shape, long, others)
		if head.Kind != onnx.HeadLogits || namesHidden(o.Name) || namesBoxes(o.Name) || f.saysRows(o, long) {
			return
		}
		if endsMixed(f.File, o.Name, "Gemm", "MatMul") {
			c.sequence(long[1], "one layer makes all numbers of a row")
		}
		c.doubtTable(f)
	}
}

// softmaxOver tells whether the graph ends in a softmax over one of the axes.
func softmaxOver(o *score.Output, head onnx.Head, axes []int) bool {
	return (head.Kind == onnx.HeadSoftmax || head.Kind == onnx.HeadLogSoftmax) && !head.Joint && !transposed(head) && slices.Contains(axes, softmaxAxis(o, head, o.Shape))
}

// saysRows tells whether somebody says that the output is rows of boxes, or as
// many names as classes leave room for a box.
func (f *Facts) saysRows(o *score.Output, long []int) bool {
	return f.kind != "" || f.skip != nil || f.columns != nil || f.box != nil || f.columnsByNames(o, long) != nil
}

// besideTable tells whether a tensor is the boxes to a table of scores: 4×N or
// N×4 beside N×C or C×N.
func besideTable(table, s []int) bool {
	rank := len(s)
	if rank < 2 || s[rank-1] != boxOnly && s[rank-2] != boxOnly {
		return false
	}
	a, b := table[len(table)-2], table[len(table)-1]
	if s[rank-1] == boxOnly && (s[rank-2] == a || s[rank-2] == b) {
		return true
	}
	return s[rank-2] == boxOnly && s[rank-1] == b && a != boxOnly
}

// sequence reads one score per class and step.
func (c *Card) sequence(axis int, why string) {
	o := &c.Output
	o.Kind, o.Axis, o.Classes, o.Step = score.Sequence, axis, o.Shape[axis], -1
	c.Say("kind", why)
}

// mapLike tells whether an output of rows × columns has the form of the
// picture, which was reduced or enlarged.
func mapLike(rows, columns int, in preprocess.Input) bool {
	const fewest = 4
	if rows < fewest || columns < fewest || in.Height < 1 || in.Width < 1 {
		return false
	}
	scale := float64(in.Height) / float64(rows)
	return math.Abs(float64(in.Width)/scale-float64(columns)) < 1
}

// describeMap tells one value per pixel that is a quantity from the score of
// one class.
func (c *Card) describeMap(f *Facts, head onnx.Head) {
	o := &c.Output
	if head.Kind != onnx.HeadLogits {
		return // a probability per pixel
	}
	named := containsAny(strings.ToLower(o.Name), "depth", "dispar", "anomal", "heat", "densit", "distance", "height_map", "elevation")
	positive := endsPositive(f.File, o.Name)
	if f.kind != "" || !named && !positive {
		return
	}
	o.Kind = score.Dense
	c.Say("kind", "one value per pixel that is no score: "+map[bool]string{true: "its name says so", false: "it ends in an operator that keeps values from falling below 0"}[named])
	if !named {
		c.doubtMap(f)
	}
}

// endsPositive tells whether an output comes out of an operator that keeps
// values at 0 or above without an upper bound: raw scores do not.
func endsPositive(f *onnx.Model, output string) bool {
	idx := f.Graph.Index()
	for range maxFirstLayers {
		n, _ := idx.Producer(output)
		switch {
		case n.Is("Relu", "Softplus", "Exp", "Abs", "Sqrt", "ReduceL1", "ReduceL2", "ReduceSumSquare"):
			return true
		case n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Transpose", "Resize", "Upsample"):
			output = n.Input(0)
		default:
			return false
		}
	}
	return false
}

// recurrent tells whether a network that reads step by step lies in front of
// an output.
func recurrent(f *onnx.Model, output string) bool {
	return upstream(f, output, func(n *onnx.Node) (found, further bool) {
		return n.Is("LSTM", "GRU", "RNN"), !n.Is("Conv")
	})
}

// upstream reports whether one of the nodes that a tensor is made by is looked
// for. further tells whether those before a node count too.
func upstream(f *onnx.Model, tensor string, visit func(*onnx.Node) (found, further bool)) bool {
	idx := f.Graph.Index()
	seen := map[string]bool{"": true}
	for queue := []string{tensor}; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if seen[name] {
			continue
		}
		seen[name] = true
		n, _ := idx.Producer(name)
		if n == nil {
			continue
		}
		found, further := visit(n)
		if found {
			return true
		}
		if further {
			queue = append(queue, n.Inputs...)
		}
	}
	return false
}

// namesBoxes tells whether exporters call the boxes of a detector so.
func namesBoxes(name string) bool {
	return containsAny(strings.ToLower(name), "box", "detect", "yolo", "anchor")
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
	if in.Layout == preprocess.NHWC && shape[3] <= shape[1] || shape[3] == 1 && shape[1] > 1 {
		return 3
	}
	return 1
}

// volumeAxis is the axis of the classes in a segmentation of a volume.
func volumeAxis(shape []int, in preprocess.Input, head onnx.Head) int {
	if head.Kind == onnx.HeadSoftmax && !head.Joint && !transposed(head) {
		return (head.Axis + len(shape)) % len(shape)
	}
	if in.Layout == preprocess.NHWC {
		return len(shape) - 1
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
	across := slices.ContainsFunc(others, func(s []int) bool { return besideTable(shape, s) })
	o.Axis, o.Classes, o.Skip = long[1], b, 0
	switch {
	case across && !beside: // scores in columns beside the boxes
		o.Axis, o.Classes = long[0], a
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
