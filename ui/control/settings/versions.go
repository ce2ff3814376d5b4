package settings

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// settingsVersion is the form in which this program writes its settings. Add
// a step to migrate when a key changes its name or its meaning.
const settingsVersion = 1

// migrate brings settings of an older form up to date. A newer program's file
// keeps its number: what this one writes into it, that one can read as it is.
func (s *Settings) migrate() {
	if s.Version < 1 { // files had no number, and the program no welcome
		s.Welcomed = true
	}
	s.Version = max(s.Version, settingsVersion)
}

// merge brings together what a file holds now, theirs, and what became of what
// it held before: own, a value of type t. What is not ours to change is kept as
// they have it: keys that t does not have, and what own has left as it was.
// Nothing, for a key that is to go, is nil.
func merge(before, own, theirs json.RawMessage, t reflect.Type) (json.RawMessage, error) {
	switch {
	case same(before, own):
		return theirs, nil
	case t == reflect.TypeFor[recent]():
		return mergeRecent(before, own, theirs)
	case t.Kind() != reflect.Struct && t.Kind() != reflect.Map:
		return own, nil
	}
	old, err := object(before)
	if err != nil {
		return own, nil // it was something else
	}
	mine, err := object(own)
	if err != nil {
		return nil, err
	}
	now, err := object(theirs)
	if err != nil {
		return own, nil
	}
	all := map[string]json.RawMessage{}
	known := keys(t)
	for _, part := range []map[string]json.RawMessage{old, mine, now} {
		for key := range part {
			below, ours := known[key]
			if t.Kind() == reflect.Map {
				below, ours = t.Elem(), true
			}
			value := now[key]
			if ours {
				if value, err = merge(old[key], mine[key], now[key], below); err != nil {
					return nil, err
				}
			}
			if value != nil {
				all[key] = value
			}
		}
	}
	if len(all) == 0 && own == nil {
		return nil, nil
	}
	return json.Marshal(all)
}

// object reads a JSON object; nothing is an empty one.
func object(data json.RawMessage) (map[string]json.RawMessage, error) {
	var all map[string]json.RawMessage
	if len(data) == 0 {
		return all, nil
	}
	err := json.Unmarshal(data, &all)
	return all, err
}

// same compares JSON but for white space.
func same(a, b json.RawMessage) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// keys are the names of a struct's fields in JSON, with their types.
func keys(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	if t.Kind() != reflect.Struct {
		return known
	}
	for i := range t.NumField() {
		if key, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); key != "" {
			known[key] = t.Field(i).Type
		}
	}
	return known
}
