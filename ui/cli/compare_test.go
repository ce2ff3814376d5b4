package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/onnx"
	"picasso/ui/cli"
)

// comparedJSON mirrors what scripts read from compare.json.
type comparedJSON struct {
	A, B struct {
		Model       struct{ Path, SHA256 string }
		Predictions []struct {
			Index       int
			Name        string
			Probability float64
		}
	}
	Class *struct {
		A, B    struct{ Index int }
		Matched string
	}
	Spearman         *float64
	DeltaProbability *float64 `json:"delta_probability"`
	SameAnswer       *bool    `json:"same_answer"`
	Unit             string
	ShapeOnly        bool `json:"shape_only"`
	Notes            []string
}

// comparing runs compare and returns the results of pictures by their folders.
func comparing(t *testing.T, args ...string) (string, map[string]comparedJSON) {
	t.Helper()
	out := t.TempDir()
	code, _, said := picasso(t.Context(), append([]string{"compare", "--provider", "cpu", "--out", out}, args...)...)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	found, _ := filepath.Glob(filepath.Join(out, "*", "compare.json"))
	all := map[string]comparedJSON{}
	for _, path := range found {
		data, err := os.ReadFile(path)
		var c comparedJSON
		if err == nil {
			err = json.Unmarshal(data, &c)
		}
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(filepath.Dir(path))] = c
	}
	return out, all
}

// largest is the largest magnitude in an array.
func largest(t *testing.T, path string) (most float64, shape []int) {
	t.Helper()
	a := readArray(t, path)
	for _, v := range a.Data {
		most = max(most, math.Abs(float64(v)))
	}
	return most, a.Shape
}

func TestAModelDiffersFromItselfByNothing(t *testing.T) {
	model, images := sample(t, "digits")
	for _, method := range []string{"occlusion", "saliency", "grad-cam", "rise"} {
		args := []string{"--model", model, "--model", model, "--image", images[7], "--visualizer", method}
		if method == "rise" {
			args = append(args, "--set", "masks=200")
		}
		out, all := comparing(t, args...)
		for name, c := range all {
			if c.Spearman == nil || math.Abs(*c.Spearman-1) > 1e-12 || *c.DeltaProbability != 0 || !*c.SameAnswer || c.Class.Matched != "name" || c.ShapeOnly || len(c.Notes) > 0 {
				t.Errorf("%s: %+v", method, c)
			}
			if most, shape := largest(t, filepath.Join(out, name, "difference.npy")); most != 0 || !slices.Equal(shape, []int{28, 28}) {
				t.Errorf("%s: the difference is up to %g, of the shape %v", method, most, shape)
			}
			if most, _ := largest(t, filepath.Join(out, name, "a.npy")); most == 0 {
				t.Errorf("%s: the map is empty", method)
			}
		}
	}
}

