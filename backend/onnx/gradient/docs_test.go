package gradient_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"picasso/backend/onnx/gradient"
)

var update = flag.Bool("update", false, "write the tables of docs/gradients.md")

var docs = filepath.Join("..", "..", "..", "docs", "gradients.md")

// TestDocumentListsOperators keeps the table of operators in the documentation
// equal to the table of rules.
func TestDocumentListsOperators(t *testing.T) {
	var rules, stops, refused []string
	for _, o := range gradient.Operators() {
		switch {
		case o.Reason != "":
			refused = append(refused, fmt.Sprintf("| `%s` | %s |", o.Name, o.Reason))
		case o.Rule:
			rules = append(rules, "`"+o.Name+"`")
		case o.Stops:
			stops = append(stops, "`"+o.Name+"`")
		}
	}
	text := fmt.Sprintf("Rules for %d operators: %s.\n\nNo gradient, being constant almost everywhere (%d): %s.\n\nWithout a rule, with the remedy. Every operator that is not listed is refused too; there the remedy is to export with other operators:\n\n| Operator | It … |\n|---|---|\n%s\n",
		len(rules), strings.Join(rules, ", "), len(stops), strings.Join(stops, ", "), strings.Join(refused, "\n"))
	section(t, "operators", text, func(have string) bool { return have == text })
}

// TestEveryRuleIsCompared keeps rules from joining the table untested.
func TestEveryRuleIsCompared(t *testing.T) {
	// Every quantised twin runs through the operators around it.
	compared := map[string]bool{"QuantizeLinear": true, "DequantizeLinear": true, "com.microsoft.DequantizeLinear": true, "DynamicQuantizeLinear": true,
		"Unique": true, "Range": true} // the last two: TestCoverageIsWhatARunDoes
	for _, c := range rules() {
		name := c.op
		if c.domain != "" {
			name = c.domain + "." + c.op
		}
		compared[name] = true
	}
	for name := range twins() {
		compared[name] = true
	}
	for name := range dynamics() {
		compared[name] = true
	}
	for names := range writtenOut() {
		for _, name := range strings.Fields(names) {
			compared[name] = true
		}
	}
	for _, o := range gradient.Operators() {
		if o.Rule && !compared[o.Name] {
			t.Errorf("the rule of %s is not compared with anything", o.Name)
		}
	}
}

// report collects the errors of the reference models.
type report struct {
	mu   sync.Mutex
	rows map[string][3]float64 // logit, probability, activation
}

func (r *report) note(name, what string, relative float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, known := r.rows[name]
	if !known {
		row = [3]float64{-1, -1, -1}
	}
	k := slices.Index([]string{"logit", "prob", "activation"}, what)
	row[k] = max(row[k], relative)
	r.rows[name] = row
}

// write puts the errors, rounded up to a power of ten, into the documentation.
func (r *report) write(t *testing.T) {
	var names []string
	for name := range r.rows {
		names = append(names, name)
	}
	slices.Sort(names)
	text := "| Model | ∂logit/∂x | ∂P/∂x | ∂logit/∂activation |\n|---|---|---|---|\n"
	for _, name := range names {
		row := r.rows[name]
		text += fmt.Sprintf("| %s | %s | %s | %s |\n", name, power(row[0]), power(row[1]), power(row[2]))
	}
	section(t, "models", text, func(have string) bool {
		for _, name := range names {
			if !strings.Contains(have, "| "+name+" |") {
				return false
			}
		}
		return true
	})
}

func power(v float64) string {
	switch {
	case v < 0:
		return "–"
	case v == 0:
		return "0"
	}
	return fmt.Sprintf("< 1e%d", int(math.Floor(math.Log10(v)))+1)
}

// section checks or, with -update, writes the part of the document between two
// marks.
func section(t *testing.T, name, text string, ok func(have string) bool) {
	t.Helper()
	data, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
	before, rest, found := strings.Cut(string(data), begin)
	have, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no part %q", docs, name)
	}
	if ok(have) {
		return
	}
	if !*update {
		t.Fatalf("the part %q of %s is out of date: run go test ./backend/onnx/gradient -update", name, docs)
	}
	if err := os.WriteFile(docs, []byte(before+begin+text+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
