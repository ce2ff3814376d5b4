package metadata

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/labelfile"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// Detectors that select their boxes themselves give them as lists (boxes n×4,
// labels n, scores n, in any order), as boxes with scores (n×5) beside labels,
// or as one table of rows (box, score, class). What a number is told by is, in
// this order: where it comes from in the graph, what a trial run gave, names.

// boxGroup are outputs that belong to the same selected boxes.
type boxGroup struct {
	boxes, labels *Candidate // labels is nil for a detector of one class
	scores        *Candidate // may be the boxes: n×5
	whole         bool       // no batch in front
}

// findGroup finds selected boxes in several outputs; nil where there are none.
func findGroup(all []Candidate, pictures int) *boxGroup {
	for i := range all {
		boxes := &all[i]
		shape := boxes.raw.Shape
		rank := len(shape)
		if rank != 2 && rank != 3 || shape[rank-1] != boxOnly && shape[rank-1] != boxAndObject || boxes.numbers != nil {
			continue
		}
		if rank == 3 && shape[0] != pictures {
			continue
		}
		g := &boxGroup{boxes: boxes, whole: rank == 2}
		g.labels = mostLike(all, boxes, nil, (*Candidate).likeLabels)
		g.scores = mostLike(all, boxes, g.labels, (*Candidate).likeScores)
		if shape[rank-1] == boxAndObject && g.labels != nil {
			g.scores = boxes
		}
		if g.labels == nil && boxes.besideClasses(all) {
			continue
		}
		if g.scores != nil && shape[rank-1] == boxOnly || g.scores == boxes {
			return g
		}
	}
	return nil
}

// besideClasses tells whether another output holds the scores of several
// classes for every box: then a list beside the boxes is something else, such
// as whether there is an object at all.
func (c *Candidate) besideClasses(all []Candidate) bool {
	n := len(c.raw.Shape)
	return slices.ContainsFunc(all, func(o Candidate) bool {
		s := o.raw.Shape
		scores := o.Head.Kind != onnx.HeadLogits || withinUnit(o.raw.Data) || containsAny(strings.ToLower(o.Port.Name), "score", "cls", "class", "logit", "prob", "conf")
		return o.Port != c.Port && len(s) == n && slices.Equal(s[:n-1], c.raw.Shape[:n-1]) && s[n-1] > 1 && scores
	})
}

// passedOver tells whether the user named another output than those of the
// group.
func (g *boxGroup) passedOver(all []Candidate) bool {
	return slices.ContainsFunc(all, func(c Candidate) bool {
		return c.Named && c.Port != g.boxes.Port && c.Port != g.scores.Port && (g.labels == nil || c.Port != g.labels.Port)
	})
}

// findGroups are all groups, the first first: detectors give a set for every
// size of objects.
func findGroups(all []Candidate, pictures int) []*boxGroup {
	var out []*boxGroup
	for i := range all {
		g := findGroup(all[i:], pictures)
		if g == nil {
			break
		}
		if !slices.ContainsFunc(out, g.shares) {
			out = append(out, g)
		}
	}
	return out
}

// shares reports whether two groups have boxes or scores in common.
func (g *boxGroup) shares(o *boxGroup) bool {
	return o.boxes.Port == g.boxes.Port || o.scores.Port == g.scores.Port
}

// mostLike is the list beside boxes that looks most like something, but for one
// that is something else already; nil where none does.
func mostLike(all []Candidate, boxes, taken *Candidate, like func(*Candidate) int) *Candidate {
	var best *Candidate
	for i := range all {
		c := &all[i]
		if c != boxes && c != taken && c.lists(boxes) && like(c) > 0 && (best == nil || like(c) > like(best)) {
			best = c
		}
	}
	return best
}

// lists tells whether an output has one number per box.
func (c *Candidate) lists(boxes *Candidate) bool {
	lead := boxes.raw.Shape[:len(boxes.raw.Shape)-1]
	return c.numeric && (slices.Equal(c.raw.Shape, lead) || slices.Equal(c.raw.Shape, append(slices.Clone(lead), 1)))
}

