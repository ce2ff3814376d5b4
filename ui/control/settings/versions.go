package settings

import (
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

// merge writes own, a value of type t, over what a program of another version
// wrote in its place: keys that t does not have are kept.
func merge(old, own json.RawMessage, t reflect.Type) (json.RawMessage, error) {
	if t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
		return own, nil
	}
	var before, now map[string]json.RawMessage
	if json.Unmarshal(old, &before) != nil || len(before) == 0 {
		return own, nil // there was nothing, or something else
	}
	if err := json.Unmarshal(own, &now); err != nil || now == nil {
		return own, err
	}
	if t.Kind() == reflect.Struct {
		known := keys(t)
		for key, value := range before {
			if _, ok := known[key]; !ok {
				now[key] = value
			}
		}
	}
	for key, value := range now {
		below := t
		if t.Kind() == reflect.Map {
			below = t.Elem()
		} else if below = keys(t)[key]; below == nil {
			continue // kept as it was
		}
		merged, err := merge(before[key], value, below)
		if err != nil {
			return nil, err
		}
		now[key] = merged
	}
	return json.Marshal(now)
}

// keys are the names of a struct's fields in JSON, with their types.
func keys(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	for i := range t.NumField() {
		if key, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); key != "" {
			known[key] = t.Field(i).Type
		}
	}
	return known
}
