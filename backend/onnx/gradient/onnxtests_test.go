package gradient_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
	"picasso/backend/ort"
)

// ONNX's own backend tests: over a thousand models of single operators and
// small networks with inputs and outputs. Debian has them as the package
// libonnx-testdata. make test-onnx runs them through the gradients: every float
// output is differentiated with respect to every float input, and compared with
// finite differences element by element.

// TestONNXBackend fails where a gradient is wrong, or is zero although the
// result depends on the input, and counts the rest. PICASSO_ONNX_TESTS names the
// folder of the data; PICASSO_ONNX_ONLY, a part of a path, chooses models.
func TestONNXBackend(t *testing.T) {
	root := os.Getenv("PICASSO_ONNX_TESTS")
	if root == "" {
		t.Skip("takes minutes: run make test-onnx")
	}
	models, _ := filepath.Glob(filepath.Join(root, "*", "*", "model.onnx"))
	if len(models) == 0 {
		t.Skipf("no models in %s: install Debian's libonnx-testdata, or set PICASSO_ONNX_TESTS to a folder of ONNX's backend tests", root)
	}
	r := library(t)
	sum, renewed := newTally(), 0
	for _, path := range models {
		name, _ := filepath.Rel(root, filepath.Dir(path))
		if !strings.Contains(name, os.Getenv("PICASSO_ONNX_ONLY")) {
			continue
		}
		x := &backendCase{r: r, deadline: time.Now().Add(10 * time.Second)}
		if why := x.read(path); why != "" {
			sum.skip(why)
			continue
		}
		if x.old {
			renewed++
			if err := x.known(t.Context(), filepath.Join(filepath.Dir(path), "test_data_set_0")); err != nil {
				t.Errorf("%s: written for a newer operator set it gives something else: %v", name, err)
			}
		}
		for _, g := range x.differentiate(t.Context()) {
			if g.verdict == "silent zero" && x.constantScale(g.output) {
				g.verdict = "constant by convention"
			}
			sum.count(g)
			if g.bad() {
				t.Errorf("%s: %s → %s (%s): %s, error %.3g, have %.4g, want %.4g %s", name, g.input, g.output, g.mode, g.verdict, g.relative, g.have, g.want, g.detail)
			}
		}
	}
	sum.log(t)
	t.Logf("%d models of operator sets 1 to 6 keep their results when written anew", renewed)
}

// tally counts verdicts, and refusals by operator.
type tally struct{ verdicts, refusals, skipped map[string]int }

func newTally() *tally { return &tally{map[string]int{}, map[string]int{}, map[string]int{}} }

func (s *tally) skip(why string) { s.skipped[why]++ }

func (s *tally) count(g judged) {
	s.verdicts[g.verdict]++
	if g.verdict == "not run" {
		s.skipped["a pair: "+regexp.MustCompile(`[^A-Za-z ]+`).ReplaceAllString(g.detail[:min(len(g.detail), 120)], "…")]++
	}
	if g.verdict == "refused" {
		s.refusals[g.detail]++
	}
}

func (s *tally) log(t *testing.T) {
	for _, list := range []struct {
		what   string
		counts map[string]int
	}{{"pairs", s.verdicts}, {"models without a pair", s.skipped}, {"refusals", s.refusals}} {
		keys := make([]string, 0, len(list.counts))
		for k := range list.counts {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, func(a, b string) int {
			return cmp.Or(cmp.Compare(list.counts[b], list.counts[a]), cmp.Compare(a, b))
		})
		for _, k := range keys {
			t.Logf("%s: %5d %s", list.what, list.counts[k], k)
		}
	}
}

// judged is the verdict on one gradient: exact, zero, corners only, noise,
// refused, not run, or one of the bad ones.
type judged struct {
	input, output, mode, verdict, detail string
	relative                             float64
	have, want                           []float64
}

func (j judged) bad() bool {
	return slices.Contains([]string{"wrong", "silent zero", "wrong batch", "broken"}, j.verdict)
}

// backendCase is one model with its inputs.
type backendCase struct {
	r        *ort.Runtime
	model    *onnx.Model
	feeds    []*onnx.Value
	given    map[string]*onnx.Tensor
	tensors  map[string]infer.Tensor
	deadline time.Time
	old      bool // the file is of operator sets 1 to 6
	tamed    bool // its inputs are not those of the file
}

