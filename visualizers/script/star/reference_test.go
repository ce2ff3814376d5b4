package star

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/visualizers/script/wire"
)

var update = flag.Bool("update", false, "write the reference into the documents")

// The reference in the documents is what the code says.
func TestReference(t *testing.T) {
	const begin, end = "<!-- reference: begin, written by go test ./visualizers/script/star -update -->\n", "<!-- reference: end -->"
	path := filepath.Join("..", "..", "..", "docs", "visualizers.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the reference", path)
	}
	want := before + begin + "\n" + Reference() + "\n" + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("%s is out of date; run go test ./visualizers/script/star -update", path)
	}
}

// Every documented name exists, and everything that exists is documented.
func TestEverythingIsDocumented(t *testing.T) {
	text := Reference()
	s := &session{}
	c := &context{opaque: opaque{"ctx"}, s: s, job: &wire.Job{Target: wire.Target{Against: -1}},
		x: &tensor{shape: []int{1, 1, 1}, data: make([]float32, 1)}, probabilities: &tensor{data: make([]float32, 1)}, logits: &tensor{}}
	for _, name := range c.AttrNames() {
		if v, err := c.Attr(name); err != nil || v == nil {
			t.Errorf("ctx.%s is documented and does not exist: %v", name, err)
		}
	}
	for name := range s.predeclared() {
		if !strings.Contains(text, "`"+name+"(") && !strings.Contains(text, "`"+name+"`") {
			t.Errorf("%s is not documented", name)
		}
	}
	for _, m := range methods {
		if !strings.HasPrefix(m.Signature, m.Name+"(") || m.Doc == "" {
			t.Errorf("%s: signature %q, doc %q", m.Name, m.Signature, m.Doc)
		}
	}
}
