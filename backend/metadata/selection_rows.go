package metadata

import (
	"fmt"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// noticeTable takes an output of rows for selected boxes where a column holds
// class numbers, or where something has chosen among rows of box and score. Raw
// rows have none of this.
func (c *Card) noticeTable(f *Facts, t *Candidate) {
	width, whole, ok := t.rows(max(c.Input.Pictures, 1))
	if !ok {
		return
	}
	o := &c.Output
	if width == boxAndObject {
		if !selects(f.File, t.Port.Name) && f.kind == "" {
			return
		}
		o.Kind, o.Whole, o.Classes = score.Selection, whole, 1
		o.Selected = score.Selected{Width: width, Score: boxOnly, Class: score.NoColumn}
		o.Origin = "rows of a box and its score, for every box that the model selects itself; what is scored is the best box"
		c.Say("kind", "the model selects among rows of a box and a score")
		return
	}
	class, place, numbers, sure := t.columns(width, f)
	if class < 0 {
		return
	}
	o.Kind, o.Whole = score.Selection, whole
	o.Selected = score.Selected{Width: width, Score: place, Class: class}
	o.Origin = fmt.Sprintf("rows of %d numbers, one for every box that the model selects itself: number %d is its score, number %d its class; the score of a class is that of its best box", width, place+1, class+1)
	c.Say("kind", "a number in every row is that of a class")
	c.countClasses(f, numbers, column(t.raw, width, class))
	if !sure {
		c.doubtColumns(f)
	}
}

// rows tells whether an output may be rows of selected boxes: a table with or
// without a batch in front, of at least a box and a score. One number more in
// front, of length 1, does no harm.
func (c *Candidate) rows(pictures int) (width int, whole, ok bool) {
	shape := c.raw.Shape
	switch rank := len(shape); {
	case rank == 2 && (shape[0] != pictures || c.joined()):
		whole = true
	case rank == 3 && shape[0] == pictures, rank == 4 && shape[0] == pictures && shape[1] == 1:
	default:
		return 0, false, false
	}
	width = shape[len(shape)-1]
	return width, whole, width >= boxAndObject
}

// joined tells whether rows were joined of parts, one of which is a class.
func (c *Candidate) joined() bool {
	return slices.ContainsFunc(c.parts, func(p part) bool { return p.numbers != nil })
}

func column(t infer.Tensor, width, at int) []float32 {
	var values []float32
	for i := at; i < len(t.Data); i += width {
		values = append(values, t.Data[i])
	}
	return values
}

// columns finds the columns of class number and score in rows; −1 where no
// column holds class numbers. sure tells that the graph says which they are.
func (c *Candidate) columns(width int, f *Facts) (class, place int, numbers *onnx.ClassNumbers, sure bool) {
	class, place, numbers = c.columnsByParts(width)
	if f.classColumn != nil && *f.classColumn < width {
		if class != *f.classColumn {
			numbers = nil
		}
		class = *f.classColumn
		place = c.scoreBeside(class, width)
		if f.scoreColumn != nil && *f.scoreColumn < width {
			place = *f.scoreColumn
		}
		return class, place, numbers, true
	}
	if class >= 0 && place >= 0 {
		return class, place, numbers, true
	}
	if class < 0 && !selects(f.File, c.Port.Name) && f.kind == "" {
		return -1, -1, nil, false // raw rows: nothing has chosen among them
	}
	apart := numbers != nil
	if class < 0 {
		class, apart = c.classByValues(width)
	}
	if class < 0 && (f.kind != "" || width == boxAndObject+1 && len(c.raw.Data) == 0) {
		class = boxAndObject
	}
	if class < 0 {
		return -1, -1, nil, false
	}
	return class, c.scoreBeside(class, width), numbers, apart && (numbers != nil || len(c.raw.Data) > width)
}

// columnsByParts tells the columns by what the rows were joined from.
func (c *Candidate) columnsByParts(width int) (class, score int, numbers *onnx.ClassNumbers) {
	class, score = -1, -1
	at := 0
	var lone []int // columns that are a part of their own
	for _, p := range c.parts {
		switch {
		case p.width == 0:
			return -1, -1, nil
		case p.width != 1:
		case p.numbers != nil && p.numbers.Node != nil:
			class, numbers = at, p.numbers
		case !p.index:
			lone = append(lone, at)
		}
		at += p.width
	}
	if at != width || class < 0 {
		return -1, -1, nil
	}
	lone = slices.DeleteFunc(lone, func(at int) bool { return at != class && zeros(column(c.raw, width, at)) })
	switch {
	case len(lone) == 1:
		score = lone[0]
	case slices.Contains(lone, class-1) && !slices.Contains(lone, class+1):
		score = class - 1
	case slices.Contains(lone, class+1) && !slices.Contains(lone, class-1):
		score = class + 1
	}
	return class, score, numbers
}

// zeros tells whether a column holds nothing else, as that of the number of
// the only picture does.
func zeros(v []float32) bool {
	return len(v) > 0 && !slices.ContainsFunc(v, func(x float32) bool { return x != 0 })
}

// classByValues is the column of whole numbers with a score beside it, −1 where
// there is none. Corners of boxes may be whole too: then the usual places are
// preferred, and it is not sure.
func (c *Candidate) classByValues(width int) (class int, sure bool) {
	var whole []int
	for at := range width {
		v := column(c.raw, width, at)
		none := len(v) == 0 || slices.ContainsFunc(v, func(x float32) bool { return x != float32(int(x)) || x < -1 })
		picture := at == 0 && zeros(v) && width > boxAndObject+1
		if !none && !picture {
			whole = append(whole, at)
		}
	}
	if len(whole) == 1 {
		return whole[0], true
	}
	for _, at := range []int{boxAndObject, 0, boxAndObject + 1, 1, boxOnly} {
		if !slices.Contains(whole, at) {
			continue
		}
		if v := column(c.raw, width, c.scoreBeside(at, width)); withinUnit(v) && !zeros(v) {
			return at, false
		}
	}
	return -1, false
}

// scoreBeside is the neighbour of the class number that leaves four numbers in
// a row for the box and whose values lie in 0…1.
func (c *Candidate) scoreBeside(class, width int) int {
	best := -1
	for _, at := range []int{class - 1, class + 1} {
		low, high := min(at, class), max(at, class)
		if at < 0 || at >= width || low < boxOnly && width-high <= boxOnly {
			continue
		}
		if v := column(c.raw, width, at); unitOrEmpty(v) && (best < 0 || zeros(column(c.raw, width, best)) && !zeros(v)) {
			best = at
		}
	}
	if best < 0 {
		best = max(class-1, 0)
	}
	return best
}

func unitOrEmpty(v []float32) bool { return len(v) == 0 || withinUnit(v) }

// selects tells whether an output comes out of an operator that chooses among
// boxes, or of one that is not known.
func selects(f *onnx.Model, output string) bool {
	return upstream(f, output, func(n *onnx.Node) (found, further bool) {
		known := n.Domain == "" || n.Domain == "ai.onnx" || n.Domain == "com.microsoft"
		return n.Is("NonMaxSuppression", "TopK", "NonZero") || !known, true
	})
}
