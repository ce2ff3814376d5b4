package backend_test

import (
	"math"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// The first Picasso's example: grey, Lanczos to 28×28, ÷255.
func TestClassicExampleAgreesWithItsReference(t *testing.T) {
	root, r := fixtures.Path(t, "picasso"), orttest.Runtime(t)
	m := open(t, r, filepath.Join(root, "picasso_mnist_nchw.onnx"), backend.ModelOptions{Provider: infer.CPU})
	err := use(m, prepared(preprocess.Preprocess{
		Color:  preprocess.Grey,
		Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: picture.Lanczos},
		Scale:  [2]float64{1.0 / 255, 0},
	}))
	if err != nil {
		t.Fatal(err)
	}
	img, err := picture.Open(filepath.Join(root, "9.png"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	want := readArray(t, filepath.Join(root, "expected", "input_nhwc.npy"))
	for i, v := range want.Data {
		if math.Abs(float64(v-x.Data[i])) > 1e-6 {
			t.Fatalf("value %d of the input is %v, want %v", i, x.Data[i], v)
		}
	}
	scores, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	var reference struct{ Probs, Logits []float64 }
	readJSON(t, filepath.Join(root, "expected", "reference.json"), &reference)
	for i, p := range reference.Probs {
		almost(t, "probability", float64(scores[0].Probabilities[i]), p)
		almost(t, "logit", float64(scores[0].Logits[i]), reference.Logits[i])
	}
}

// A real ImageNet model with nothing but the guess.
func TestRealPhotographsAreRecognised(t *testing.T) {
	models, photos, r := fixtures.Path(t, "models"), fixtures.Path(t, "photos", "files"), orttest.Runtime(t)
	for _, labels := range []string{"imagenet_1000.txt", "imagenet_1000.json", "synset_words.txt"} {
		m := open(t, r, filepath.Join(models, "imagenet", "squeezenet1.1_rgbnorm_227.onnx"),
			backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{LabelFile: filepath.Join(models, "labels", labels)}})
		if len(m.Warnings) == 0 {
			t.Error("the guessed preprocessing is not said to be a guess")
		}
		for file, want := range map[string]struct {
			name string
			p    float64
		}{
			"chickadee.bmp":      {"chickadee", 0.9835},
			"macaw_portrait.jpg": {"macaw", 0.9383},
			"dog_and_cat.png":    {"boxer", 0.4319},
			"cat_egyptian.bmp":   {"Egyptian cat", 0.4284},
		} {
			best := top(t, m, filepath.Join(photos, file))
			// JPEG decoders differ by a few levels of grey.
			if !strings.HasPrefix(best.Name, want.name) || math.Abs(float64(best.Probability)-want.p) > 0.03 {
				t.Errorf("%s: %s is recognised as %s (%.4f), want %s (%.4f)", labels, file, best.Name, best.Probability, want.name, want.p)
			}
		}
		if m.Timing() <= 0 {
			t.Error("the time of a pass was not measured")
		}
	}
}

func top(t *testing.T, m *backend.Model, path string) score.Class {
	t.Helper()
	img, err := picture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	return m.Rank(scores[0])[0]
}

func TestLabelsThatDoNotFitAreRefused(t *testing.T) {
	models, bad, r := fixtures.Path(t, "models"), fixtures.Path(t, "bad", "labels"), orttest.Runtime(t)
	path := filepath.Join(models, "imagenet", "squeezenet1.1_rgbnorm_227.onnx")
	for file, says := range map[string]string{
		filepath.Join(models, "labels", "imagenet_1001.txt"): "background",
		filepath.Join(bad, "too_few.txt"):                    "1000 classes",
		filepath.Join(bad, "binary.txt"):                     "not text",
		filepath.Join(bad, "broken.json"):                    "JSON",
		filepath.Join(bad, "absent.txt"):                     "cannot be read",
	} {
		_, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{LabelFile: file}})
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), filepath.Base(file)) {
			t.Errorf("%s: got %v, want an error that says %q", filepath.Base(file), err, says)
		}
	}
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{LabelFile: filepath.Join(models, "labels", "imagenet_1000.txt")}})
	if m.ClassName(0) != "tench" {
		t.Errorf("class 0 is %q", m.ClassName(0))
	}
}
