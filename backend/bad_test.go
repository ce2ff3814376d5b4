package backend_test

import (
	"context"
	"errors"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"strings"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
)

func TestUnusableModelsAreAnsweredInWords(t *testing.T) {
	root, r := fixtures.Path(t, "bad", "onnx"), orttest.Runtime(t)
	tests := []struct{ file, says string }{
		{"two_inputs.onnx", `"mask"`},
		{"audio_1d.onnx", "not a picture"},
		{"no_outputs.onnx", "no output"},
		{"html_named.onnx", "web page"},
		{"keras_h5_named.onnx", "HDF5"},
		{"torch_pt_named.onnx", "zip"},
		{"truncated_half.onnx", "damaged"},
		{"truncated_last_byte.onnx", "damaged"},
		{"random.onnx", ""},
		{"unknown_op.onnx", ""},
		{"shape_mismatch.onnx", ""},
		{"opset_999.onnx", ""},
		{"ir_version_99.onnx", ""},
		{"duplicate_name.onnx", ""},
		{"external_missing.onnx", ""},
		{"external_absolute_path.onnx", ""},
		{"external_parent_path.onnx", ""},
		{"external_dev_zero.onnx", ""},
		{"absent.onnx", ""},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			m, err := backend.OpenModel(t.Context(), r, filepath.Join(root, tt.file), backend.ModelOptions{Provider: infer.CPU})
			if err == nil {
				m.Close()
				t.Fatal("it was opened")
			}
			t.Log(err)
			if text := err.Error(); !strings.Contains(text, tt.says) || !strings.Contains(text, tt.file) {
				t.Errorf("error %q does not say %q and the file's name", text, tt.says)
			}
		})
	}
}

func TestUnusualModelsOpen(t *testing.T) {
	root, r := fixtures.Path(t, "bad", "onnx"), orttest.Runtime(t)
	for file, origin := range map[string]string{
		"two_outputs.onnx":      "output",
		"all_dims_dynamic.onnx": "size",
		"four_channels.onnx":    "preprocess.channels",
	} {
		t.Run(file, func(t *testing.T) {
			m := open(t, r, filepath.Join(root, file), backend.ModelOptions{Provider: infer.CPU})
			if m.Origins[origin] == "" {
				t.Errorf("nothing says how %q was found: %v", origin, m.Origins)
			}
			c, h, w := m.Shape()
			s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(c, h, w)})
			if err != nil {
				t.Fatal(err)
			}
			if len(s[0].Probabilities) != m.Classes() {
				t.Errorf("%d probabilities for %d classes", len(s[0].Probabilities), m.Classes())
			}
		})
	}
}

func TestEndlessModelStopsWithItsContext(t *testing.T) {
	root, r := fixtures.Path(t, "bad", "onnx"), orttest.Runtime(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	m, err := backend.OpenModel(ctx, r, filepath.Join(root, "endless_loop.onnx"), backend.ModelOptions{Provider: infer.CPU})
	if err == nil {
		m.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("it took %v to stop", d)
	}
}

// A model of two channels opens, for arrays; a picture is refused with the
// remedy.
func TestTwoChannelsAreAskedAbout(t *testing.T) {
	m := open(t, orttest.Runtime(t), filepath.Join(fixtures.Path(t, "bad", "onnx"), "two_channels.onnx"), backend.ModelOptions{Provider: infer.CPU})
	if text := strings.Join(texts(m), "\n"); !strings.Contains(text, "takes 2 channels; pictures have 1 (grey), 3 (colour) or 4") {
		t.Errorf("the warnings are %q", text)
	}
	_, err := m.Prepare(referencePicture())
	if err == nil || !strings.Contains(err.Error(), "the model takes 2 channels") {
		t.Errorf("a picture gives the error %v", err)
	}
}
