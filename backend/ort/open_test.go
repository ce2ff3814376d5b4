//go:build cgo

package ort

import (
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// Models that are valid, if of no use to the rest of the program.
var valid = map[string]bool{
	"all_dims_dynamic.onnx": true, "audio_1d.onnx": true, "endless_loop.onnx": true, "four_channels.onnx": true,
	"two_channels.onnx": true, "two_inputs.onnx": true, "two_outputs.onnx": true,
}

func TestBadModelsAreAnsweredInASentence(t *testing.T) {
	r := library(t)
	files, _ := filepath.Glob(filepath.Join(fixtures.Path(t, "bad", "onnx"), "*.onnx"))
	for _, file := range files {
		name := filepath.Base(file)
		s, err := r.Open(t.Context(), infer.Source{Path: file}, cpuOnly)
		if err == nil {
			s.Close()
		}
		if (err == nil) != valid[name] {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			continue
		}
		text := err.Error()
		if !strings.Contains(text, name) || strings.Contains(text, "onnxruntime_src") || strings.Contains(text, "\n") {
			t.Errorf("%s is answered by %q", name, text)
		}
	}
}

func TestProvidersThatDoNotWorkSayWhy(t *testing.T) {
	r := library(t)
	src := infer.Source{Bytes: probe()}
	automatic := open(t, r, src, infer.SessionOptions{Provider: infer.Auto})
	d := r.Diagnose(t.Context())
	if len(d.Providers) != 5 {
		t.Fatalf("%+v", d.Providers)
	}
	for _, a := range d.Providers {
		if a.Provider == infer.WebGPU {
			if a.OK || !strings.Contains(a.Reason, "not tried") {
				t.Errorf("WebGPU is tried on express wish only: %+v", a)
			}
			continue
		}
		if a.OK != (a.Reason == "") {
			t.Errorf("%+v", a)
		}
		s, err := r.Open(t.Context(), src, infer.SessionOptions{Provider: a.Provider})
		if a.OK {
			if err != nil {
				t.Errorf("%s: %v", a.Provider, err)
			} else if s.Provider() != providerTitle(a.Provider) {
				t.Errorf("%s runs on %s", a.Provider, s.Provider())
			}
		} else if err == nil || !strings.Contains(err.Error(), a.Reason) {
			t.Errorf("%s: %v, want %q", a.Provider, err, a.Reason)
		}
	}
	if automatic.Provider() == "CPU" && !d.Providers[4].OK {
		t.Errorf("auto runs on the CPU, but it is said not to work")
	}
	if _, err := r.Open(t.Context(), src, infer.SessionOptions{Provider: "abacus"}); err == nil || !strings.Contains(err.Error(), `"abacus"`) {
		t.Errorf("%v", err)
	}
}

// The three ways of a model's weights into a session compute the same: read by
// the library, referred to in a small file, and referred to in a big one.
func TestWeightsByReference(t *testing.T) {
	r := library(t)
	for _, c := range cases(t) {
		path := filepath.Join(c.name, c.Model.File)
		m, err := onnx.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		small, folder, err := m.Detach()
		if err != nil {
			t.Fatal(err)
		}
		data, err := small.Encode()
		if err != nil {
			t.Fatal(err)
		}
		big := &graph{name: "big", data: data, folder: folder, inputs: ports(m.Graph.Feeds()), outputs: ports(m.Graph.Outputs)}
		big.asked = portNames(big.outputs)
		options, err := r.sessionOptions(big, cpuOnly)
		if err != nil {
			t.Fatal(err)
		}
		mapped, err := newSession(big, options, "CPU")
		_ = options.Destroy()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []infer.Session{mapped, open(t, r, infer.Source{Bytes: data, Folder: folder}, cpuOnly)} {
			got, err := s.Run(t.Context(), []infer.Tensor{readNpy(t, filepath.Join(c.name, c.Input.File))})
			if err != nil {
				t.Fatal(c.name, err)
			}
			want := readNpy(t, filepath.Join(c.name, c.Outputs[0].File))
			if d := distance(got[output(t, s, c.Outputs[0].Name)], want); d > 2e-3 {
				t.Errorf("%s is off by %g", filepath.Base(c.name), d)
			}
		}
		if err := mapped.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A mapped file that is cut ends the whole program with a bus error.
func TestAFileCutWhileItsModelIsOpen(t *testing.T) {
	r := library(t)
	data, err := os.ReadFile(filepath.Join(fixtures.Path(t, "public"), "lenet5_softmax", "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.onnx")
	write(t, path, string(data))
	m, err := onnx.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	small, folder, err := m.Detach()
	if err != nil {
		t.Fatal(err)
	}
	refers, err := small.Encode()
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, r, infer.Source{Bytes: refers, Folder: folder}, cpuOnly)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context(), []infer.Tensor{infer.NewTensor(1, 1, 28, 28)}); err != nil {
		t.Error(err)
	}
}

func TestReferencesStayInsideTheFolder(t *testing.T) {
	r := library(t)
	for _, location := range []string{"../secret", "/etc/hostname", "link", "folder", "none"} {
		folder := filepath.Join(t.TempDir(), "models")
		write(t, filepath.Join(folder, "folder", "x"), "")
		write(t, filepath.Join(folder, "..", "secret"), "12345678")
		if err := os.Symlink(filepath.Join("..", "secret"), filepath.Join(folder, "link")); err != nil {
			t.Skip("no links here")
		}
		src := encode(t, &onnx.Graph{
			Inputs:       []*onnx.Value{port("x", onnx.Float, 1)},
			Outputs:      []*onnx.Value{port("y", onnx.Float, 1)},
			Initializers: []*onnx.Tensor{{Name: "w", Type: onnx.Float, Dims: []int64{1}, External: &onnx.External{Location: location, Length: 4}}},
			Nodes:        []*onnx.Node{{OpType: "Mul", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}},
		})
		src.Folder = folder
		if _, err := r.Open(t.Context(), src, cpuOnly); err == nil {
			t.Errorf("%s was read", location)
		}
	}
}
