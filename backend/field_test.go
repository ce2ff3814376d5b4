package backend_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"slices"
	"strconv"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/score"
)

// pending are the parts of cases that do not hold yet, by case and what is
// checked, with what they wait for. An entry goes when its part holds.
var pending = map[string]string{}

// fieldCase is a rebuilt public report: a model with what its authors expect.
type fieldCase struct {
	name, folder string
	want         map[string]json.RawMessage // of expected.json; nil where there is none
}

// value reads a key of expected.json; false where it is missing or has another
// form.
func (c fieldCase) value(key string, into any) bool {
	raw, ok := c.want[key]
	return ok && json.Unmarshal(raw, into) == nil
}

// check runs a part of a case. Parts that are pending may fail.
func (c fieldCase) check(t *testing.T, part string, run func() error) {
	t.Helper()
	err := run()
	why, waits := pending[c.name+"/"+part]
	switch {
	case err != nil && waits:
		t.Logf("pending (%s): %s: %v", why, part, err)
	case err != nil:
		t.Errorf("%s: %v", part, err)
	case waits:
		t.Errorf("%s holds now: take it out of the list of pending parts", part)
	}
}

// Models as they come from the wild give the numbers of their own makers, or
// are refused with a sentence.
func TestModelsFromTheWild(t *testing.T) {
	root := fixtures.Path(t, "field", "models")
	r := orttest.Runtime(t)
	folders, err := filepath.Glob(filepath.Join(root, "*", "model.onnx"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases in %s: %v", root, err)
	}
	for _, path := range folders {
		c := fieldCase{name: filepath.Base(filepath.Dir(path)), folder: filepath.Dir(path)}
		t.Run(c.name, func(t *testing.T) {
			if data, err := os.ReadFile(filepath.Join(c.folder, "expected.json")); err == nil {
				if err := json.Unmarshal(data, &c.want); err != nil {
					t.Fatal(err)
				}
			}
			c.run(t, r)
		})
	}
}

func (c fieldCase) run(t *testing.T, r infer.Opener) {
	x, m, err := c.open(t, r)
	if err != nil {
		c.check(t, "open", func() error { return c.refused(err) })
		return
	}
	if x.Shape == nil {
		return // opened, and there is nothing to compare with
	}
	scores, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	c.compare(t, m, scores[0])
	c.check(t, "alone", func() error { return aloneAsTogether(t, m, x) })
	c.check(t, "warning", func() error {
		if c.name != "12-batchnorm-left-in-training" || strings.Contains(strings.Join(texts(m), " "), "BatchNormalization") {
			return nil
		}
		return fmt.Errorf("nothing is said about training mode: %q", m.Warnings)
	})
	if _, err := os.Stat(filepath.Join(c.folder, "grad.npy")); err == nil {
		c.check(t, "gradient", func() error { return c.gradient(t, m, x, scores[0]) })
	}
	maps, _ := filepath.Glob(filepath.Join(c.folder, "gradcam*.npy"))
	for _, path := range maps {
		c.check(t, "layer", func() error { return c.layer(t, m, x, scores[0], path) })
	}
}

// refused accepts a refusal where nothing is expected of a model: it names the
// file and no type of the program.
func (c fieldCase) refused(err error) error {
	var missing *onnx.FileError
	switch text := err.Error(); {
	case len(c.want) > 0:
		return err
	case strings.Contains(text, "*onnxruntime") || strings.Contains(text, "interface {"):
		return fmt.Errorf("a type of the program is in the sentence: %w", err)
	case !errors.As(err, &missing) && !strings.Contains(text, "model.onnx"):
		return fmt.Errorf("the file is not named: %w", err)
	}
	return nil
}

// open opens the model as its author would: for the size of the array, with
// the arrays of its other inputs.
func (c fieldCase) open(t *testing.T, r infer.Opener) (infer.Tensor, *backend.Model, error) {
	path := filepath.Join(c.folder, "model.onnx")
	constants, err := metadata.ParseConstants(c.inputs(t, path), ".")
	if err != nil {
		return infer.Tensor{}, nil, err
	}
	opt := backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{Inputs: constants}}
	m, err := backend.OpenModel(t.Context(), r, path, opt)
	if err != nil {
		return infer.Tensor{}, nil, err
	}
	t.Cleanup(func() { m.Close() })
	file := filepath.Join(c.folder, "input.npy")
	if _, err := os.Stat(file); err != nil {
		return infer.Tensor{}, m, nil
	}
	a := readArray(t, file)
	if m.Input.Dynamic {
		side := a.Shape[len(a.Shape)-len(m.Input.Axes()):]
		opt.Choices.Size = [2]int(side[1:3])
		if m.Input.Layout == "NHWC" {
			opt.Choices.Size = [2]int(side[:2])
		}
		m = open(t, r, path, opt)
	}
	x, err := m.Accept(infer.Tensor{Shape: pictureOf(a), Data: firstOf(a)})
	if err != nil {
		t.Fatal(err)
	}
	return x, m, nil
}

