package visualizers

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Int is a whole number between Min and Max. Its value is an int.
type Int struct {
	Field
	Min, Max, Step, Default int
}

// In reads the setting.
func (s Int) In(v Values) int { return read(v, s.ID, s.Default) }

// Initial is the default.
func (s Int) Initial(Subject) any { return s.Default }

// Parse reads a whole number.
func (s Int) Parse(text string) (any, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %q is not a whole number; give one from %d to %d", s.ID, text, s.Min, s.Max)
	}
	return n, s.Check(n)
}

// Format writes a whole number.
func (s Int) Format(v any) string { return fmt.Sprint(v) }

// Check refuses anything but an int in range.
func (s Int) Check(v any) error {
	n, ok := v.(int)
	if !ok {
		return wrongType(s.ID, "a whole number", v)
	}
	if n < s.Min || n > s.Max {
		return fmt.Errorf("%s: %d is outside %d…%d", s.ID, n, s.Min, s.Max)
	}
	return nil
}

// Spec describes the setting.
func (s Int) Spec() Spec {
	d := s.spec("int", s.Format(s.Default))
	d.limit(float64(s.Min), float64(s.Max), float64(s.Step))
	return d
}

// Float is a number between Min and Max. Its value is a float64.
type Float struct {
	Field
	Min, Max, Step, Default float64
}

// In reads the setting.
func (s Float) In(v Values) float64 { return read(v, s.ID, s.Default) }

// Initial is the default.
func (s Float) Initial(Subject) any { return s.Default }

// Parse reads a number.
func (s Float) Parse(text string) (any, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return nil, fmt.Errorf("%s: %q is not a number; give one from %g to %g", s.ID, text, s.Min, s.Max)
	}
	return x, s.Check(x)
}

// Format writes a number with all its digits.
func (s Float) Format(v any) string {
	x, ok := v.(float64)
	if !ok {
		return fmt.Sprint(v)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Check refuses anything but a finite float64 in range.
func (s Float) Check(v any) error {
	x, ok := v.(float64)
	if !ok {
		return wrongType(s.ID, "a number", v)
	}
	if math.IsNaN(x) || x < s.Min || x > s.Max {
		return fmt.Errorf("%s: %g is outside %g…%g", s.ID, x, s.Min, s.Max)
	}
	return nil
}

// Spec describes the setting.
func (s Float) Spec() Spec {
	d := s.spec("float", s.Format(s.Default))
	d.limit(s.Min, s.Max, s.Step)
	return d
}

func (d *Spec) limit(low, high, step float64) { d.Min, d.Max, d.Step = &low, &high, &step }

// read returns the value of a key, or the fallback where it was left out.
func read[T any](v Values, key string, fallback T) T {
	if x, ok := v[key].(T); ok {
		return x
	}
	return fallback
}

func wrongType(key, want string, v any) error {
	return fmt.Errorf("%s: needs %s, got %v (%T)", key, want, v, v)
}
