package dicom

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// maxQuote bounds what is repeated of a file's own text in a remark.
const maxQuote = 24

// parseDecimal reads a decimal string (PS3.5 6.2), with a comma for the point
// as some makers write it. What is no finite number is refused.
func parseDecimal(s string) (float64, bool) {
	if strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789+-.,eE", r) }) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// number is one value that changes what pixels mean, such as a slope: the file
// does not have it, has it, or has something that is no number. Several equal
// values count as one.
type number struct {
	value         float64
	given, broken bool
	written       string
}

// number reads an element that has one value.
func (d *dataset) number(tag Tag) number {
	all := d.decimals(tag)
	if len(all) == 0 {
		return number{}
	}
	n := number{value: all[0], given: true, written: d.written(tag)}
	for _, v := range all {
		n.broken = n.broken || math.IsNaN(v) || math.IsInf(v, 0) || v != all[0]
	}
	return n
}

// written is an element's value as the file has it: binary numbers as text.
func (d *dataset) written(tag Tag) string {
	e := d.find(tag)
	if e == nil {
		return ""
	}
	if e.floating() {
		return strings.Trim(fmt.Sprint(d.floats(e)), "[]")
	}
	return d.text(tag)
}

// quote repeats what a file says where that helps and tells nothing of the
// patient; it begins with a space.
func (p *findings) quote(s string) string {
	if s == "" || len(s) > maxQuote || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) || p.tells(s) {
		return ""
	}
	return " " + strconv.Quote(s)
}

// tells reports whether a text of the file names its patient.
func (p *findings) tells(s string) bool { return p.names != nil && p.names(s) }

// positives reads the two lengths of an element, which must both make sense.
func (d *dataset) positives(tag Tag, what, otherwise string, found *findings) ([2]float64, bool) {
	v := d.decimals(tag)
	switch {
	case len(v) == 0:
		return [2]float64{}, false
	case !positive(v):
		found.warn("the %s%s cannot be read; %s", what, found.quote(d.written(tag)), otherwise)
		return [2]float64{}, false
	}
	return [2]float64{v[0], v[1]}, true
}
