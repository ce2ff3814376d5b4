package star

import (
	"flag"
	"fmt"
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
	want := before + begin + "\n" + reference() + "\n" + end + after
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
	text := reference()
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

// reference is the documentation of everything a script can name, in Markdown,
// written from the tables that the interpreter itself uses.
func reference() string {
	var b strings.Builder
	section := func(title, intro string, entries []Entry) {
		fmt.Fprintf(&b, "### %s\n\n%s\n\n", title, intro)
		for _, e := range entries {
			fmt.Fprintf(&b, "- `%s`: %s\n", e.Signature, e.Doc)
		}
		b.WriteString("\n")
	}
	section("Declaring", "Called at the top of the file, `visualizer` exactly once. Each setting has a `doc`: one sentence about its control.", declarers)
	section("ctx: values", "What `run(ctx, x, settings)` can read.", prefixed("ctx.", properties))
	section("ctx: functions", "How `run` uses the model and reports results.", calls)
	section("Results", "What `run` returns and `ctx.emit` takes: one of these, a bare tensor (a heat map), or a list of several.", outcomes)
	section("Making tensors", "A tensor is an array of numbers with axes; pictures are channels × height × width.", makers)
	section("Tensor methods", "`x.shape` is the tuple of lengths, `x.size` the number of values, `x[i]` an entry of the first axis, `len(x)` its length; `for` loops over its entries. "+
		"`+ - * / // %` work value by value, with numbers and with tensors of other shapes as in NumPy; `&` and `|` take the smaller and the larger value, `~` is 1 − x, so for masks they are *and*, *or* and *not*. "+
		"Comparisons are methods, because `<` cannot return a tensor. Only `add_rect` changes the tensor itself.", methods)
	b.WriteString("Also available: the functions of Starlark (`len`, `range`, `sorted`, `zip`, `enumerate`, `print`, `str` …), `struct`, the module `math`, and `nan`, which marks unknown values of a map.\n")
	return b.String()
}

// prefixed puts a prefix before every signature.
func prefixed(prefix string, entries []Entry) []Entry {
	out := append([]Entry(nil), entries...)
	for i := range out {
		out[i].Signature = prefix + out[i].Signature
	}
	return out
}
