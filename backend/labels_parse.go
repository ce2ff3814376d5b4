package backend

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseLabels tells the form by the content; name only distinguishes CSV.
func parseLabels(name string, data []byte) ([]string, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, errors.New("is no text")
	}
	var names []string
	var err error
	switch text := bytes.TrimSpace(data); {
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		names, err = jsonLabels(text)
	case len(text) > 0 && text[0] == '<':
		return nil, errors.New("is a web page or XML")
	case strings.EqualFold(filepath.Ext(name), ".csv"):
		names, err = csvLabels(data)
	default:
		names = lineLabels(string(data))
	}
	if err != nil {
		return nil, err
	}
	return checkLabels(names)
}

var (
	wordNetID = regexp.MustCompile(`^n\d{8}\s+`)
	numbered  = regexp.MustCompile(`^\s*(\d+)\s*[:\t,;.)]\s*`)
)

// lineLabels reads one label per line. WordNet ids go, and so do numbers when
// every line has its own.
func lineLabels(text string) []string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n\r\t "), "\n")
	counted := true
	for i, line := range lines {
		lines[i] = wordNetID.ReplaceAllString(strings.TrimSpace(line), "")
		m := numbered.FindStringSubmatch(lines[i])
		counted = counted && m != nil && m[1] == strconv.Itoa(i)
	}
	if counted {
		for i, line := range lines {
			lines[i] = numbered.ReplaceAllString(line, "")
		}
	}
	return lines
}

// csvLabels takes the column headed name, label or class, else the last one.
// A column headed index or id gives the order.
func csvLabels(data []byte) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("is no CSV table (%w)", err)
	}
	if len(records) == 0 {
		return nil, errors.New("holds no labels")
	}
	label, index, header := csvColumns(records[0])
	if header {
		records = records[1:]
	}
	byIndex := make(map[int]string, len(records))
	for i, rec := range records {
		at := i
		if index >= 0 && index < len(rec) {
			if at, err = strconv.Atoi(strings.TrimSpace(rec[index])); err != nil {
				return nil, fmt.Errorf("has the index %q in line %d", rec[index], i+1)
			}
		}
		column := label
		if column < 0 {
			column = len(rec) - 1
		}
		if column < len(rec) {
			byIndex[at] = rec[column]
		}
	}
	return inOrder(byIndex)
}

func csvColumns(first []string) (label, index int, header bool) {
	label, index = -1, -1
	for i, cell := range first {
		switch strings.ToLower(strings.TrimSpace(cell)) {
		case "name", "label", "labels", "class", "class_name", "classname", "display_name":
			label, header = i, true
		case "index", "id", "idx", "class_id", "class_index", "":
			index, header = i, true
		}
	}
	if !header && len(first) > 1 {
		if _, err := strconv.Atoi(strings.TrimSpace(first[0])); err == nil {
			index = 0
		}
	}
	return label, index, header
}

// inOrder turns labels by index into a list without gaps.
func inOrder(byIndex map[int]string) ([]string, error) {
	if len(byIndex) > maxLabels {
		return nil, fmt.Errorf("holds more than %d labels", maxLabels)
	}
	start := 0
	if _, zero := byIndex[0]; !zero {
		start = 1 // numbered from 1
	}
	names := make([]string, len(byIndex))
	for i := range names {
		name, ok := byIndex[i+start]
		if !ok {
			return nil, fmt.Errorf("has no label for class %d", i+start)
		}
		names[i] = name
	}
	return names, nil
}

// Keys under which programs keep a list of labels in a larger JSON object.
var labelKeys = []string{"id2label", "labels", "classes", "class_names", "names", "label_names"}

func jsonLabels(data []byte) ([]string, error) {
	if len(data) > 0 && data[0] == '[' {
		return jsonList(data)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, fmt.Errorf("is no complete JSON (%w)", err)
	}
	for _, key := range labelKeys {
		if inner := bytes.TrimSpace(object[key]); len(inner) > 0 && (inner[0] == '{' || inner[0] == '[') {
			return jsonLabels(inner)
		}
	}
	return jsonObject(object)
}

func jsonList(data []byte) ([]string, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("is no complete JSON (%w)", err)
	}
	names := make([]string, len(list))
	for i, raw := range list {
		var err error
		if names[i], err = jsonLabel(raw); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return names, nil
}

// jsonObject reads {"0": "tench"}, {"0": ["n01440764", "tench"]} and
// {"tench": 0}.
func jsonObject(object map[string]json.RawMessage) ([]string, error) {
	byIndex := make(map[int]string, len(object))
	for key, raw := range object {
		index, err := strconv.Atoi(key)
		if err != nil {
			if json.Unmarshal(raw, &index) != nil {
				return nil, fmt.Errorf("has the key %q where a class index is expected", key)
			}
			byIndex[index] = key
			continue
		}
		if byIndex[index], err = jsonLabel(raw); err != nil {
			return nil, fmt.Errorf("class %d: %w", index, err)
		}
	}
	return inOrder(byIndex)
}

// jsonLabel reads a label, or the last of a list such as [WordNet id, label].
func jsonLabel(raw json.RawMessage) (string, error) {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return wordNetID.ReplaceAllString(name, ""), nil
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		return list[len(list)-1], nil
	}
	var object struct{ Name, Label string }
	if json.Unmarshal(raw, &object) == nil && object.Name+object.Label != "" {
		if object.Name != "" {
			return object.Name, nil
		}
		return object.Label, nil
	}
	return "", errors.New("is no text")
}
