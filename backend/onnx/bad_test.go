package onnx

import (
	"errors"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"strings"
	"testing"
)

// TestOpenBad opens the damaged and foreign files of the fixtures. Those whose
// fault only ONNX Runtime can know must open.
func TestOpenBad(t *testing.T) {
	wants := map[string]string{
		"all_dims_dynamic.onnx":       "",
		"audio_1d.onnx":               "",
		"duplicate_name.onnx":         `tensor "m" is computed twice`,
		"endless_loop.onnx":           "",
		"external_absolute_path.onnx": "absolute path",
		"external_dev_zero.onnx":      "leaves the folder",
		"external_missing.onnx":       `"weights.bin", which does not exist`,
		"external_parent_path.onnx":   "leaves the folder",
		"four_channels.onnx":          "",
		"html_named.onnx":             "a web page",
		"ir_version_99.onnx":          "version 99 of the ONNX format",
		"keras_h5_named.onnx":         "Keras",
		"no_outputs.onnx":             "no outputs",
		"opset_999.onnx":              "version 999 of operator set",
		"random.onnx":                 "not an ONNX model",
		"shape_mismatch.onnx":         "",
		"torch_pt_named.onnx":         "PyTorch",
		"truncated_half.onnx":         "cut off",
		"truncated_last_byte.onnx":    "cut off",
		"two_channels.onnx":           "",
		"two_inputs.onnx":             "",
		"two_outputs.onnx":            "",
		"unknown_op.onnx":             "",
	}
	folder := fixtures.Path(t, "bad", "onnx")
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			want, listed := wants[file.Name()]
			m, err := Open(filepath.Join(folder, file.Name()))
			if want == "" && listed {
				if err != nil {
					t.Fatal(err)
				}
				if _, err := m.Encode(); err != nil {
					t.Fatal(err)
				}
				return
			}
			expectFault(t, err, file.Name(), want)
		})
	}
}

// expectFault wants a FileError that names the file, what is wrong, and what
// to do.
func expectFault(t *testing.T, err error, name, want string) {
	t.Helper()
	var fault *FileError
	if !errors.As(err, &fault) {
		t.Fatalf("error %v is no FileError", err)
	}
	if fault.Remedy == "" || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), want) {
		t.Errorf("%q should name %q and say %q and what to do", err, name, want)
	}
	if strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("%q has several lines", err)
	}
}

// TestOpenRefuses opens what is no file at all.
func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	_, err := Open(folder)
	expectFault(t, err, filepath.Base(folder), "is a folder")
	_, err = Open(filepath.Join(folder, "none.onnx"))
	expectFault(t, err, "none.onnx", "does not exist")
	if _, failed := os.Stat("/dev/zero"); failed == nil {
		_, err = Open("/dev/zero")
		expectFault(t, err, "zero", "a device")
	}
	for name, want := range map[string]string{"empty.onnx": "an empty file", "lfs.onnx": "Git LFS pointer", "saved.onnx": "SavedModel"} {
		content := map[string]string{"lfs.onnx": "version https://git-lfs.github.com/spec/v1\n", "saved.onnx": "\x08\x01\x12\x02\x0a\x00"}[name]
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		expectFault(t, err, name, want)
	}
}

// TestIdentify names foreign files by their first bytes.
func TestIdentify(t *testing.T) {
	tests := map[string]string{
		"":                                     "an empty file",
		"<!DOCTYPE html><html>":                "a web page",
		"<svg xmlns=":                          "an SVG picture",
		"\x89PNG\r\n\x1a\n":                    "a PNG picture",
		"\xff\xd8\xff\xe0":                     "a JPEG picture",
		"\x80\x02}q\x00.":                      "a Python pickle (an old PyTorch checkpoint, for example)",
		"PK\x03\x04....archive/data.pkl":       "a PyTorch checkpoint (zip)",
		"PK\x03\x04....config.json":            "a Keras model (zip)",
		"\x1c\x00\x00\x00TFL3":                 "a TensorFlow Lite model",
		"\x89HDF\r\n\x1a\n":                    "an HDF5 file (Keras weights)",
		"\x7fELF\x02":                          "a program (ELF)",
		"ir_version: 8\n":                      "an ONNX model in text form",
		"{\"a\": 1}":                           "a JSON file",
		"tench\ngoldfish\n":                    "a text file",
		"caf\u00e9 \u00fc"[:6]:                 "a text file",
		"\x40\x00\x00\x00\x00\x00\x00\x00{\"a": "a safetensors file (weights without a network)",
		"\x08\x07\x12\x07pytorch":              "",
	}
	for head, want := range tests {
		kind, remedy := Identify([]byte(head))
		if kind != want || (kind == "") != (remedy == "") {
			t.Errorf("%q is %q (%q), want %q", head, kind, remedy, want)
		}
	}
}
