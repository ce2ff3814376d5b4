package score

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/preprocess"
)

// Region is the part of a segmentation, or of a map of values, over which a
// score is summed. The zero value is the whole picture.
type Region struct {
	// Mask takes for every class the pixels where it is the best class of that
	// picture.
	Mask bool
	// Box is left, top, right and bottom in pixels of the output, right and
	// bottom not included; nil is no limit.
	Box []int
}

// UnmarshalJSON reads "all", "mask" or [left, top, right, bottom].
func (r *Region) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		*r = Region{Mask: name == "mask"}
		if name != "all" && name != "mask" {
			return &preprocess.KeyError{Key: "region", Fault: fmt.Sprintf("%q is unknown, allowed: all, mask, [left, top, right, bottom]", name)}
		}
		return nil
	}
	var box []int
	if json.Unmarshal(data, &box) != nil || len(box) != 4 || box[0] < 0 || box[1] < 0 || box[0] >= box[2] || box[1] >= box[3] {
		return &preprocess.KeyError{Key: "region", Fault: "must be \"all\", \"mask\" or [left, top, right, bottom] with left < right and top < bottom"}
	}
	*r = Region{Box: box}
	return nil
}

// MarshalJSON implements [json.Marshaler].
func (r Region) MarshalJSON() ([]byte, error) {
	switch {
	case r.Mask:
		return []byte(`"mask"`), nil
	case r.Box != nil:
		return json.Marshal(r.Box)
	}
	return []byte(`"all"`), nil
}

// String writes the region as users do: "all", "mask" or "[0,1,4,5]".
func (r Region) String() string {
	switch {
	case r.Mask:
		return "mask"
	case r.Box != nil:
		return strings.ReplaceAll(fmt.Sprint(r.Box), " ", ",")
	}
	return "all"
}

// ParseRegion reads what [Region.String] writes; nothing is the whole picture.
func ParseRegion(text string) (Region, error) {
	var r Region
	switch text {
	case "", "all":
		return r, nil
	case "mask":
		return Region{Mask: true}, nil
	}
	err := r.UnmarshalJSON([]byte(text))
	return r, err
}

func (r Region) all() bool { return !r.Mask && r.Box == nil }

// inside tells whether the score of class c at a position of a table counts;
// nil counts everything.
type inside func(outer, class, inner int) bool

// Values that stand for the probability ½, above which a single class is in
// its own mask.
const (
	evenLogit       = 0
	evenProbability = 0.5
	evenLogarithm   = -math.Ln2
)

// inside is the region on a table of class scores, in which even stands for
// the probability ½.
func (s Reader) inside(t Table, even float32) inside {
	r := s.Output.Region
	switch {
	case s.Output.Kind == Sequence:
		return s.atStep(t)
	case s.Output.Kind != Segmentation && s.Output.Kind != Dense || r.all():
		return nil
	case r.Mask:
		return func(o, c, i int) bool { return t.best(o, i, even) == c }
	}
	width := s.Output.columns()
	return func(o, _, i int) bool {
		at := o*t.inner + i
		x, y := at%width, at/width
		return x >= r.Box[0] && y >= r.Box[1] && x < r.Box[2] && y < r.Box[3]
	}
}

// best is the class with the highest score at a position. A single class is
// the best where it is more likely than not, else none is (−1).
func (t Table) best(o, i int, even float32) int {
	value := func(c int) float32 { return t.Data[(o*t.classes+c)*t.inner+i] }
	if t.classes == 1 {
		if value(0) <= even {
			return -1
		}
		return 0
	}
	best := 0
	for c := 1; c < t.classes; c++ {
		if value(c) > value(best) {
			best = c
		}
	}
	return best
}

// Grid is the number of columns and rows of a segmentation or of a map of
// values.
func (o Output) Grid() (columns, rows int) {
	columns = o.columns()
	return columns, max(infer.Elements(o.Shape)/max(o.Classes*columns, 1), 1)
}

// Check refuses a box without a pixel of the output.
func (r Region) Check(o Output) error {
	if r.Mask && o.Kind == Dense {
		return &preprocess.KeyError{Key: "region", Fault: fmt.Sprintf("%q is for classes; the output %q has one value per pixel; allowed: \"all\" or [left, top, right, bottom] in pixels of the output", "mask", o.Name)}
	}
	columns, rows := o.Grid()
	if r.Box != nil && (r.Box[0] >= columns || r.Box[1] >= rows) {
		return &preprocess.KeyError{Key: "region", Fault: fmt.Sprintf("%v lies outside the output %q, which has %d×%d pixels; allowed: \"all\", \"mask\" or [left, top, right, bottom] in pixels of the output", r.Box, o.Name, columns, rows)}
	}
	return nil
}

// columns is the number of columns of the grid.
func (o Output) columns() int {
	for axis := len(o.Shape) - 1; axis > 0; axis-- {
		if axis != o.Axis {
			return max(o.Shape[axis], 1)
		}
	}
	return 1
}
