//go:build cgo

package ort

import (
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend"
)

// Models that are valid, if of no use to the rest of the program.
var valid = map[string]bool{
	"all_dims_dynamic.onnx": true, "audio_1d.onnx": true, "endless_loop.onnx": true, "four_channels.onnx": true,
	"two_channels.onnx": true, "two_inputs.onnx": true, "two_outputs.onnx": true,
}

func TestBadModelsAreAnsweredInASentence(t *testing.T) {
	r := library(t)
	files, _ := filepath.Glob(filepath.Join(fixtures(t, "bad", "onnx"), "*.onnx"))
	for _, file := range files {
		name := filepath.Base(file)
		s, err := r.Open(t.Context(), backend.Source{Path: file}, cpuOnly)
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
	src := backend.Source{Bytes: probe()}
	automatic := open(t, r, src, backend.SessionOptions{Provider: backend.Auto})
	d := r.Diagnose(t.Context())
	if len(d.Providers) != 5 {
		t.Fatalf("%+v", d.Providers)
	}
	for _, a := range d.Providers {
		if a.Provider == backend.WebGPU {
			if a.OK || !strings.Contains(a.Reason, "not tried") {
				t.Errorf("WebGPU is tried on express wish only: %+v", a)
			}
			continue
		}
		if a.OK != (a.Reason == "") {
			t.Errorf("%+v", a)
		}
		s, err := r.Open(t.Context(), src, backend.SessionOptions{Provider: a.Provider})
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
	if _, err := r.Open(t.Context(), src, backend.SessionOptions{Provider: "abacus"}); err == nil || !strings.Contains(err.Error(), `"abacus"`) {
		t.Errorf("%v", err)
	}
}

// A session made of the file's weights where they lie computes the same.
func TestWeightsUsedWhereTheyLie(t *testing.T) {
	r := library(t)
	for _, c := range cases(t) {
		path := filepath.Join(c.name, c.Model.File)
		g, err := readGraph(backend.Source{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		m, err := g.model()
		if err != nil {
			t.Fatal(err)
		}
		if err := g.embed(m); err != nil {
			t.Fatal(err)
		}
		if size := fileSize(path); int64(len(g.data)) > size/2 && size > 200_000 {
			t.Errorf("%s: %d of %d bytes are in memory", filepath.Base(c.name), len(g.data), size)
		}
		s := open(t, r, backend.Source{Bytes: g.data, Folder: g.folder}, cpuOnly)
		got, err := s.Run(t.Context(), []backend.Tensor{readNpy(t, filepath.Join(c.name, c.Input.File))})
		if err != nil {
			t.Fatal(c.name, err)
		}
		want := readNpy(t, filepath.Join(c.name, c.Outputs[0].File))
		if d := distance(got[output(t, s, c.Outputs[0].Name)], want); d > 2e-3 {
			t.Errorf("%s is off by %g", filepath.Base(c.name), d)
		}
	}
}
