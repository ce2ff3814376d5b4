package digest

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/spreadsheet"
	"picasso/backend/visible"
	"picasso/visualizers/audit"
)

// columns are those of rows.csv; the properties of pictures that are not named here
// follow them.
var columns = []string{"id", "path", "sha256", "width", "height", "label", "predicted", "probability", "logit", "runner_up", "margin", "entropy",
	"correct", "class_explained", "map_strength", "focus", "border", "corner_max", "top", "bottom", "com_x", "com_y", "cluster", "cluster_distance",
	"uniqueness", "nearest", "brightness", "contrast", "sharpness", "region_mass", "region_lift",
	"feature_nearest", "feature_similarity", "feature_distance", "error"}

// table writes rows.csv.
func (d *Digest) table(w io.Writer) error {
	header := slices.Clone(columns)
	var more []int
	for k, p := range audit.Properties {
		if !slices.Contains(columns, p.ID) {
			header, more = append(header, p.ID), append(more, k)
		}
	}
	return spreadsheet.WriteEach(w, header, func(yield func([]spreadsheet.Cell) bool) {
		for i := range d.Sample.Rows {
			if !yield(d.line(i, more)) {
				return
			}
		}
	})
}

// line is row i as cells. Of what has no answer only its name and its error are
// known.
func (d *Digest) line(i int, more []int) []spreadsheet.Cell {
	r, s := d.Sample.Rows[i], d.Analysis.Standing[i]
	label := text(strings.Join(d.LabelsOf(i), "|"))
	if r.Error != "" {
		cells := make([]spreadsheet.Cell, len(columns)+len(more))
		cells[0], cells[1], cells[5], cells[len(columns)-1] = spreadsheet.Whole(i), text(r.Path), label, text(r.Error)
		return cells
	}
	correct, nearest, alike := "", spreadsheet.Cell{}, spreadsheet.Cell{}
	if c := d.Correct(i); c != nil {
		correct = strconv.FormatBool(*c)
	}
	if s.Nearest >= 0 {
		nearest = spreadsheet.Whole(s.Nearest)
	}
	if s.Alike >= 0 {
		alike = spreadsheet.Whole(s.Alike)
	}
	cells := []spreadsheet.Cell{spreadsheet.Whole(i), text(r.Path), text(r.SHA256), spreadsheet.Whole(r.Width), spreadsheet.Whole(r.Height), label,
		text(d.ClassName(r.Predicted)), six(r.Probability), six(r.Logit), text(d.ClassName(r.RunnerUp)), six(r.Margin), six(r.Entropy),
		text(correct), text(d.ClassName(r.Explained)), six(r.Strength), six(r.Focus), six(r.Border), six(r.CornerMax), six(r.Top), six(r.Bottom),
		six(r.CentreX), six(r.CentreY), text(Letter(s.Way)), six(audit.Number(s.Distance)), six(audit.Number(s.Uniqueness)), nearest,
		property(r, "brightness"), property(r, "contrast"), property(r, "sharpness"), six(r.RegionMass), six(r.RegionLift),
		alike, six(audit.Number(s.Similarity)), six(audit.Number(s.Apart)), {}}
	for _, k := range more {
		cells = append(cells, six(r.Properties.At(k)))
	}
	return cells
}

func property(r audit.Row, id string) spreadsheet.Cell {
	k := slices.IndexFunc(audit.Properties, func(p audit.Property) bool { return p.ID == id })
	return six(r.Properties.At(k))
}

// six is a number with the six digits that rows keep.
func six(n audit.Number) spreadsheet.Cell { return spreadsheet.Number(float64(n.Rounded())) }

// text is a cell with words from outside.
func text(s string) spreadsheet.Cell { return spreadsheet.Text(visible.Text(s)) }