// likeLabels weighs how much a list looks like class numbers, 0 for not at all.
func (c *Candidate) likeLabels() int {
	name := strings.ToLower(c.Port.Name)
	whole := c.Port.Type != 0 && !c.Port.Type.IsFloat()
	if slices.ContainsFunc(c.raw.Data, func(v float32) bool { return v != float32(int(v)) }) || c.numbers == nil && isCount(name) {
		return 0
	}
	sum := 1
	if c.numbers != nil {
		sum += 4
	}
	if whole {
		sum += 3
	}
	if containsAny(name, "label", "class", "cls", "categor") {
		sum += 3
	}
	if containsAny(name, "indice", "index", "anchor", "track") {
		sum -= 3
	}
	if sum == 1 && len(c.raw.Data) == 0 {
		return 0 // an empty list of a nameless output may be anything
	}
	return max(sum, 0)
}

// likeScores weighs how much a list looks like scores of boxes, 0 for not at
// all.
func (c *Candidate) likeScores() int {
	name := strings.ToLower(c.Port.Name)
	if c.Port.Type != 0 && !c.Port.Type.IsFloat() || c.numbers != nil || isCount(name) || wholeNumbers(c.raw.Data) {
		return 0
	}
	sum := 1
	if containsAny(name, "score", "conf", "prob") {
		sum += 3
	}
	if withinUnit(c.raw.Data) {
		sum += 2
	}
	if slices.ContainsFunc(c.raw.Data, func(v float32) bool { return v != float32(int(v)) }) {
		sum++
	}
	if containsAny(name, "label", "class", "categor", "indice", "index", "anchor") {
		sum -= 2
	}
	return max(sum, 0)
}

// isCount tells whether exporters call the number of boxes so.
func isCount(name string) bool {
	return strings.HasPrefix(name, "num_") || name == "num" || containsAny(name, "num_det", "numdet", "count", "valid_det")
}

// itself is an output read as it is, whatever it was made from.
func (c Candidate) itself() *Candidate {
	c.Tensor, c.value, c.Head = c.Port.Name, c.raw, onnx.Head{}
	return &c
}

// takeGroup reads the boxes of several outputs.
func (c *Card) takeGroup(f *Facts, g *boxGroup) {
	o := &c.Output
	o.Kind, o.Name, o.Whole = score.Selection, g.scores.Port.Name, g.whole
	o.Selected = score.Selected{Width: 1, Class: score.NoColumn}
	parts := []string{fmt.Sprintf("scores in %q", g.scores.Port.Name)}
	if g.scores == g.boxes {
		o.Selected.Width, o.Selected.Score = boxAndObject, boxOnly
		parts[0] = fmt.Sprintf("boxes with scores in %q", g.boxes.Port.Name)
	}
	var numbers *onnx.ClassNumbers
	var seen []float32
	if g.labels != nil {
		o.Selected.Labels = g.labels.Port.Name
		numbers, seen = g.labels.numbers, g.labels.raw.Data
		parts = append(parts, fmt.Sprintf("class numbers in %q", g.labels.Port.Name))
	}
	o.Origin = "boxes that the model selects itself: " + strings.Join(parts, ", ") + "; the score of a class is that of its best box"
	c.Say("output", fmt.Sprintf("%q holds the scores of selected boxes among the outputs %s", o.Name, DescribePorts(f.File.Graph.Outputs)))
	c.Say("kind", "the outputs are boxes with a score each")
	if g.labels == nil {
		o.Classes = 1
		return
	}
	c.countClasses(f, numbers, seen)
}

// countClasses finds out how many classes selected boxes can have: by the
// graph, by the names, else by the numbers that were seen.
func (c *Card) countClasses(f *Facts, numbers *onnx.ClassNumbers, seen []float32) {
	o := &c.Output
	highest := 0
	for _, v := range seen {
		if v > float32(highest) {
			highest = int(min(v, labelfile.Max-1))
		}
	}
	first := 0
	if numbers != nil && -labelfile.Max < numbers.First && numbers.First < labelfile.Max {
		first = max(numbers.First, 0)
		if n := numbers.Count + numbers.First; 0 < numbers.Count && numbers.Count <= labelfile.Max && highest < n {
			o.Selected.First, o.Classes = first, n
			return
		}
	}
	o.Selected.First = first
	if len(f.Labels) > 0 {
		if o.Classes = len(f.Labels[0].Names) + first; highest < o.Classes {
			return
		}
	}
	o.Classes = highest + 1
	c.doubtCount(f)
}
