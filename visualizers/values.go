package visualizers

import (
	"fmt"
	"strings"
)

// Values holds one checked value per setting, by key. Visualizers read it
// through the settings themselves (size.In(values)), never by key.
type Values map[string]any

// Defaults are the initial values of all settings of v for a subject, which
// may be nil.
func Defaults(v Visualizer, s Subject) Values {
	values := Values{}
	for _, set := range v.Settings() {
		values[set.Key()] = set.Initial(s)
	}
	return values
}

// ParseValues reads "key=value" pairs as users type them; settings that are
// not named keep their defaults. Later pairs win.
func ParseValues(v Visualizer, s Subject, pairs []string) (Values, error) {
	values := Defaults(v, s)
	for _, pair := range pairs {
		key, text, ok := strings.Cut(pair, "=")
		key = strings.TrimSpace(key)
		if !ok {
			return nil, fmt.Errorf("%q is not a setting; write key=value", pair)
		}
		set, err := setting(v, key)
		if err != nil {
			return nil, err
		}
		value, err := set.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.Info().ID, err)
		}
		values[key] = value
	}
	return values, CheckValues(v, s, values)
}

// CheckValues refuses values that are missing, unknown, of the wrong type or
// out of range for a subject, which may be nil.
func CheckValues(v Visualizer, s Subject, values Values) error {
	for key := range values {
		if _, err := setting(v, key); err != nil {
			return err
		}
	}
	for _, set := range v.Settings() {
		if err := checkValue(set, s, values); err != nil {
			return fmt.Errorf("%s: %w", v.Info().ID, err)
		}
	}
	return nil
}

func checkValue(set Setting, s Subject, values Values) error {
	value, ok := values[set.Key()]
	if !ok {
		return fmt.Errorf("%s: no value given", set.Key())
	}
	if err := set.Check(value); err != nil {
		return err
	}
	if fitted, ok := set.(Fitted); ok && s != nil {
		return fitted.CheckFor(s, value)
	}
	return nil
}

// FormatValues writes all values of v as Parse reads them, for saving.
func FormatValues(v Visualizer, values Values) map[string]string {
	out := map[string]string{}
	for _, set := range v.Settings() {
		if value, ok := values[set.Key()]; ok {
			out[set.Key()] = set.Format(value)
		}
	}
	return out
}

func setting(v Visualizer, key string) (Setting, error) {
	var keys []string
	for _, set := range v.Settings() {
		if set.Key() == key {
			return set, nil
		}
		keys = append(keys, set.Key())
	}
	id := v.Info().ID
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s has no settings, so %q cannot be set", id, key)
	}
	return nil, fmt.Errorf("%s has no setting %q%s; it has %s", id, key, suggest(key, keys), enumerate(keys))
}
