package labelfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// csvNames takes the column headed name, label or class, else the last one
// that is no number. A column of numbers, or one headed index or id, gives the
// order.
func csvNames(data []byte) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = separator(data)
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("is not a CSV table (%w)", err)
	}
	if len(records) == 0 {
		return nil, errors.New("contains no labels")
	}
	label, index, header := csvHeader(records[0])
	if header {
		records = records[1:]
	}
	if len(records) == 0 {
		return nil, errors.New("contains no labels")
	}
	if !header && len(records[0]) > 1 {
		index = slices.IndexFunc(records[0], isWhole)
	}
	if index >= 0 && !numbers(records, index) {
		index = -1 // WordNet ids and the like have no order
	}
	byIndex := make(map[int]string, len(records))
	for i, rec := range records {
		at := i
		if index >= 0 {
			at, _ = strconv.Atoi(strings.TrimSpace(rec[index]))
		}
		column := label
		if column < 0 {
			if column = len(rec) - 1; column == index && column > 0 {
				column--
			}
		}
		if column < len(rec) {
			byIndex[at] = rec[column]
		}
	}
	return InOrder(byIndex)
}

// separator is what stands between the cells of the first line: a comma where
// there is one.
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for _, sign := range ",;\t" {
		if bytes.ContainsRune(first, sign) {
			return sign
		}
	}
	return ','
}

func isWhole(cell string) bool {
	_, err := strconv.Atoi(strings.TrimSpace(cell))
	return err == nil
}

// numbers reports whether a column holds a whole number in every line.
func numbers(records [][]string, column int) bool {
	return !slices.ContainsFunc(records, func(rec []string) bool { return column >= len(rec) || !isWhole(rec[column]) })
}

// csvHeader looks for columns whose heads are known.
func csvHeader(first []string) (label, index int, header bool) {
	label, index = -1, -1
	for i, cell := range first {
		switch strings.ToLower(strings.TrimSpace(cell)) {
		case "name", "label", "labels", "class", "class_name", "classname", "display_name":
			label, header = i, true
		case "index", "id", "idx", "class_id", "class_index", "":
			index, header = i, true
		}
	}
	return label, index, header
}
