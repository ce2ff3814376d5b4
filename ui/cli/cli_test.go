package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/visualizers/methods"
	"slices"
	"strings"
	"testing"

	"picasso/assets"
	"picasso/assets/assetstest"
	"picasso/backend/npy"
	"picasso/backend/ort"
	"picasso/ui/cli"
	"picasso/visualizers"
)

// picasso runs one command line and returns what it said.
func picasso(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	return askedPicasso(ctx, nil, args...)
}

// askedPicasso is picasso while somebody asks how far it is.
func askedPicasso(ctx context.Context, asked <-chan os.Signal, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	env := environment(&out, &errs)
	env.Asked = asked
	code = cli.Run(ctx, args, env)
	return code, out.String(), errs.String()
}

// environment is that of a command that writes to out and errs.
func environment(out, errs *bytes.Buffer) cli.Env {
	return cli.Env{
		Stdout: out, Stderr: errs, Version: "test", Visualizers: methods.All(),
		Runtime: func(library, _ string) infer.Runtime {
			r, _ := ort.Load(ort.Config{Library: library})
			return r
		},
	}
}

// sample unpacks an embedded sample; the test is skipped without a library
// to run it.
func sample(t *testing.T, name string) (model string, images []string) {
	t.Helper()
	if _, err := ort.Load(ort.Config{}); err != nil {
		fixtures.NoRuntime(t, err)
	}
	s := assetstest.Sample(t, name)
	folder, err := assets.Extract(t.TempDir(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range s.Images {
		images = append(images, filepath.Join(folder, i))
	}
	return filepath.Join(folder, s.Model), images
}

// result mirrors what scripts read from result.json.
type result struct {
	Model struct {
		Path, SHA256, Provider, ONNXRuntime string
	}
	Image struct {
		Path, SHA256  string
		Width, Height int
	}
	Predictions []struct {
		Index       int
		Name        string
		Probability float64
		Logit       *float64
	}
	Maps []struct {
		Visualizer    string
		Class         struct{ Index int }
		Settings      map[string]string
		Unit          string
		PositiveMeans string `json:"positive_means"`
		NPY, PNG      string
		Width, Height int
		Min, Max      float64
	}
	Timing struct {
		LoadMS        float64 `json:"load_ms"`
		RunMS         float64 `json:"run_ms"`
		ForwardPasses int     `json:"forward_passes"`
	}
}

func readResult(t *testing.T, path string) result {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func readArray(t *testing.T, path string) npy.Array {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := npy.Read(f, 1<<24)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestExplainWritesWhatScriptsRelyOn(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", images[0], "--visualizer", "occlusion",
		"--set", "size=32", "--set", "stride=16", "--set", "fill=mean", "--target", "top:2", "--provider", "cpu", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	name := strings.TrimSuffix(filepath.Base(images[0]), ".png")
	r := readResult(t, filepath.Join(out, name, "result.json"))
	if len(r.Maps) != 2 || len(r.Predictions) != 2 || r.Predictions[0].Logit == nil || r.Model.ONNXRuntime == "" ||
		len(r.Model.SHA256) != 64 || len(r.Image.SHA256) != 64 || r.Timing.ForwardPasses != 49 {
		t.Errorf("incomplete report: %+v", r)
	}
	for _, m := range r.Maps {
		a := readArray(t, filepath.Join(out, name, m.NPY))
		if !slices.Equal(a.Shape, []int{128, 128}) || m.Width != 128 || m.Height != 128 {
			t.Errorf("%s has shape %v", m.NPY, a.Shape)
		}
		if low, high := float64(slices.Min(a.Data)), float64(slices.Max(a.Data)); abs(low-m.Min) > 1e-6 || abs(high-m.Max) > 1e-6 {
			t.Errorf("%s runs from %g to %g, the report says %g to %g", m.NPY, low, high, m.Min, m.Max)
		}
		if m.Settings["size"] != "32" || m.Unit == "" || m.PositiveMeans == "" {
			t.Errorf("incomplete map: %+v", m)
		}
		f, err := os.Open(filepath.Join(out, name, m.PNG))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(f)
		f.Close()
		if err != nil || img.Bounds().Dx() != r.Image.Width || img.Bounds().Dy() != r.Image.Height {
			t.Errorf("%s: %v, bounds %v", m.PNG, err, img.Bounds())
		}
	}
	// Two classes that share one whole: what lowers one raises the other.
	a, b := readArray(t, filepath.Join(out, name, r.Maps[0].NPY)), readArray(t, filepath.Join(out, name, r.Maps[1].NPY))
	for i := range a.Data {
		if abs(float64(a.Data[i]+b.Data[i])) > 1e-5 {
			t.Fatalf("the maps of two exclusive classes do not cancel at %d: %g, %g", i, a.Data[i], b.Data[i])
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

func TestExplainGoesOnAfterABadImage(t *testing.T) {
	model, images := sample(t, "digits")
	folder, out := t.TempDir(), t.TempDir()
	bad := filepath.Join(folder, "page.png")
	if err := os.WriteFile(bad, []byte("<!DOCTYPE html><html></html>"), 0o666); err != nil {
		t.Fatal(err)
	}
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", bad, "--image", images[3],
		"--visualizer", "prediction", "--out", out)
	if code != cli.SomeFailed {
		t.Fatalf("exit code %d: %s", code, said)
	}
	var failed []struct{ Image, Error string }
	data, err := os.ReadFile(filepath.Join(out, "errors.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &failed); err != nil || len(failed) != 1 || failed[0].Image != bad || failed[0].Error == "" {
		t.Errorf("errors.json: %v %+v", err, failed)
	}
	if r := readResult(t, filepath.Join(out, "digit-3", "result.json")); r.Predictions[0].Name != "3" {
		t.Errorf("the good picture is a %q", r.Predictions[0].Name)
	}
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, "picasso: ") {
			t.Errorf("not one line per message: %q", line)
		}
	}
}

func TestExplainStoppedLeavesWholeResultsOrNone(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, _, said := picasso(ctx, "explain", "--model", model, "--image", images[0], "--visualizer", "occlusion", "--out", out)
	if code != cli.SomeFailed || !strings.Contains(said, "stopped") {
		t.Errorf("a stopped run: exit code %d, says %q", code, said)
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			if _, err := os.Stat(filepath.Join(out, e.Name(), "result.json")); err != nil {
				t.Errorf("half a result was left in %s", e.Name())
			}
		}
	}
}

func TestFolderOfImagesAndEqualNames(t *testing.T) {
	model, images := sample(t, "digits")
	out := t.TempDir()
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", filepath.Dir(images[0]), "--image", images[0],
		"--visualizer", "prediction", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	for _, name := range []string{"digit-0", "digit-9", "digit-0-2"} {
		if _, err := os.Stat(filepath.Join(out, name, "result.json")); err != nil {
			t.Error(err)
		}
	}
}

func TestPredictInspectAndDoctorAsJSON(t *testing.T) {
	model, images := sample(t, "digits")
	code, out, said := picasso(t.Context(), "predict", "--model", model, "--image", images[7], "--top", "2", "--json")
	var predicted []struct {
		Predictions []struct {
			Name        string
			Probability float64
		}
	}
	if err := json.Unmarshal([]byte(out), &predicted); code != cli.Done || err != nil {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	if p := predicted[0].Predictions; len(p) != 2 || p[0].Name != "7" || p[0].Probability < p[1].Probability {
		t.Errorf("predictions: %+v", p)
	}
	code, out, said = picasso(t.Context(), "inspect", "--model", model, "--json")
	var inspected struct {
		Nodes     int
		Operators map[string]int
		Gradient  struct{ Nodes, Differentiable int }
		Image     struct{ Width int } `json:"image_input"`
	}
	if err := json.Unmarshal([]byte(out), &inspected); code != cli.Done || err != nil {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	if inspected.Image.Width != 28 || inspected.Operators["Conv"] == 0 ||
		inspected.Gradient.Nodes == 0 || inspected.Gradient.Nodes != inspected.Gradient.Differentiable {
		t.Errorf("inspection: %+v", inspected)
	}
	code, out, said = picasso(t.Context(), "doctor", "--json")
	var d infer.Diagnosis
	if err := json.Unmarshal([]byte(out), &d); code != cli.Done || err != nil || d.Version == "" || len(d.Providers) == 0 {
		t.Errorf("exit code %d, %v, %+v: %s", code, err, d, said)
	}
}

func TestVisualizersListsEverySetting(t *testing.T) {
	code, out, _ := picasso(t.Context(), "visualizers", "--json")
	var all []visualizers.Description
	if err := json.Unmarshal([]byte(out), &all); code != cli.Done || err != nil {
		t.Fatal(code, err)
	}
	if len(all) != len(methods.All()) {
		t.Errorf("%d visualizers listed, there are %d", len(all), len(methods.All()))
	}
	code, text, _ := picasso(t.Context(), "visualizers")
	for _, d := range all {
		for _, s := range d.Settings {
			if code != cli.Done || !strings.Contains(text, "--set "+s.Key+"=") {
				t.Errorf("%s: setting %s is not listed", d.ID, s.Key)
			}
			if s.Only != nil && !strings.Contains(text, "only with --set "+s.Only.String()+".") {
				t.Errorf("%s: it is not told that setting %s matters only with %s", d.ID, s.Key, s.Only)
			}
		}
	}
}

func TestExitCodesAndWords(t *testing.T) {
	model, images := sample(t, "digits")
	out := t.TempDir()
	page := filepath.Join(out, "page.onnx")
	if err := os.WriteFile(page, []byte("<!DOCTYPE html><html></html>"), 0o666); err != nil {
		t.Fatal(err)
	}
	explain := func(more ...string) []string {
		return append([]string{"explain", "--model", model, "--image", images[0], "--out", out}, more...)
	}
	cases := []struct {
		args []string
		code int
		says string
	}{
		{nil, cli.Usage, "explain"},
		{[]string{"help"}, cli.Done, ""},
		{[]string{"version"}, cli.Done, ""},
		{[]string{"explain", "--help"}, cli.Done, "--set"},
		{[]string{"exlpain"}, cli.Usage, `did you mean "explain"?`},
		{[]string{"explain"}, cli.Usage, "--model is missing"},
		{[]string{"predict", "--model", model}, cli.Usage, "--image is missing"},
		{[]string{"inspect", "--model", model, "--nonsense"}, cli.Usage, "nonsense"},
		{[]string{"inspect", "--model", page}, cli.Unusable, "page.onnx"},
		{[]string{"inspect", "--model", filepath.Join(out, "none.onnx")}, cli.Unusable, "none.onnx"},
		{[]string{"predict", "--model", model, "--image", filepath.Join(out, "none.png")}, cli.SomeFailed, "none.png"},
		{explain(), cli.Usage, "--visualizer is missing"},
		{explain("--visualizer", "oclusion"), cli.Usage, "occlusion"},
		{explain("--visualizer", "occlusion", "--set", "sise=3"), cli.Usage, "size"},
		{explain("--visualizer", "occlusion", "--set", "size=-3"), cli.Usage, "size"},
		{explain("--visualizer", "occlusion", "--output", "odds"), cli.Usage, "logit"},
		{explain("--visualizer", "occlusion", "--provider", "tpu"), cli.Usage, "tpu"},
		{explain("--visualizer", "occlusion", "--target", "zebra"), cli.Usage, "zebra"},
		{explain("--visualizer", "occlusion", "--target", "10"), cli.Usage, "outside 0…9"},
		{explain("--visualizer", "occlusion", "--target", "top:0"), cli.Usage, "top:N"},
		{explain("--visualizer", "occlusion", "--onnxruntime", filepath.Join(out, "nowhere")), cli.Unusable, "nowhere"},
	}
	for _, c := range cases {
		code, stdout, stderr := picasso(t.Context(), c.args...)
		if code != c.code || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("picasso %s: exit code %d, want %d; says %q, want %q in it", strings.Join(c.args, " "), code, c.code, stderr, c.says)
		}
		if lines := strings.Count(strings.TrimSpace(stderr), "\n"); len(c.args) > 0 && lines > 0 {
			t.Errorf("picasso %s: %d lines for one mistake: %q", strings.Join(c.args, " "), lines+1, stderr)
		}
	}
}
