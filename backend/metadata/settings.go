package metadata

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/preprocess"
)

// overrides are single values of the sidecar as the user gives them on the
// command line: "preprocess.mean=[0,0,0]", "box=19", "preprocess.preset=keras-tf".
type overrides []string

// userOrigin is where values come from that the user gives on the command line
// or in the window.
const userOrigin = "your settings"

func (o overrides) Find(f *Facts) error {
	if len(o) == 0 {
		return nil
	}
	root := map[string]any{}
	for _, pair := range o {
		if err := set(root, pair); err != nil {
			return err
		}
	}
	data, err := json.Marshal(root)
	if err != nil {
		return err
	}
	s, err := parseSidecar(data)
	if err == nil {
		for _, p := range s.unknown() {
			return fmt.Errorf("%s: the key %q %s", userOrigin, p.Path, p.Fault)
		}
		err = s.apply(f, filepath.Join(filepath.Dir(f.path), userOrigin))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", userOrigin, withoutLine(err))
	}
	return nil
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
