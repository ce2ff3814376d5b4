package metadata

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/preprocess"
)

// userOrigin is where values come from that the user gives on the command line
// or in the window.
const userOrigin = "your settings"

// ParseChoices reads single values of a sidecar as a command line states them,
// KEY=VALUE: "preprocess.mean=[0,0,0]", "box=19", "preprocess.preset=keras-tf".
// A later pair of the same key replaces an earlier one.
func ParseChoices(pairs []string) (Choices, error) {
	c, err := parseChoices(pairs)
	if err != nil {
		return Choices{}, fmt.Errorf("%s: %w", userOrigin, withoutLine(err))
	}
	return c, nil
}

// SidecarChoices are the choices that the bytes of a sidecar state.
func SidecarChoices(data []byte) (Choices, error) {
	s, err := parseSidecar(data)
	if err != nil {
		return Choices{}, err
	}
	return s.choices()
}

// Settings writes what is said about input and output as KEY=VALUE, which
// [ParseChoices] reads. Preparation, labels, references and constants are left
// out.
func (c Choices) Settings() []string {
	out := []string{}
	text := func(key, value string) {
		if value != "" {
			out = append(out, key+"="+value)
		}
	}
	number := func(key string, value *int) {
		if value != nil {
			text(key, fmt.Sprint(*value))
		}
	}
	text("input", c.Input)
	text("layout", string(c.Layout))
	text("output", c.Output)
	text("kind", string(c.Kind))
	text("activation", string(c.Activation))
	number("box", c.Box)
	number("skip", c.Skip)
	number("step", c.Step)
	number("score", c.ScoreColumn)
	number("class", c.ClassColumn)
	if c.Columns != nil {
		text("columns", fmt.Sprint(*c.Columns))
	}
	if c.Region != nil {
		text("region", c.Region.String())
	}
	if c.Value != nil {
		text("value", *c.Value)
	}
	if c.Unit != nil {
		text("unit", *c.Unit)
	}
	return out
}

func parseChoices(pairs []string) (Choices, error) {
	root := map[string]any{}
	for _, pair := range pairs {
		if err := set(root, pair); err != nil {
			return Choices{}, err
		}
	}
	data, err := json.Marshal(root)
	if err != nil {
		return Choices{}, err
	}
	s, err := parseSidecar(data)
	if err != nil {
		return Choices{}, err
	}
	for _, p := range s.unknown() {
		return Choices{}, fmt.Errorf("the key %q %s", p.Path, p.Fault)
	}
	return s.choices()
}

// withoutLine drops the line: a command line has none.
func withoutLine(err error) error {
	var key *preprocess.KeyError
	if errors.As(err, &key) {
		return &preprocess.KeyError{Key: key.Key, Fault: key.Fault}
	}
	return err
}

// textKeys are the keys whose values are texts even where they look like
// numbers: exporters call outputs "683".
func textKeys() []string { return []string{"input", "output", "value", "unit"} }

// set puts one key=value into the tree. A value that is no JSON is a text.
func set(root map[string]any, pair string) error {
	key, text, ok := strings.Cut(pair, "=")
	if !ok || key == "" {
		return fmt.Errorf("%q is not a setting of the model: give KEY=VALUE as in the sidecar, for example preprocess.preset=keras-tf", pair)
	}
	var value any = text
	if json.Valid([]byte(text)) && !slices.Contains(textKeys(), key) {
		value = json.RawMessage(text)
	}
	path := strings.Split(key, ".")
	at := root
	for _, name := range path[:len(path)-1] {
		next, ok := at[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[name] = next
		}
		at = next
	}
	at[path[len(path)-1]] = value
	return nil
}
