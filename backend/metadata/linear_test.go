package metadata

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"picasso/backend/bounded"
	"picasso/backend/onnx"
)

// Sidecars that are long in any way are read within a second, and say a few
// sentences. The limit leaves room for a busy machine: what grows with the square
// of the length takes ten times as long.
func TestLongSidecarsAreReadInTime(t *testing.T) {
	list := func(n int, line func(i int) string) string {
		lines := make([]string, n)
		for i := range lines {
			lines[i] = line(i)
		}
		return strings.Join(lines, ",\n")
	}
	for name, text := range map[string]string{
		"unknown keys":       "{" + list(80_000, func(i int) string { return fmt.Sprintf(`"key%d": %d`, i, i) }) + "}",
		"unknown inner keys": `{"preprocess": {` + list(80_000, func(i int) string { return fmt.Sprintf(`"key%d": []`, i) }) + "}}",
		"labels":             `{"labels": [` + list(80_000, func(i int) string { return fmt.Sprintf(`"label %d"`, i) }) + "]}",
		"the same label":     `{"labels": [` + list(80_000, func(int) string { return `"label"` }) + "]}",
		"numbers":            `{"preprocess": {"mean": [` + list(80_000, func(i int) string { return fmt.Sprint(i) }) + "]}}",
		"a long key":         `{"` + strings.Repeat("k", 1<<20) + `": 1}`,
		"nested":             strings.Repeat(`{"preprocess":`, 5000),
		"lines":              "{" + strings.Repeat("\n", 1<<20) + "}",
	} {
		facts := &Facts{File: &onnx.Model{}, Origin: make(map[string]string)}
		var err error
		t.Run(name, func(t *testing.T) {
			bounded.Run(t, bounded.Limits{Time: 3 * time.Second, Memory: 1 << 30}, func() {
				var s *Sidecar
				if s, err = parseSidecar([]byte(text)); err == nil {
					err = s.apply(facts, "none/x.json")
				}
			})
		})
		said := strings.Join(facts.warnings.Texts(), "\n")
		if err != nil {
			said += err.Error()
		}
		if len(facts.warnings) > 20 || len(said) > 10_000 && name != "a long key" {
			t.Errorf("%s: %d sentences of %d bytes", name, len(facts.warnings), len(said))
		}
	}
}
