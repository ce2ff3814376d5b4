package drawing

import (
	"fmt"
	"strings"

	"picasso/backend/picture/measure"
	"picasso/visualizers/spelling"
)

// Measured is what was measured on a picture, in words, a line for each number.
func Measured(r measure.Reading) []string {
	where := ""
	if r.Scale.Detector {
		where = " at the detector"
	}
	switch r.Kind {
	case measure.Length:
		return []string{spelling.Number(r.Length) + " " + r.Scale.Unit() + where}
	case measure.Angle:
		return []string{fmt.Sprintf("%.1f°", r.Angle)}
	}
	var lines []string
	if len(r.Values) > 0 && r.Values[0].N == 0 {
		lines = append(lines, "no pixel inside")
	} else if len(r.Values) > 0 {
		each := func(of func(measure.Values) float64) string {
			var all []string
			for _, v := range r.Values {
				all = append(all, spelling.Number(of(v)))
			}
			return strings.Join(all, " · ")
		}
		unit := ""
		if r.Unit != "" {
			unit = " " + r.Unit
		}
		lines = append(lines,
			"mean "+each(func(v measure.Values) float64 { return v.Mean })+unit,
			"SD "+each(func(v measure.Values) float64 { return v.SD })+unit)
	}
	return append(lines, "area "+spelling.Number(r.Area)+" "+r.Scale.Unit()+"²"+where)
}
