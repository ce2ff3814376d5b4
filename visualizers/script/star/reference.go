package star

import (
	"fmt"
	"strings"
)

// Reference is the documentation of everything a script can name, in Markdown,
// written from the tables that the interpreter itself uses.
func Reference() string {
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
	section("Making tensors", "A tensor is an array of numbers with axes; images are channels × height × width.", makers)
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
