package jsondoc_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"picasso/backend/bounded"
	"picasso/backend/jsondoc"
)

const file = `{
  "a": [1,
        2.5],
  "b": {"c": "x: y, z",
        "d": null}, "e": true
}
`

func TestLinesOfValues(t *testing.T) {
	n, err := jsondoc.Parse([]byte("\xef\xbb\xbf" + file))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		node *jsondoc.Node
		kind jsondoc.Kind
		line int
		raw  string
	}{
		{n.At("a"), jsondoc.Array, 2, "[1,\n        2.5]"},
		{n.At("a").Items[1], jsondoc.Number, 3, "2.5"},
		{n.At("b", "c"), jsondoc.String, 4, `"x: y, z"`},
		{n.At("b", "d"), jsondoc.Null, 5, "null"},
		{n.At("e"), jsondoc.Boolean, 5, "true"},
	} {
		if tt.node.Kind != tt.kind || tt.node.Line != tt.line || string(tt.node.Raw) != tt.raw {
			t.Errorf("%s in line %d is %q, want %s in line %d: %q", tt.node.Kind, tt.node.Line, tt.node.Raw, tt.kind, tt.line, tt.raw)
		}
	}
	if n.At("b", "none", "x") != nil {
		t.Error("a key that is not there has a value")
	}
}

func TestMistakesNameTheLine(t *testing.T) {
	for text, line := range map[string]int{
		"{\n\"a\": [1,}":            2,
		"{\"a\": 1\n\n":             3,
		"":                          1,
		"{}\n{}":                    2,
		"{\"a\": 1,\n\"a\": 2}":     2,
		"{\n'a': 1}":                2,
		strings.Repeat("[", 10_000): 1,
	} {
		_, err := jsondoc.Parse([]byte(text))
		var syntax *jsondoc.SyntaxError
		if !errors.As(err, &syntax) || syntax.Line != line {
			t.Errorf("%.40q: %v, want a mistake in line %d", text, err, line)
		}
	}
}

const schema = `{
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "size": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"$ref": "#/$defs/side"}},
    "mode": {"enum": ["stretch", "crop"]},
    "mean": {"anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"}}]},
    "sharp": {"type": "boolean", "description": "true for no antialias"},
    "std": {"type": "number", "exclusiveMinimum": 0}
  },
  "$defs": {"side": {"type": "integer", "minimum": 1, "maximum": 100}}
}`

func TestSchemaNamesEveryMistake(t *testing.T) {
	s, err := jsondoc.ParseSchema([]byte(schema))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text, path, says string
		line             int
		unknown          bool
	}{
		{`{"size": [1, 100], "mode": "crop", "mean": [1, 2], "sharp": true, "std": 0.5}`, "", "", 0, false},
		{`{"mean": 3}`, "", "", 0, false},
		{"{\n\"size\": [1]}", "size", "a list", 2, false},
		{"{\"size\": [1,\n 101]}", "size[1]", "from 1 up to 100", 2, false},
		{`{"size": [1, 1.5]}`, "size[1]", "whole number", 1, false},
		{`{"mode": "fit"}`, "mode", "stretch, crop", 1, false},
		{`{"mean": "x"}`, "mean", "a number, or a list", 1, false},
		{`{"mean": [1, "x"]}`, "mean[1]", "a number", 1, false},
		{`{"sharp": 1}`, "sharp", "true for no antialias", 1, false},
		{`{"std": 0}`, "std", "above 0", 1, false},
		{`{"stdev": 1}`, "stdev", "mean, mode, sharp, size, std", 1, true},
		{`[]`, "", "an object", 1, false},
	} {
		n, err := jsondoc.Parse([]byte(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		found := s.Check(n)
		if tt.says == "" {
			if len(found) > 0 {
				t.Errorf("%s: %+v, want no problem", tt.text, found)
			}
			continue
		}
		if len(found) != 1 || found[0].Path != tt.path || found[0].Line != tt.line || found[0].Unknown != tt.unknown || !strings.Contains(found[0].Fault, tt.says) {
			t.Errorf("%s: %+v, want %q in line %d saying %q", tt.text, found, tt.path, tt.line, tt.says)
		}
	}
}

func TestSchemaThatRefersNowhere(t *testing.T) {
	for _, text := range []string{`{"$ref": "#/$defs/x"}`, `{"$defs": {"x": {"items": {"$ref": "#/$defs/x"}}}, "$ref": "#/$defs/x"}`, `3`} {
		if _, err := jsondoc.ParseSchema([]byte(text)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{file, "[]", `{"a": 1e400}`, "\"\\u00", "nul", "{\"a\":[{}]}"} {
		f.Add([]byte(text))
	}
	s, err := jsondoc.ParseSchema([]byte(schema))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		bounded.Run(t, bounded.Small(len(data)), func() {
			n, err := jsondoc.Parse(data)
			if err != nil {
				var syntax *jsondoc.SyntaxError
				if !errors.As(err, &syntax) || syntax.Line < 1 {
					t.Fatalf("error %v has no line", err)
				}
				return
			}
			if !json.Valid(n.Raw) {
				t.Fatalf("%q was taken", n.Raw)
			}
			s.Check(n)
		})
	})
}
