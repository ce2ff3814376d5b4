package labels

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Names of columns, folded.
var (
	pathColumns  = []string{"filename", "file name", "file", "path", "filepath", "file path", "image", "image path", "image index", "image id", "img", "id"}
	labelColumns = []string{"label", "labels", "class", "class name", "target", "y", "category", "finding labels", "finding", "diagnosis"}
)

// Table reads comma, semicolon or tab separated values with a header: a column of
// paths or names, and either one of labels, several in a cell divided by | or ;, or
// a column for each of some of the model's classes, with 1, 0, −1 or nothing.
func Table(data []byte, classes []string) (*Source, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = separator(data), -1, true, true
	first, err := r.Read()
	if err != nil {
		return nil, errors.New("it has no header")
	}
	header := slices.Clone(first)
	paths := column(header, pathColumns)
	if paths < 0 {
		return nil, fmt.Errorf("none of its columns (%s) holds paths; call one %q", listed(header), "path")
	}
	t := &table{reader: r, header: header, paths: paths}
	if at := column(header, labelColumns); at >= 0 {
		return t.single(at)
	}
	return t.oneHot(classes)
}

// table is one that is being read.
type table struct {
	reader *csv.Reader
	header []string
	paths  int
}

// separator is the character between the columns of the first line.
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",\t;" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func column(header, names []string) int {
	for _, name := range names {
		if i := slices.IndexFunc(header, func(h string) bool { return Fold(h) == name }); i >= 0 {
			return i
		}
	}
	return -1
}

func listed(header []string) string {
	if len(header) > 8 {
		return fmt.Sprintf("%s and %d more", strings.Join(header[:8], ", "), len(header)-8)
	}
	return strings.Join(header, ", ")
}

// each calls f with every row that names a picture.
func (t *table) each(f func(place string, row []string) error) error {
	for n := 0; ; n++ {
		row, err := t.reader.Read()
		if err == io.EOF {
			return nil
		}
		line, _ := t.reader.FieldPos(0)
		if err != nil {
			return fmt.Errorf("it cannot be read: %w", err)
		}
		if n == maxEntries {
			return fmt.Errorf("it has more than %d rows", maxEntries)
		}
		if t.paths >= len(row) || strings.TrimSpace(row[t.paths]) == "" {
			continue
		}
		if err := f(clean(row[t.paths]), row); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// clean is a path with /, as short as it goes.
func clean(place string) string {
	return strings.TrimPrefix(path.Clean(strings.ReplaceAll(strings.Clone(strings.TrimSpace(place)), `\`, "/")), "/")
}

// single reads one column of labels.
func (t *table) single(at int) (*Source, error) {
	s := &Source{Form: fmt.Sprintf("a table with labels in the column %q", t.header[at]), Exclusive: true}
	var classes classIndex
	err := t.each(func(place string, row []string) error {
		if at >= len(row) || strings.TrimSpace(row[at]) == "" {
			return nil // not labelled
		}
		e := Entry{Place: place, Marks: map[int]Mark{}}
		parts := strings.FieldsFunc(row[at], func(r rune) bool { return r == '|' || r == ';' })
		for _, name := range parts {
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			k, err := classes.of(strings.Clone(name))
			if err != nil {
				return err
			}
			e.Marks[k] = Present
		}
		if len(e.Marks) > 1 {
			s.Exclusive = false
		}
		s.Entries = append(s.Entries, e)
		return nil
	})
	s.Classes = classes.names
	return s, err
}

// oneHot reads a column for each class.
func (t *table) oneHot(model []string) (*Source, error) {
	s := &Source{Exclusive: true}
	known := map[string]bool{}
	for _, name := range model {
		known[Fold(name)] = true
	}
	var at []int
	for i, h := range t.header {
		if i != t.paths && known[Fold(h)] {
			at = append(at, i)
			s.Classes = append(s.Classes, h)
		}
	}
	if at == nil {
		return nil, fmt.Errorf("none of its columns (%s) holds labels, and none is called like a class of the model (%s)", listed(t.header), listed(model))
	}
	s.Form = fmt.Sprintf("a table with a column for each of %d classes", len(at))
	err := t.each(func(place string, row []string) error {
		e := Entry{Place: place, Marks: map[int]Mark{}}
		present := 0
		for k, column := range at {
			if column >= len(row) {
				return fmt.Errorf("it has %d columns, not %d", len(row), len(t.header))
			}
			m, err := mark(row[column])
			if err != nil {
				return fmt.Errorf("%s: %w", t.header[column], err)
			}
			switch m {
			case Absent:
				continue
			case Present:
				present++
			}
			e.Marks[k] = m
		}
		s.Exclusive = s.Exclusive && present == 1 && len(e.Marks) == 1
		s.Entries = append(s.Entries, e)
		return nil
	})
	return s, err
}

// mark reads a cell of a column for one class.
func mark(text string) (Mark, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "", "nan", "na", "null":
		return Blank, nil
	case "true", "yes":
		return Present, nil
	case "false", "no":
		return Absent, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err == nil && v == 1:
		return Present, nil
	case err == nil && v == 0:
		return Absent, nil
	case err == nil && v == -1:
		return Uncertain, nil
	}
	return Blank, fmt.Errorf("%q is none of 1, 0, −1 and nothing", text)
}
