package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"picasso/backend/score"
	"picasso/backend/spreadsheet"
	"picasso/visualizers/spelling"
)

// ComparedFile is what a comparison of two models is called in its folder.
const ComparedFile = "compare.json"

// Compared is compare.json.
type Compared struct {
	Image            string        `json:"image"`
	SHA256           string        `json:"sha256"`
	Notice           string        `json:"notice,omitempty"` // of medical pictures
	A                ComparedModel `json:"a"`
	B                ComparedModel `json:"b"`
	Visualizer       string        `json:"visualizer"`
	Class            *ClassPair    `json:"class"` // null where the models share none
	Output           string        `json:"output"`
	DeltaProbability Number        `json:"delta_probability"` // of the class, a − b
	SameAnswer       *bool         `json:"same_answer"`       // null where the answers are no classes
	Spearman         Number        `json:"spearman"`          // of the maps
	Unit             string        `json:"unit"`              // of the maps; "" where none were compared
	ShapeOnly        bool          `json:"shape_only"`        // the maps are divided by their root mean square
	Notes            []string      `json:"notes"`             // what was compared otherwise than asked, in words
	Files            []string      `json:"files"`
	Drawn            []Drawn       `json:"drawn,omitempty"` // how both maps and their difference were drawn, in this order
}

// ComparedModel is one model with its answer.
type ComparedModel struct {
	Model       Model             `json:"model"`
	Settings    map[string]string `json:"settings"`
	Predictions []Prediction      `json:"predictions"`
}

// ClassPair is the class as either model has it.
type ClassPair struct {
	A       Class  `json:"a"`
	B       Class  `json:"b"`
	Matched string `json:"matched"` // by "name" or "index"
}

// Note adds what has to be known, once; "" for nothing.
func (c *Compared) Note(format string, a ...any) {
	if text := fmt.Sprintf(format, a...); text != "" && !slices.Contains(c.Notes, text) {
		c.Notes = append(c.Notes, text)
	}
}

// Sentence is the comparison in a line.
func (c *Compared) Sentence() string {
	var said []string
	switch {
	case c.SameAnswer == nil:
	case *c.SameAnswer:
		said = append(said, "same answer, "+c.A.Predictions[0].Name)
	default:
		said = append(said, fmt.Sprintf("A answers %s, B %s", c.A.Predictions[0].Name, c.B.Predictions[0].Name))
	}
	if c.Class != nil && !math.IsNaN(float64(c.DeltaProbability)) {
		said = append(said, fmt.Sprintf("%s %s in A against B", score.Probability.Of(c.Class.A.Name), signed("%+.4f", c.DeltaProbability)))
	}
	switch {
	case c.Unit == "":
		said = append(said, "only the answers are compared")
	case math.IsNaN(float64(c.Spearman)):
		said = append(said, "one of the maps is the same everywhere")
	default:
		said = append(said, "maps alike in order by "+signed("%.3f", c.Spearman))
	}
	return strings.Join(said, "; ")
}

// signed writes a number by a format, with a minus as wide as a plus.
func signed(format string, v Number) string {
	return strings.Replace(fmt.Sprintf(format, float64(v)), "-", spelling.Minus, 1)
}

// ByDisagreement sorts comparisons of pictures, what the models disagree about most
// first: other answers, then the larger difference of probability, then maps less
// alike.
func ByDisagreement(list []Compared) {
	slices.SortStableFunc(list, Disagreement)
}

// Disagreement is the order of [ByDisagreement].
func Disagreement(a, b Compared) int {
	return cmp.Or(cmp.Compare(a.agrees(), b.agrees()),
		cmp.Compare(size(b.DeltaProbability), size(a.DeltaProbability)), cmp.Compare(likeness(a.Spearman), likeness(b.Spearman)))
}

// WriteCompared writes a table of comparisons, one row a picture, as CSV.
func WriteCompared(w io.Writer, list []Compared) error {
	columns := []string{"image", "class_a", "class_b", "matched", "answer_a", "answer_b", "same_answer", "delta_probability", "spearman", "unit", "notes"}
	rows := make([][]spreadsheet.Cell, 0, len(list))
	for _, c := range list {
		row := []spreadsheet.Cell{spreadsheet.Text(c.Image), {}, {}, {}, best(c.A), best(c.B), {}, spreadsheet.Number(float64(c.DeltaProbability)),
			spreadsheet.Number(float64(c.Spearman)), spreadsheet.Text(c.Unit), spreadsheet.Text(strings.Join(c.Notes, "; "))}
		if c.Class != nil {
			row[1], row[2], row[3] = spreadsheet.Text(c.Class.A.Name), spreadsheet.Text(c.Class.B.Name), spreadsheet.Text(c.Class.Matched)
		}
		if c.SameAnswer != nil {
			row[6] = spreadsheet.Text(fmt.Sprint(*c.SameAnswer))
		}
		rows = append(rows, row)
	}
	return spreadsheet.Write(w, columns, rows)
}

func best(m ComparedModel) spreadsheet.Cell {
	if len(m.Predictions) == 0 {
		return spreadsheet.Cell{}
	}
	return spreadsheet.Text(m.Predictions[0].Name)
}

// agrees is 0 where the answers differ, else 1.
func (c *Compared) agrees() int {
	if c.SameAnswer != nil && !*c.SameAnswer {
		return 0
	}
	return 1
}

// size is that of a number, 0 where it is none.
func size(n Number) float64 {
	if math.IsNaN(float64(n)) {
		return 0
	}
	return math.Abs(float64(n))
}

// likeness is a correlation, above all others where there is none.
func likeness(n Number) float64 {
	if math.IsNaN(float64(n)) {
		return math.Inf(1)
	}
	return float64(n)
}
