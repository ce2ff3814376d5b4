package visualizers

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Choice is one of several words, and optionally a number. Its value is a
// string.
type Choice struct {
	Field
	Options []string
	// From adds options that depend on the model (its layers), after Options.
	From func(Subject) []string
	// Number allows any finite number besides the options.
	Number bool
	// Default is the initial option; "" is the first one.
	Default string
}

// In reads the setting.
func (s Choice) In(v Values) string { return read(v, s.ID, s.first(nil)) }

// All lists the options for a subject, which may be nil.
func (s Choice) All(of Subject) []string {
	if s.From == nil || of == nil {
		return s.Options
	}
	return append(slices.Clone(s.Options), s.From(of)...)
}

// Initial is the default, or the first option the subject offers.
func (s Choice) Initial(of Subject) any { return s.first(of) }

func (s Choice) first(of Subject) string {
	if s.Default != "" {
		return s.Default
	}
	if all := s.All(of); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Parse reads an option or a number. Options that differ in case only, or are
// the same number written differently (0.5 for 0.50), count as the option.
func (s Choice) Parse(text string) (any, error) {
	text = strings.TrimSpace(text)
	if !slices.Contains(s.Options, text) {
		for _, option := range s.Options {
			if strings.EqualFold(text, option) || sameNumber(text, option) {
				text = option
				break
			}
		}
	}
	return text, s.Check(text)
}

func sameNumber(a, b string) bool {
	x, okX := finite(a)
	y, okY := finite(b)
	return okX && okY && x == y
}

// Format writes the option.
func (s Choice) Format(v any) string { return fmt.Sprint(v) }

// Check refuses words that are not options. Where options depend on the model
// every word passes; CheckFor knows better.
func (s Choice) Check(v any) error {
	text, ok := v.(string)
	if !ok {
		return wrongType(s.ID, "a word", v)
	}
	if s.From != nil {
		return nil
	}
	return s.among(text, s.Options)
}

// CheckFor refuses words that are no options for this subject.
func (s Choice) CheckFor(of Subject, v any) error {
	text, ok := v.(string)
	if !ok {
		return wrongType(s.ID, "a word", v)
	}
	return s.among(text, s.All(of))
}

func (s Choice) among(text string, options []string) error {
	if slices.Contains(options, text) {
		return nil
	}
	if _, ok := finite(text); ok && s.Number {
		return nil
	}
	allowed := enumerate(options)
	if s.Number {
		allowed += " or a number"
	}
	return fmt.Errorf("%s: %q is unknown%s; choose %s", s.ID, text, suggest(text, options), allowed)
}

// Spec describes the setting.
func (s Choice) Spec() Spec {
	d := s.spec("choice", s.first(nil))
	d.Options, d.Number, d.Model = s.Options, s.Number, s.From != nil
	return d
}

func finite(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
}

// enumerate joins options for an error; long lists are cut.
func enumerate(options []string) string {
	const most = 12
	if len(options) > most {
		return fmt.Sprintf("%s, … (%d in all)", strings.Join(options[:most], ", "), len(options))
	}
	return strings.Join(options, ", ")
}

// Toggle is on or off. Its value is a bool.
type Toggle struct {
	Field
	Default bool
}

// In reads the setting.
func (s Toggle) In(v Values) bool { return read(v, s.ID, s.Default) }

// Initial is the default.
func (s Toggle) Initial(Subject) any { return s.Default }

// Parse reads on, off, true, false, yes, no, 1 or 0.
func (s Toggle) Parse(text string) (any, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "on", "true", "yes", "1":
		return true, nil
	case "off", "false", "no", "0":
		return false, nil
	}
	return nil, fmt.Errorf("%s: %q is neither on nor off", s.ID, text)
}

// Format writes on or off.
func (s Toggle) Format(v any) string {
	if v == true {
		return "on"
	}
	return "off"
}

// Check refuses anything but a bool.
func (s Toggle) Check(v any) error {
	if _, ok := v.(bool); !ok {
		return wrongType(s.ID, "on or off", v)
	}
	return nil
}

// Spec describes the setting.
func (s Toggle) Spec() Spec { return s.spec("toggle", s.Format(s.Default)) }