// pictureOf and firstOf cut the first picture out of a batch.
func pictureOf(a npy.Array) []int {
	if len(a.Shape) == 4 {
		return a.Shape[1:]
	}
	return a.Shape
}

func firstOf(a npy.Array) []float32 { return a.Data[:infer.Elements(pictureOf(a))] }

// inputs are the arrays of the case for further inputs of the model.
func (c fieldCase) inputs(t *testing.T, path string) []string {
	file, err := onnx.Open(path)
	if err != nil {
		return nil
	}
	var list []string
	for _, v := range file.Graph.Feeds() {
		array := filepath.Join(c.folder, v.Name+".npy")
		if _, err := os.Stat(array); err == nil && v.Name != "input" {
			list = append(list, v.Name+"="+array)
		}
	}
	return list
}

// compare compares scores with everything that is expected of them.
func (c fieldCase) compare(t *testing.T, m *backend.Model, s score.Scores) {
	t.Helper()
	for key, got := range map[string][]float32{"logits": s.Logits, "logits_per_image": s.Logits, "prob": s.Probabilities, "probabilities": s.Probabilities, "alone": s.Probabilities} {
		var rows [][]float64
		if c.value(key, &rows) {
			c.check(t, key, func() error { return agrees(got, rows[0]) })
		}
	}
	var best map[string]float64
	if c.value("best_score_per_class", &best) {
		c.check(t, "best_score_per_class", func() error { return agreesBy(s.Probabilities, best) })
	}
	var each []float64
	if c.value("best_per_char", &each) {
		c.check(t, "best_per_char", func() error { return agrees(s.Probabilities, each) })
	}
	var sum float64
	if c.value("sum", &sum) {
		c.check(t, "sum", func() error { return agrees(s.Probabilities, []float64{sum}) })
	}
	var logit float64
	for _, keys := range [][2]string{{"best_char", "logit"}, {"cls", "best_logit"}} {
		var class int
		if c.value(keys[0], &class) && c.value(keys[1], &logit) {
			c.check(t, keys[1], func() error { return agrees(s.Logits[class:class+1], []float64{logit}) })
		}
	}
	var labels []string
	if c.value("labels", &labels) && !slices.Equal(m.Labels, labels) {
		t.Errorf("the labels are %q, want %q", m.Labels, labels)
	}
	var top int
	if c.value("top", &top) && c.want["rule"] == nil && s.Order()[0] != top {
		t.Errorf("the best class is %d, want %d", s.Order()[0], top)
	}
}

func agrees(got []float32, want []float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d values, want %d", len(got), len(want))
	}
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - w); !(d <= 1e-3*max(1, math.Abs(w))) || !(d <= 2e-3*math.Abs(w)+1e-4) {
			return fmt.Errorf("value %d is %g, want %g", i, got[i], w)
		}
	}
	return nil
}

