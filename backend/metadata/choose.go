package metadata

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// ChooseOutput finds out from a trial run which of the outputs holds the
// scores, and notes it. What is chosen is returned with what the run gave of
// it: scores of its own, or those of boxes that the model selects itself.
func (c *Card) ChooseOutput(f *Facts, all []Candidate) (*Candidate, error) {
	c.Output = score.Output{Box: -1, Step: -1}
	pictures := max(c.Input.Pictures, 1)
	groups := findGroups(all, pictures)
	if i := slices.IndexFunc(groups, func(g *boxGroup) bool { return !g.passedOver(all) }); i >= 0 && f.leavesSelection() {
		g := groups[i]
		c.takeGroup(f, g)
		if others := slices.Delete(groups, i, i+1); len(others) > 0 {
			c.doubtSets(f, g, others)
		}
		return g.scores.itself(), nil
	}
	best := mostLikely(f.File, all)
	o := &c.Output
	o.Name = best.Tensor
	if len(best.value.Shape) == 0 {
		return nil, ModelError(f.path, fmt.Sprintf("does not give %q when run", best.Tensor), "Choose another output.")
	}
	o.Whole = best.value.Shape[0] != pictures
	switch {
	case best.Named:
		c.Say("output", "chosen by the user")
	case len(all) > 1:
		c.Say("output", fmt.Sprintf("%q looks like the class scores among the outputs %s", best.Port.Name, DescribePorts(f.File.Graph.Outputs)))
	}
	if best.Tensor != best.Port.Name {
		c.Say("output", fmt.Sprintf("%q tells only %s: the scores in front of it (%q) are read", best.Port.Name, best.tells(), best.Tensor))
	}
	f.takeNames(all, best)
	if f.leavesSelection() && best.Tensor == best.Port.Name {
		c.noticeTable(f, best)
	}
	if boxes := best.twin(all); boxes != nil {
		c.doubtBoxes(f, best.Port.Name, boxes.Port.Name)
	}
	if o.Whole && c.Input.Pictures > 1 {
		return nil, ModelError(f.path, fmt.Sprintf("takes %d pictures at once and gives %q with the shape %v, which does not tell which numbers belong to which picture", c.Input.Pictures, best.Tensor, best.value.Shape),
			"Export it for one picture.")
	}
	return best, nil
}

// takeNames takes over the names of classes that lie behind the chosen scores,
// on the way to any output.
func (f *Facts) takeNames(all []Candidate, chosen *Candidate) {
	for _, c := range all {
		if c.Tail.Names != nil && onnx.SameValues(f.File, c.Tensor, chosen.Tensor) {
			f.Labels = append(f.Labels, LabelList{Names: c.Tail.Names, Origin: fmt.Sprintf("the file (%s)", c.through())})
			return
		}
	}
}

// tells says in words what an output gives instead of scores.
func (c Candidate) tells() string {
	for _, n := range c.Tail.Nodes {
		switch {
		case n.Is("TopK"):
			return "the best classes (TopK)"
		case n.Is("ReduceMax"):
			return "the score of the best class (ReduceMax)"
		case n.Is("Greater", "GreaterOrEqual"):
			return fmt.Sprintf("what lies above a threshold (%s)", n.OpType)
		case n.OpType == "ZipMap":
			return "the scores by name (ZipMap)"
		}
	}
	if c.numeric {
		return "the number of the best class"
	}
	return "the name of the best class"
}

// mostLikely is the candidate that the user named, or that looks most like
// class scores by the file and by what it gave.
func mostLikely(f *onnx.Model, all []Candidate) *Candidate {
	best, top := &all[0], 0
	for i := range all {
		c := &all[i]
		if c.Named {
			return c
		}
		if l := c.likely + c.seems(f, all); i == 0 || l > top {
			best, top = c, l
		}
	}
	return best
}

// seems weighs what a trial run showed, as [likelihood] does with the file.
func (c *Candidate) seems(f *onnx.Model, all []Candidate) int {
	sum := 0
	if c.Tensor == c.Port.Name && wholeNumbers(c.value.Data) {
		sum -= 8
	}
	if c.boxesOf(all) != nil {
		sum -= 10
	}
	if endsNormalised(f, c.Tensor) { // an inner state
		sum -= 3
	}
	if len(c.value.Data) <= 1 && containsAny(strings.ToLower(c.Port.Name), "num", "count") {
		sum -= 6
	}
	return sum
}

// boxesOf is the output to whose rows of scores the candidate is the boxes,
// n×4 beside n×C; nil where it is none.
func (c *Candidate) boxesOf(all []Candidate) *Candidate {
	shape := c.value.Shape
	n := len(shape)
	if n < 2 || shape[n-1] != boxOnly || c.Tensor != c.Port.Name {
		return nil
	}
	for i := range all {
		o := &all[i]
		if s := o.value.Shape; o != c && len(s) == n && s[n-1] != boxOnly && s[n-2] == shape[n-2] && s[n-2] > 1 && o.numbers == nil {
			return o
		}
	}
	return nil
}

// twin is another output of the same n×4: one is boxes, the other the scores of
// four classes.
func (c *Candidate) twin(all []Candidate) *Candidate {
	shape := c.value.Shape
	n := len(shape)
	if n < 2 || shape[n-1] != boxOnly || shape[n-2] < 2 || c.Named {
		return nil
	}
	for i := range all {
		if o := &all[i]; o.Port != c.Port && slices.Equal(o.value.Shape, shape) {
			return o
		}
	}
	return nil
}

// leavesSelection tells whether nobody says that the output is something else
// than selected boxes.
func (f *Facts) leavesSelection() bool { return f.kind == "" || f.kind == score.Selection }

// wholeNumbers tells whether values are whole and more than the 0 and 1 that
// probabilities may be rounded to.
func wholeNumbers(values []float32) bool {
	more := false
	for _, v := range values {
		if v != float32(int(v)) {
			return false
		}
		more = more || v < 0 || v > 1
	}
	return more
}

// withinUnit tells whether all values lie in 0…1, as probabilities do.
func withinUnit(values []float32) bool {
	for _, v := range values {
		if !(v >= 0 && v <= 1) {
			return false
		}
	}
	return len(values) > 0
}

// Picture cuts one picture out of a tensor of a trial run.
func (c *Card) Picture(t infer.Tensor) (infer.Tensor, error) {
	return infer.Entry(t, 0, c.Input.Batched && !c.Output.Whole)
}

// Value is what a trial run gave of the tensor that is read.
func (c *Candidate) Value() infer.Tensor { return c.value }

// Others are the shapes that a trial run gave of the outputs beside the chosen
// one.
func Others(all []Candidate, chosen *Candidate) [][]int {
	var shapes [][]int
	for i := range all {
		if c := &all[i]; c.Port != chosen.Port && c.raw.Shape != nil && c.Port.Name != chosen.Tensor {
			shapes = append(shapes, c.raw.Shape)
		}
	}
	return shapes
}
