// Package spreadsheet writes tables as CSV (RFC 4180) that spreadsheet programs
// open as data alone: a text that they would take for a formula is kept from
// being one.
package spreadsheet

import (
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Cell is one cell of a table; the zero value is empty.
type Cell struct{ text string }

// Text is a cell that holds text from anywhere. One that begins with =, +, -, @,
// a tab or a line break gets an apostrophe in front, which spreadsheets take for
// "this is text" (OWASP, CSV injection); blanks before such a character do not
// hide it.
func Text(s string) Cell {
	if begin := strings.TrimLeft(s, " \u00a0"); begin != "" && strings.ContainsRune("=+-@\t\r\n", rune(begin[0])) {
		s = "'" + s
	}
	return Cell{s}
}

// Number is a cell that holds a number with all its digits; one that is not
// known, NaN, leaves it empty.
func Number(v float64) Cell {
	if v != v {
		return Cell{}
	}
	return Cell{strconv.FormatFloat(v, 'g', -1, 64)}
}

// Single is [Number] for a number of single precision: no more digits than it
// has.
func Single(v float32) Cell {
	if v != v {
		return Cell{}
	}
	return Cell{strconv.FormatFloat(float64(v), 'g', -1, 32)}
}

// Whole is a cell that holds a whole number.
func Whole(n int) Cell { return Cell{strconv.Itoa(n)} }

// Write writes the names of the columns, then the rows.
func Write(w io.Writer, columns []string, rows [][]Cell) error {
	return WriteEach(w, columns, slices.Values(rows))
}

// WriteEach is Write for rows that are made one after the other.
func WriteEach(w io.Writer, columns []string, rows iter.Seq[[]Cell]) error {
	out := csv.NewWriter(w)
	line := make([]string, 0, len(columns))
	for _, name := range columns {
		line = append(line, Text(name).text)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for row := range rows {
		line = line[:0]
		for _, cell := range row {
			line = append(line, cell.text)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
