package script_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The tutorial's scripts run as written.
func TestTutorial(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "visualizers.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```python\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of Starlark in the tutorial, want 2", len(blocks))
	}
	first := blocks[0][1]
	head, _, _ := strings.Cut(first, "    return table")
	second := strings.Replace(head+blocks[1][1], `returns = "table"`, `returns = ["map", "image", "text"]`, 1)
	for i, source := range []string{first, second} {
		s, err := host(t).Load(t.Context(), "darkness.star", source)
		if err != nil {
			t.Fatal(err)
		}
		in := input(t, s, vistestNet())
		in.Values["steps"] = 3
		r := explain(t, s, in)
		switch i {
		case 0:
			if r.Passes != 2 { // the first picture is the image itself
				t.Errorf("%d pictures were run, want 2", r.Passes)
			}
			rows := r.Parts[0].Table.Rows
			if base := float64(in.Base.Probabilities[1]); len(rows) != 3 || rows[0][1] != base {
				t.Errorf("%v, want 3 rows from %g on", rows, base)
			}
		case 1:
			if len(r.Maps) != 1 || len(r.Parts) != 2 || r.Parts[0].Picture == nil || r.Parts[1].Text == "" {
				t.Errorf("%d maps, parts %+v", len(r.Maps), r.Parts)
			}
		}
	}
}
