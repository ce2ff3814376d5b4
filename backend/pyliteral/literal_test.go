package pyliteral_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"picasso/backend/pyliteral"
)

func TestLiterals(t *testing.T) {
	for text, want := range map[string]any{
		"[640, 640]":              []any{int64(640), int64(640)},
		"(1.5, -2e3, )":           []any{1.5, -2000.0},
		" {} ":                    []pyliteral.Pair{},
		"{0: 'person', 1: 'car'}": []pyliteral.Pair{{Key: int64(0), Value: "person"}, {Key: int64(1), Value: "car"}},
		`{0: "jack-o'-lantern", 'a': [True, False, None]}`: []pyliteral.Pair{
			{Key: int64(0), Value: "jack-o'-lantern"}, {Key: "a", Value: []any{true, false, nil}},
		},
		`'it\'s \x41\u00fc\n\q'`: "it's Aü\n\\q",
		"'über'":                 "über",
		"[[], ()]":               []any{[]any{}, []any{}},
	} {
		got, err := pyliteral.Parse(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v, %v, want %#v", text, got, err, want)
		}
	}
}

func TestMistakesNameTheLine(t *testing.T) {
	for text, line := range map[string]int{
		"{0: 'a',\n1 'b'}":           2,
		"[1,\n2":                     2,
		"'open":                      1,
		"":                           1,
		"1 2":                        1,
		"{0: cat}":                   1,
		`'\u12'`:                     1,
		`'\ud800'`:                   1,
		strings.Repeat("[", 100_000): 1,
	} {
		_, err := pyliteral.Parse(text)
		var syntax *pyliteral.SyntaxError
		if !errors.As(err, &syntax) || syntax.Line != line {
			t.Errorf("%.40q: %v, want a mistake in line %d", text, err, line)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"{0: 'a', 1: \"b\"}", "[1, 2.5, (None,)]", `'\x41\'`, "{", "-", "{1:}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := pyliteral.Parse(text)
		var syntax *pyliteral.SyntaxError
		if err != nil && (!errors.As(err, &syntax) || syntax.Line < 1) {
			t.Fatalf("error %v has no line", err)
		}
	})
}