// agreesBy compares scores by class number; classes that are not listed have
// the score 0.
func agreesBy(got []float32, want map[string]float64) error {
	all := make([]float64, len(got))
	for number, v := range want {
		class, err := strconv.Atoi(number)
		if err != nil || class >= len(all) {
			return fmt.Errorf("there is no class %s among %d", number, len(all))
		}
		all[class] = v
	}
	return agrees(got, all)
}

// aloneAsTogether compares two pictures run together with each of them alone.
func aloneAsTogether(t *testing.T, m *backend.Model, x infer.Tensor) error {
	dark := x.Clone()
	for i := range dark.Data[:len(dark.Data)/2] {
		dark.Data[i] = 0
	}
	together, err := m.Predict(t.Context(), []infer.Tensor{x, dark})
	if err != nil {
		return err
	}
	for i, picture := range []infer.Tensor{x, dark} {
		alone, err := m.Predict(t.Context(), []infer.Tensor{picture})
		if err != nil {
			return err
		}
		if d := alone[0].Distance(together[i]); d > 1e-4 && m.Origins["batch"] == "" && !training(m) {
			return fmt.Errorf("picture %d beside another is off by %.2g of the scores", i, d)
		}
	}
	return nil
}

// training tells whether a model answers at random.
func training(m *backend.Model) bool {
	return slices.ContainsFunc(m.File.Graph.Nodes, func(n *onnx.Node) bool { return n.Is("Dropout") && len(n.Inputs) > 2 })
}

// target is what the gradient of a case belongs to.
func (c fieldCase) target(m *backend.Model, s score.Scores) score.Target {
	class := s.Order()[0]
	c.value("best_char", &class)
	scale := score.Probability
	if m.HasLogits() {
		scale = score.Logit
	}
	return score.ClassTarget(class, scale)
}

func (c fieldCase) gradient(t *testing.T, m *backend.Model, x infer.Tensor, s score.Scores) error {
	got, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{c.target(m, s)})
	if err != nil {
		return err
	}
	a := readArray(t, filepath.Join(c.folder, "grad.npy"))
	return proportion(got[0][0].Data, m.Input.Planar(firstOf(a)).Data, 1, c.tolerance())
}

// layer compares the class activation map of the default layer.
func (c fieldCase) layer(t *testing.T, m *backend.Model, x infer.Tensor, s score.Scores, path string) error {
	a, g, err := m.LayerGradient(t.Context(), m.LastLayer(), x, []score.Target{c.target(m, s)})
	if err != nil {
		return err
	}
	want := readArray(t, path)
	cells := a.Shape[1] * a.Shape[2]
	if cells != len(want.Data) {
		return fmt.Errorf("the layer %q has %d×%d cells, want %v", m.LastLayer(), a.Shape[1], a.Shape[2], want.Shape)
	}
	cam := make([]float32, cells)
	for k := range a.Shape[0] {
		weight := float32(0)
		for _, v := range g[0].Slice(k).Data {
			weight += v / float32(cells)
		}
		for i, v := range a.Slice(k).Data {
			cam[i] += weight * v
		}
	}
	for i, v := range cam {
		cam[i] = max(v, 0)
	}
	return proportion(cam, want.Data, 0, c.tolerance())
}

// tolerance is how far gradients may be off, as a share of the largest value.
// That of the quantised model was computed without rounding its activations.
func (c fieldCase) tolerance() float64 {
	if c.name == "16c-vit-dynamic-quantised" {
		return 2e-2
	}
	return 1e-3
}

// proportion compares arrays up to a common factor, or with the factor given.
func proportion(got, want []float32, factor, tolerance float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d values, want %d", len(got), len(want))
	}
	top, highest := 0.0, 0.0
	for i := range want {
		top, highest = max(top, math.Abs(float64(want[i]))), max(highest, math.Abs(float64(got[i])))
	}
	if factor == 0 && highest > 0 {
		factor = top / highest
	}
	for i := range want {
		if d := math.Abs(factor*float64(got[i]) - float64(want[i])); !(d <= tolerance*top) {
			return fmt.Errorf("value %d is %g, want %g (largest %g)", i, factor*float64(got[i]), want[i], top)
		}
	}
	return nil
}
