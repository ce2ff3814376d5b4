package labelfile

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Parse tells the form by the content; name only distinguishes CSV.
func Parse(name string, data []byte) ([]string, error) {
	data, err := readable(data)
	if err != nil {
		return nil, err
	}
	var names []string
	switch text := bytes.TrimSpace(data); {
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		names, err = FromJSON(text)
	case len(text) > 0 && text[0] == '<':
		return nil, errors.New("is a web page or XML")
	case strings.EqualFold(filepath.Ext(name), ".csv"):
		names, err = csvNames(data)
	default:
		names = lineNames(string(data))
	}
	if err != nil {
		return nil, err
	}
	return Check(names)
}

// readable brings a text file to UTF-8 with plain line ends. Windows programs
// write UTF-16, or Latin-1 where the labels have accents.
func readable(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = fromUTF16(data[2:], binary.BigEndian)
	case !utf8.Valid(data):
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		data = []byte(string(runes))
	}
	if bytes.ContainsFunc(data, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r) }) {
		return nil, errors.New("is not text")
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n")), nil
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

var (
	wordNetID = regexp.MustCompile(`^n\d{8}\s+`)
	numbered  = regexp.MustCompile(`^(\d+)(?:\s*[:\t,;)]\s*|\s*\.\s+|\s+-\s+|\s+)(\S.*)$`)
)

// lineNames reads one label per line. WordNet ids go. Numbers in front give
// the order, and go, when every line has its own.
func lineNames(text string) []string {
	lines := strings.Split(strings.TrimRight(text, "\n\t "), "\n")
	byIndex := make(map[int]string, len(lines))
	for i, line := range lines {
		lines[i] = wordNetID.ReplaceAllString(strings.TrimSpace(line), "")
		if m := numbered.FindStringSubmatch(lines[i]); m != nil {
			if index, err := strconv.Atoi(m[1]); err == nil {
				byIndex[index] = wordNetID.ReplaceAllString(m[2], "")
			}
		}
	}
	if len(byIndex) == len(lines) {
		if names, err := InOrder(byIndex); err == nil {
			return names
		}
	}
	return lines
}

// InOrder turns labels by index into a list without gaps.
func InOrder(byIndex map[int]string) ([]string, error) {
	if len(byIndex) > Max {
		return nil, fmt.Errorf("contains more than %d labels", Max)
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
var labelKeys = []string{"id2label", "labels", "classes", "class_names", "names", "label_names", "categories"}

func FromJSON(data []byte) ([]string, error) {
	if len(data) > 0 && data[0] == '[' {
		return jsonList(data)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, fmt.Errorf("is not complete JSON (%w)", err)
	}
	for _, key := range labelKeys {
		if inner := bytes.TrimSpace(object[key]); len(inner) > 0 && (inner[0] == '{' || inner[0] == '[') {
			return FromJSON(inner)
		}
	}
	return jsonObject(object)
}

func jsonList(data []byte) ([]string, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("is not complete JSON (%w)", err)
	}
	names := make([]string, len(list))
	byID := make(map[int]string, len(list))
	for i, raw := range list {
		var err error
		if names[i], err = jsonLabel(raw); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		var object struct{ ID *int }
		if json.Unmarshal(raw, &object) == nil && object.ID != nil {
			byID[*object.ID] = names[i]
		}
	}
	if ordered, err := InOrder(byID); err == nil && len(ordered) == len(names) {
		return ordered, nil
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
				return nil, fmt.Errorf("has the key %q instead of a class index", key)
			}
			byIndex[index] = key
			continue
		}
		if byIndex[index], err = jsonLabel(raw); err != nil {
			return nil, fmt.Errorf("class %d: %w", index, err)
		}
	}
	return InOrder(byIndex)
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
	return "", errors.New("is not text")
}