// Two models that learned different things of the same pictures: the table begins
// with what they answer differently.
func TestAFolderIsSortedByDisagreement(t *testing.T) {
	fair, images := sample(t, "tanks-fair")
	biased, more := sample(t, "tanks-biased")
	args := []string{"--model", fair, "--model", biased, "--visualizer", "occlusion", "--set", "size=64", "--set", "stride=64", "--target", "tank"}
	for _, path := range append(slices.Clone(images), more...) {
		args = append(args, "--image", path)
	}
	out, all := comparing(t, args...)
	data, err := os.Open(filepath.Join(out, "compare.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	rows, err := csv.NewReader(data).ReadAll()
	if err != nil || len(rows) != len(all)+1 || len(all) != len(images)+len(more) {
		t.Fatalf("%d rows of %d pictures: %v", len(rows), len(all), err)
	}
	same, others := slices.Index(rows[0], "same_answer"), 0
	for i, row := range rows[1:] {
		if row[same] == "false" {
			others++
		} else if slices.ContainsFunc(rows[i+1:], func(row []string) bool { return row[same] == "false" }) {
			t.Errorf("row %d stands above another answer", i)
		}
	}
	if others == 0 {
		t.Error("a model that learned the sky and one that learned the tank agree on everything")
	}
	for name, c := range all {
		a, b := probability(c.A.Predictions, c.Class.A.Index), probability(c.B.Predictions, c.Class.B.Index)
		if math.Abs(a-b-*c.DeltaProbability) > 1e-6 || *c.SameAnswer != (c.A.Predictions[0].Name == c.B.Predictions[0].Name) {
			t.Errorf("%s: %+v", name, c)
		}
		first, second, difference := readArray(t, filepath.Join(out, name, "a.npy")), readArray(t, filepath.Join(out, name, "b.npy")), readArray(t, filepath.Join(out, name, "difference.npy"))
		for i, v := range difference.Data {
			if v != first.Data[i]-second.Data[i] {
				t.Fatalf("%s: %g − %g is %g", name, first.Data[i], second.Data[i], v)
			}
		}
		f, err := os.Open(filepath.Join(out, name, "difference.png"))
		if err == nil {
			_, err = png.DecodeConfig(f)
			f.Close()
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func probability(list []struct {
	Index       int
	Name        string
	Probability float64
}, class int) float64 {
	for _, p := range list {
		if p.Index == class {
			return p.Probability
		}
	}
	return math.NaN()
}

// A model that takes its channels last is the same as one that takes them first.
func TestALayoutMakesNoDifference(t *testing.T) {
	model := fixtures.Path(t, "public", "keras_nhwc", "model.onnx")
	sample(t, "digits") // skips without ONNX Runtime
	m, err := onnx.Open(model)
	if err != nil {
		t.Fatal(err)
	}
	// The file turns its input round first; its twin takes it turned already.
	in, x := m.Graph.Feeds()[0], m.Graph.Index()
	uses := x.Consumers(in.Name)
	if len(uses) != 1 || uses[0].Node.OpType != "Transpose" {
		t.Fatalf("the input goes into %v", uses)
	}
	turn := uses[0].Node
	m.Graph.Nodes = slices.DeleteFunc(m.Graph.Nodes, func(n *onnx.Node) bool { return n == turn })
	in.Name, in.Shape = turn.Outputs[0], []onnx.Dim{in.Shape[0], in.Shape[3], in.Shape[1], in.Shape[2]}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	twin, picture := filepath.Join(folder, "twin.onnx"), filepath.Join(folder, "picture.png")
	if err := os.WriteFile(twin, data, 0o600); err != nil {
		t.Fatal(err)
	}
	drawn := image.NewRGBA(image.Rect(0, 0, 100, 60))
	for i := range 6000 {
		x, y := i%100, i/100
		drawn.SetRGBA(x, y, color.RGBA{uint8(2 * x), uint8(4 * y), uint8(x * y), 255})
	}
	f, err := os.Create(picture)
	if err == nil {
		err = png.Encode(f, drawn)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"occlusion", "saliency", "grad-cam"} {
		out, all := comparing(t, "--model", model, "--model", twin, "--image", picture, "--visualizer", method,
			"--model-set", "preprocess.scale=[0.00392156862745098,0]", "--model-set", "preprocess.mean=[0,0,0]", "--model-set", "preprocess.std=[1,1,1]", "--model-set", "preprocess.color=rgb")
		c := all["picture"]
		if c.A.Model.SHA256 == c.B.Model.SHA256 || c.Spearman == nil || *c.Spearman < .9999 || math.Abs(*c.DeltaProbability) > 1e-5 || !*c.SameAnswer {
			t.Errorf("%s: %+v", method, c)
		}
		if most, shape := largest(t, filepath.Join(out, "picture", "difference.npy")); most > 1e-5 || !slices.Equal(shape, []int{60, 100}) {
			t.Errorf("%s: the difference is up to %g, of the shape %v", method, most, shape)
		}
	}
}

// Models whose labels or outputs do not match are compared as far as that means
// something, and say how far.
func TestModelsThatDoNotMatch(t *testing.T) {
	digits, images := sample(t, "digits")
	tanks, _ := sample(t, "tanks-fair")
	args := []string{"--model", digits, "--model", tanks, "--image", images[0], "--visualizer", "occlusion"}
	_, all := comparing(t, append(args, "--target", "1")...)
	for _, c := range all {
		if c.Class == nil || c.Class.Matched != "index" || c.Class.B.Index != 1 || c.Unit == "" || !strings.Contains(strings.Join(c.Notes, " "), "by its index") {
			t.Errorf("other labels: %+v", c)
		}
	}
	out, all := comparing(t, append(args, "--target", "7")...)
	for name, c := range all {
		if c.Class != nil || c.Unit != "" || c.Spearman != nil || !strings.Contains(strings.Join(c.Notes, " "), "only the answers") {
			t.Errorf("a class that is not there: %+v", c)
		}
		if _, err := os.Stat(filepath.Join(out, name, "difference.npy")); err == nil {
			t.Error("maps without a class were subtracted")
		}
	}
	_, all = comparing(t, append(args, "--target", "1", "--model-set-b", "kind=regression")...)
	for _, c := range all {
		if c.Unit != "" || c.SameAnswer != nil || !strings.Contains(strings.Join(c.Notes, " "), "different kinds") {
			t.Errorf("a regression: %+v", c)
		}
	}
	_, all = comparing(t, "--model", digits, "--model", tanks, "--image", images[0], "--visualizer", "grad-cam", "--target", "1")
	for _, c := range all {
		if !c.ShapeOnly || !strings.Contains(c.Unit, "root mean square") || !strings.Contains(strings.Join(c.Notes, " "), "only shapes") {
			t.Errorf("units of other networks: %+v", c)
		}
	}
}

func TestMistakesInComparing(t *testing.T) {
	model, images := sample(t, "digits")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--model", model}, cli.Usage, "two models"},
		{[]string{"--model", model, "--model", model, "--model", model}, cli.Usage, "3 times"},
		{[]string{"--model", model, "--model", model, "--visualizer", "saliency"}, cli.Usage, "one --visualizer"},
		{[]string{"--model", model, "--model", images[0]}, cli.Unusable, "model"},
	} {
		code, _, said := picasso(t.Context(), append([]string{"compare", "--image", images[0], "--visualizer", "occlusion", "--out", t.TempDir()}, c.args...)...)
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%v: exit code %d: %s", c.args, code, said)
		}
	}
}
