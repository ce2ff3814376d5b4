package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/onnx/zoo"
)

// inspected is what the tests read of inspect --json.
type inspected struct {
	Image struct {
		Name, Layout            string
		Channels, Height, Width int
	} `json:"image_input"`
	Score struct {
		Kind, Activation string
		Classes          int
		Logits           string `json:"logit_tensor"`
	}
	Preprocessing struct {
		Color  string
		Resize struct{ Mode string }
		Scale  [2]float64
		Mean   []float64
	}
	Labels   int
	Warnings []string
	Gradient struct{ Nodes, Differentiable int }
}

// String is the inspection in the form of the tests' expectations.
func (i inspected) String() string {
	p := i.Preprocessing
	text := fmt.Sprintf("%s %s %d×%d×%d | %s %s %d", i.Image.Name, i.Image.Layout, i.Image.Channels, i.Image.Height, i.Image.Width, i.Score.Kind, i.Score.Activation, i.Score.Classes)
	if i.Score.Logits != "" {
		text += " logits"
	}
	text += fmt.Sprintf(" | %s %s %.4g %.4g", p.Color, p.Resize.Mode, p.Scale[0], p.Scale[1])
	if len(p.Mean) > 0 {
		text += fmt.Sprintf(" mean %.3f", p.Mean[0])
	}
	return text + fmt.Sprintf(" | %d labels", i.Labels)
}

const clipProcessor = `{"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true, "resample": 3, "size": 224,
  "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}`

// What docs/models.md promises for the files that people bring, checked on
// look-alikes: the files themselves cannot be part of the project.
func TestPublishedFilesAreUnderstood(t *testing.T) {
	_, _ = sample(t, "tanks-fair") // skips without a library
	const sidecar = "net.picasso.json"
	for _, tt := range []struct{ name, file, text, want, warning string }{
		{"vgg16-12", "", "", "data NCHW 3×224×224 | classes softmax 1000 logits | rgb stretch 0.003922 0 mean 0.485 | 0 labels", "guess"},
		{"resnet50-v1-12", "", "", "data NCHW 3×224×224 | classes softmax 1000 logits | rgb stretch 0.003922 0 mean 0.485 | 0 labels", "guess"},
		{"resnet50-v2-7", "", "", "data NCHW 3×224×224 | classes softmax 1000 logits | rgb stretch 0.003922 0 mean 0.485 | 0 labels", ""},
		{"mnist-12", sidecar, `{"preprocess": {"preset": "0..255"}}`, "Input3 NCHW 1×28×28 | classes softmax 10 logits | grey stretch 1 0 | 0 labels", ""},
		{"torchvision", sidecar, `{"preprocess": {"preset": "imagenet"}}`, "input NCHW 3×224×224 | classes softmax 1000 logits | rgb crop 0.003922 0 mean 0.485 | 0 labels", ""},
		{"tf2onnx", sidecar, `{"preprocess": {"preset": "keras-caffe"}}`, "input_1 NHWC 3×224×224 | classes softmax 1000 logits | bgr stretch 1 0 mean 103.939 | 0 labels", ""},
		{"yolov8n-cls", "", "", "images NCHW 3×64×64 | classes softmax 3 logits | rgb crop 0.003922 0 | 3 labels", ""},
		{"yolov8n", "", "", "images NCHW 3×64×64 | detection sigmoid 3 logits | rgb letterbox 0.003922 0 | 3 labels", ""},
		{"optimum-clip", "preprocessor_config.json", clipProcessor, "pixel_values NCHW 3×224×224 | embedding none 64 | rgb crop 0.003922 0 mean 0.481 | 0 labels", "--reference"},
		{"matlab", sidecar, `{"labels": ["a", "b", "c", "d", "e"]}`, "imageinput NCHW 3×32×32 | classes softmax 5 logits | rgb stretch 1 0 | 5 labels", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := picasso(t.Context(), "inspect", "--json", "--model", writeLookAlike(t, tt.name, tt.file, tt.text))
			if code != 0 {
				t.Fatalf("exit code %d: %s", code, stderr)
			}
			var got inspected
			if err := json.Unmarshal([]byte(stdout), &got); err != nil {
				t.Fatal(err)
			}
			if got.String() != tt.want {
				t.Errorf("\n%s, want\n%s", got, tt.want)
			}
			if all := strings.Join(got.Warnings, " "); !strings.Contains(all, tt.warning) || (all == "") != (tt.warning == "") {
				t.Errorf("warnings %q, want %q", got.Warnings, tt.warning)
			}
			if g := got.Gradient; g.Nodes == 0 || g.Nodes != g.Differentiable {
				t.Errorf("%d of %d nodes have gradients", g.Differentiable, g.Nodes)
			}
		})
	}
}

// writeLookAlike writes a look-alike with a file beside it.
func writeLookAlike(t *testing.T, name, file, text string) string {
	t.Helper()
	m, err := zoo.LookAlike(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "net.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if file != "" {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// A model of rows of numbers is refused with a sentence.
func TestModelOfNumbersIsRefused(t *testing.T) {
	_, _ = sample(t, "tanks-fair") // skips without a library
	code, _, stderr := picasso(t.Context(), "inspect", "--model", writeLookAlike(t, "scikit-learn", "", ""))
	if code != 3 || !strings.Contains(stderr, `"X"`) || !strings.Contains(stderr, "not a picture") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
