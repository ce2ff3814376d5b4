package backend_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"picasso/backend/ort/orttest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// withSidecar opens a model of two classes and 3×4×8 pixels with a sidecar.
func withSidecar(t *testing.T, text string) (*backend.Model, error) {
	t.Helper()
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	if text != "" {
		if err := os.WriteFile(metadata.SidecarPath(path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := backend.OpenModel(t.Context(), answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{})
	if err == nil {
		t.Cleanup(func() { m.Close() })
	}
	return m, err
}

const fullSidecar = `{
  "labels": ["cat", "dog"],
  "activation": "sigmoid",
  "maker": {"name": "someone"},
  "preprocess": {
    "color": "bgr",
    "resize": {"mode": "crop", "filter": "bicubic", "edge": 256},
    "scale": [1, 0],
    "mean": [103.939, 116.779, 123.68],
    "note": "caffe"
  }
}`

func TestSidecarIsReadAndKept(t *testing.T) {
	m, err := withSidecar(t, fullSidecar)
	if err != nil {
		t.Fatal(err)
	}
	want := preprocess.Preprocess{
		Color:  preprocess.BGR,
		Resize: preprocess.Resize{Mode: preprocess.Crop, Filter: "bicubic", Edge: 256},
		Scale:  [2]float64{1, 0},
		Mean:   []float64{103.939, 116.779, 123.68},
	}
	if !reflect.DeepEqual(m.Preprocess, want) {
		t.Errorf("preprocessing is %+v, want %+v", m.Preprocess, want)
	}
	if m.Output.Activation != score.Sigmoid || m.ClassName(1) != "dog" || m.ClassName(2) != "class 2" {
		t.Errorf("activation %s, labels %v", m.Output.Activation, m.Labels)
	}
	for _, key := range []string{"preprocess.color", "labels", "activation"} {
		if m.Origins[key] != "net.picasso.json" {
			t.Errorf("%s comes from %q", key, m.Origins[key])
		}
	}
	if all := strings.Join(texts(m), " "); !strings.Contains(all, `"maker"`) || !strings.Contains(all, `"preprocess.note"`) {
		t.Errorf("warnings %q do not name the unknown keys", all)
	}

	saved := filepath.Join(t.TempDir(), "saved.json")
	if err := use(m, prepared(preprocess.Preprocess{Color: preprocess.RGB, Resize: want.Resize, Scale: want.Scale})); err != nil {
		t.Fatal(err)
	}
	if err := m.Save(saved); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(saved)
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(data, &keys); err != nil {
		t.Fatal(err)
	}
	pre := keys["preprocess"].(map[string]any)
	if keys["maker"] == nil || pre["note"] != "caffe" || pre["color"] != "rgb" || pre["mean"] != nil {
		t.Errorf("saved %s", data)
	}
	again, err := withSidecar(t, string(data))
	if err != nil || !reflect.DeepEqual(again.Preprocess, m.Preprocess) || !slices.Equal(again.Labels, m.Labels) || again.Output.Activation != m.Output.Activation {
		t.Errorf("what was saved is read differently (%v)", err)
	}
}

// TestWindowIsAllTheScaleThereIs: whoever states a window has said how values
// become 0…1; nothing is guessed on top.
func TestWindowIsAllTheScaleThereIs(t *testing.T) {
	for _, text := range []string{
		`{"preprocess": {"window": {"center": -300, "width": 1400}}}`,
		`{"preprocess": {"range": [-1000, 400]}}`,
		`{"preprocess": {"channels": [{"source": "grey", "percentile": [1, 99]}, {"source": "grey", "percentile": [1, 99]}, {"source": "grey", "percentile": [1, 99]}]}}`,
	} {
		m, err := withSidecar(t, text)
		if err != nil {
			t.Fatal(err)
		}
		if m.Preprocess.Scale != [2]float64{1, 0} || strings.HasPrefix(m.Origins["preprocess.scale"], "guess") || len(m.Warnings) > 0 {
			t.Errorf("%s: scale %v, from %q, warnings %q", text, m.Preprocess.Scale, m.Origins["preprocess.scale"], m.Warnings)
		}
	}
}

func TestMistakesInASidecarAreNamed(t *testing.T) {
	for text, says := range map[string]string{
		"{\n\"labels\": [\"a\",}":                       "line 2",
		"[]":                                            "object",
		`{"preprocess": 3}`:                             "preprocess",
		`{"preprocess": {"color": "grey"}}`:             "preprocess.color",
		`{"preprocess": {"mean": [1, 2]}}`:              "preprocess.mean",
		`{"preprocess": {"std": [0, 1, 1]}}`:            "preprocess.std",
		`{"preprocess": {"scale": "x"}}`:                "preprocess.scale",
		`{"preprocess": {"clip": [2, 1]}}`:              "preprocess.clip",
		`{"preprocess": {"resize": {"mode": "fit"}}}`:   "stretch, crop, letterbox",
		`{"preprocess": {"resize": {"filter": "x"}}}`:   "lanczos",
		`{"preprocess": {"resize": {"edge": 9999999}}}`: "resize.edge",
		`{"activation": "tanh"}`:                        `"softmax"`,
		`{"size": [0, 5]}`:                              "size",
		`{"box": -1}`:                                   "box",
		`{"labels": "../../secret.txt"}`:                "beside the sidecar",
		`{"labels": 5}`:                                 "labels",
		`{"input": "other"}`:                            `"other"`,
		`{"output": "other"}`:                           `"other"`,
	} {
		m, err := withSidecar(t, text)
		if err == nil {
			t.Errorf("%s was taken: %+v", text, m.Preprocess)
			continue
		}
		if !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "net.") {
			t.Errorf("%s: error %q does not say %q and the file", text, err, says)
		}
	}
	_, err := withSidecar(t, `{"preprocess": {"std": [0]}}`)
	var key *preprocess.KeyError
	if !errors.As(err, &key) || key.Key != "preprocess.std" {
		t.Errorf("error %v is not about preprocess.std", err)
	}
}

func TestLabelsBesideTheModel(t *testing.T) {
	for _, tt := range []struct {
		file, text string
		want       []string
		warns      bool
	}{
		{"labels.txt", "cat\ndog\n", []string{"cat", "dog"}, false},
		{"net.labels.txt", "\ufeffcat\r\ndog\r\n\r\n", []string{"cat", "dog"}, false},
		{"synset.txt", "n01440764 tench, Tinca tinca\nn01443537 goldfish\n", []string{"tench, Tinca tinca", "goldfish"}, false},
		{"classes.txt", "0: cat\n1: dog\n", []string{"cat", "dog"}, false},
		{"classes.json", `["cat", "dog"]`, []string{"cat", "dog"}, false},
		{"labels.json", `{"1": "dog", "0": "cat"}`, []string{"cat", "dog"}, false},
		{"id2label.json", `{"cat": 0, "dog": 1}`, []string{"cat", "dog"}, false},
		{"config.json", `{"model_type": "vit", "id2label": {"0": "cat", "1": "dog"}}`, []string{"cat", "dog"}, false},
		{"config.json", `{"model_type": "vit"}`, nil, false},
		{"imagenet_class_index.json", `{"0": ["n1", "cat"], "1": ["n2", "dog"]}`, []string{"cat", "dog"}, false},
		{"labels.csv", "id,name\n1,dog\n0,\"cat, small\"\n", []string{"cat, small", "dog"}, false},
		{"classes.csv", "0,cat\n1,dog\n", []string{"cat", "dog"}, false},
		{"labels.txt", "cat\n", nil, true},
		{"labels.txt", "background\ncat\ndog\n", nil, true},
		{"labels.json", `{"0": "cat", "2": "dog"}`, nil, true},
		{"labels.json", `{"0": `, nil, true},
		{"labels.txt", "", nil, true},
	} {
		t.Run(tt.file+" "+tt.text, func(t *testing.T) {
			path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), tt.file), []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			m := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{})
			if !slices.Equal(m.Labels, tt.want) {
				t.Errorf("labels %v (%s), want %v", m.Labels, m.Origins["labels"], tt.want)
			}
			if got := strings.Contains(strings.Join(texts(m), " "), tt.file); got != tt.warns {
				t.Errorf("warnings %q", m.Warnings)
			}
		})
	}
}