// read takes model and inputs from the files; why says what is in the way.
func (x *backendCase) read(path string) (why string) {
	m, err := onnx.Open(path)
	if err != nil {
		return "the model is not read"
	}
	version := m.Opsets[""]
	if m, err = gradient.Inline(m); err != nil {
		return "the model is not written out: " + err.Error()
	}
	x.old = version != m.Opsets[""]
	x.model, x.feeds = m, m.Graph.Feeds()
	x.given, x.tensors = map[string]*onnx.Tensor{}, map[string]infer.Tensor{}
	for i, v := range x.feeds {
		if v.Type == 0 || v.Type == onnx.String {
			return "an input is no tensor of numbers"
		}
		t, err := readProto(filepath.Join(filepath.Dir(path), "test_data_set_0", fmt.Sprintf("input_%d.pb", i)))
		if err != nil {
			return "an input has no value"
		}
		t.Name = v.Name
		values, err := t.Floats(nil)
		if err != nil {
			return "an input has no plain numbers"
		}
		shape := make([]int, len(t.Dims))
		for a, d := range t.Dims {
			shape[a] = int(d)
		}
		x.tamed = x.tamed || wild(values)
		if tame(values) {
			if t, err = onnx.NewConstant(v.Name, v.Type, shape, values); err != nil {
				return "an input has no plain numbers"
			}
		}
		x.given[v.Name], x.tensors[v.Name] = t, infer.Tensor{Shape: shape, Data: values}
	}
	if len(x.floats(x.feeds)) == 0 || len(x.floats(m.Graph.Outputs)) == 0 {
		return "no float input or output"
	}
	return ""
}

// constantScale reports an output that is the scale of a dynamic quantisation,
// which counts as a constant.
func (x *backendCase) constantScale(output string) bool {
	n, slot := x.model.Graph.Index().Producer(output)
	return n.Is("DynamicQuantizeLinear") && slot == 1
}

// tame replaces uninitialised memory, which some files hold, by plain numbers.
func tame(values []float32) (changed bool) {
	if !wild(values) {
		return false
	}
	for k := range values {
		values[k] = 0.1 + float32(k*7%11)/10
	}
	return true
}

func wild(values []float32) bool {
	return slices.ContainsFunc(values, func(v float32) bool { return v != v || v != 0 && (v > 1e20 || v < -1e20 || v < 1e-20 && v > -1e-20) })
}

// floats are the names of the values that hold floating-point numbers.
func (x *backendCase) floats(list []*onnx.Value) (names []string) {
	for _, v := range list {
		_, isInput := x.tensors[v.Name]
		if (v.Type == onnx.Float || v.Type == onnx.Double) && (!isInput || len(x.tensors[v.Name].Data) > 0) {
			names = append(names, v.Name)
		}
	}
	return names
}

// differentiate tries every input alone, with the others as constants, and all
// together; with the lengths of the file, and with a batch.
func (x *backendCase) differentiate(ctx context.Context) (list []judged) {
	ins, outs := x.floats(x.feeds), x.floats(x.model.Graph.Outputs)
	for _, in := range ins {
		list = append(list, x.mode(ctx, "one", []string{in}, outs)...)
		if len(x.tensors[in].Shape) > 0 {
			list = append(list, x.mode(ctx, "batch", []string{in}, outs)...)
		}
	}
	if len(ins) > 1 {
		list = append(list, x.mode(ctx, "all", ins, outs)...)
	}
	return list
}

// mode differentiates the outputs with respect to the given inputs.
func (x *backendCase) mode(ctx context.Context, mode string, ins, outs []string) (list []judged) {
	verdict := func(out, verdict string, err error) judged {
		g := judged{input: strings.Join(ins, ","), output: out, mode: mode, verdict: verdict, detail: err.Error()}
		var u *gradient.Unsupported
		if errors.As(err, &u) {
			g.verdict, g.detail = "refused", u.Op+" "+u.Reason
		}
		return g
	}
	b, err := x.prepare(ctx, ins, mode == "batch")
	if err != nil {
		if mode == "batch" {
			return nil // the model does not take two
		}
		return []judged{verdict("*", "not run", err)}
	}
	for _, out := range outs {
		if time.Now().After(x.deadline) {
			return append(list, verdict(out, "no time left", errors.New("")))
		}
		plan, err := gradient.Build(b.model, b.facts, out, ins, gradient.Options{})
		switch {
		case errors.Is(err, gradient.ErrNoPath):
			if mode == "one" {
				list = append(list, b.zero(ctx, ins[0], out))
			}
		case err != nil:
			list = append(list, verdict(out, "broken", err))
		default:
			got, err := b.check(ctx, mode, plan, ins, out)
			if err != nil {
				list = append(list, verdict(out, "not run", err))
			}
			list = append(list, got...)
		}
	}
	return list
}
