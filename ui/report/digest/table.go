package digest

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"picasso/backend/visible"
	"picasso/visualizers/audit"
)

// columns are those of rows.csv; the properties of pictures that are not named here
// follow them.
var columns = []string{"id", "path", "sha256", "width", "height", "label", "predicted", "probability", "logit", "runner_up", "margin", "entropy",
	"correct", "class_explained", "map_strength", "focus", "border", "corner_max", "top", "bottom", "com_x", "com_y", "cluster", "cluster_distance",
	"uniqueness", "nearest", "brightness", "contrast", "sharpness", "region_mass", "region_lift", "error"}

// table writes rows.csv: RFC 4180 with a header.
func (d *Digest) table(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := append([]string(nil), columns...)
	var more []int
	for k, p := range audit.Properties {
		if !named(p.ID) {
			header, more = append(header, p.ID), append(more, k)
		}
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for i := range d.Sample.Rows {
		if err := out.Write(d.line(i, more)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func named(id string) bool {
	for _, c := range columns {
		if c == id {
			return true
		}
	}
	return false
}

// line is row i as cells.
func (d *Digest) line(i int, more []int) []string {
	r, s := d.Sample.Rows[i], d.Analysis.Standing[i]
	known := r.Error == ""
	number := func(n audit.Number) string {
		if !known {
			return ""
		}
		return n.String()
	}
	whole := func(n int) string {
		if !known || n < 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	runnerUp, correct := "", ""
	if known {
		runnerUp = d.class(r.RunnerUp)
	}
	if c := d.correct(i); c != nil {
		correct = strconv.FormatBool(*c)
	}
	cells := []string{strconv.Itoa(i), text(r.Path), r.SHA256, whole(r.Width), whole(r.Height), text(strings.Join(d.labelsOf(i), "|")),
		text(d.class(r.Predicted)), number(r.Probability), number(r.Logit), text(runnerUp), number(r.Margin), number(r.Entropy),
		correct, text(d.class(r.Explained)), number(r.Strength), number(r.Focus), number(r.Border), number(r.CornerMax), number(r.Top), number(r.Bottom),
		number(r.CentreX), number(r.CentreY), letter(s.Way), number(audit.Number(s.Distance)),
		number(audit.Number(s.Uniqueness)), whole(s.Nearest), property(r, "brightness"), property(r, "contrast"), property(r, "sharpness"),
		number(r.RegionMass), number(r.RegionLift), text(r.Error)}
	for _, k := range more {
		cells = append(cells, property(r, audit.Properties[k].ID))
	}
	return cells
}

func property(r audit.Row, id string) string {
	for k, p := range audit.Properties {
		if p.ID == id && k < len(r.Properties) {
			return r.Properties[k].String()
		}
	}
	return ""
}

// text is a cell with words from outside. What spreadsheets would take for a formula
// begins with an apostrophe, which they hide (OWASP, CSV injection).
func text(s string) string {
	s = visible.Text(s)
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