func TestOneLabelNamesBothSidesOfABinaryModel(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "labels.txt"), []byte("tank\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := open(t, answer(constant([]int{1}, 2)), path, backend.ModelOptions{})
	if m.ClassName(0) != "no tank" || m.ClassName(1) != "tank" {
		t.Errorf("classes are %q", m.Labels)
	}
}

// A model of two pictures tells what it needs, and opens with that.
func TestInputsThatNeedConstants(t *testing.T) {
	r := orttest.Runtime(t)
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "two",
		Nodes: []*onnx.Node{
			{OpType: "Sub", Inputs: []string{"a.1", "b"}, Outputs: []string{"d"}},
			{OpType: "Flatten", Inputs: []string{"d"}, Outputs: []string{"683"}},
		},
		Inputs:  []*onnx.Value{{Name: "a.1", Type: onnx.Float, Shape: shape(1, 1, 1, 2)}, {Name: "b", Type: onnx.Float, Shape: shape(1, 1, 1, 2)}},
		Outputs: []*onnx.Value{{Name: "683", Type: onnx.Float, Shape: shape(1, 2)}},
	}}
	path := saveModel(t, m)
	_, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU})
	var need *metadata.InputsError
	if !errors.As(err, &need) || len(need.Inputs) != 2 || !need.Inputs[0].Image || need.Inputs[1].Form != "float32 1×1×1×2" {
		t.Fatalf("opening gives %v, %+v", err, need)
	}
	model := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "input=b", `inputs={"a.1": [5, 7]}`, "output=683")})
	s, err := model.Predict(t.Context(), []infer.Tensor{{Shape: []int{1, 1, 2}, Data: []float32{1, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "difference", s[0].Logits, []float32{4, 6})
	if c := model.Constants; len(c) != 1 || c[0].Name != "a.1" || c[0].Value != "[5,7]" {
		t.Errorf("constants %+v", c)
	}
}

// Beside a channel with a window, those without become 0…1 too, unless a scale
// is given.
func TestChannelsWithAndWithoutAWindow(t *testing.T) {
	const channels = `"channels": [{"source": "red"}, {"source": "grey", "window": {"center": 51, "width": 102}}, {"source": "blue"}]`
	pix := make([]float32, 3*4*8)
	for i := range pix {
		pix[i] = 51
	}
	for text, want := range map[string][]float32{
		`{"preprocess": {` + channels + `}}`:                   {0.2, 0.5, 0.2},
		`{"preprocess": {` + channels + `, "scale": [2, -1]}}`: {101, 0, 101},
	} {
		m, err := withSidecar(t, text)
		if err != nil {
			t.Fatal(err)
		}
		x, err := m.Prepare(picture.NewFloat("x", 8, 4, 3, pix))
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, text, []float32{x.Data[0], x.Data[32], x.Data[64]}, want)
	}
}
