package backend_test

import (
	"math"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"strings"
	"sync"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/score"
)

func TestReferencesOfEveryForm(t *testing.T) {
	r := orttest.Runtime(t)
	path := embedder(t, "image_embeds", 3)
	folder := filepath.Dir(path)
	writePicture(t, filepath.Join(folder, "cat.png"), 7)
	bare := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
	if o := bare.Output; o.Kind != score.Embedding || o.Dimensions != 4 || bare.Classes() != 4 || bare.ClassName(2) != "dimension 2" {
		t.Fatalf("without a reference: %+v, %q", o, bare.ClassName(2))
	}
	if len(bare.Warnings) == 0 || !strings.Contains(strings.Join(texts(bare), " "), "--reference") {
		t.Errorf("nothing says that a reference is missing: %q", bare.Warnings)
	}
	x, err := bare.Prepare(openPicture(t, filepath.Join(folder, "cat.png")))
	if err != nil {
		t.Fatal(err)
	}
	s, err := bare.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	writeVector(t, filepath.Join(folder, "vector.npy"), []int{1, 4}, s[0].Probabilities...)
	writeVector(t, filepath.Join(folder, "input.npy"), x.Shape, x.Data...)
	for _, text := range []string{
		`{"reference": "cat.png"}`, `{"reference": "vector.npy"}`, `{"reference": ["input.npy"]}`,
		`{"kind": "embedding", "reference": ["cat.png", "vector.npy"]}`,
	} {
		if err := os.WriteFile(metadata.SidecarPath(path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
		for range 2 { // as written, then as saved
			s, err := m.Predict(t.Context(), []infer.Tensor{x})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range s[0].Probabilities {
				if math.Abs(float64(c)-1) > 1e-5 {
					t.Errorf("%s: a picture is %g like itself", text, c)
				}
			}
			if err := m.Save(metadata.SidecarPath(path)); err != nil {
				t.Fatal(err)
			}
			m = open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
		}
	}
}

// References are prepared as other pictures are, also after a change.
func TestReferencesFollowThePreparation(t *testing.T) {
	r := orttest.Runtime(t)
	path := embedder(t, "embedding", 3)
	cat := writePicture(t, filepath.Join(t.TempDir(), "cat.png"), 7)
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{References: []string{cat}}})
	for _, preset := range []string{"0..1", "keras-caffe", "imagenet"} {
		if err := usePreset(m, preset); err != nil {
			t.Fatal(err)
		}
		x, err := m.Prepare(openPicture(t, cat))
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.Predict(t.Context(), []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, preset, s[0].Probabilities, []float32{1})
	}
	if left := m.Unsaved(metadata.SidecarPath(path)); len(left) != 1 || left[0] != cat {
		t.Errorf("left out of the sidecar: %q", left)
	}
}

// The file of a medical picture may be called like a patient.
func TestNamesOfMedicalReferences(t *testing.T) {
	r := orttest.Runtime(t)
	scan := fixtures.Path(t, "dicom", "files", "series_ct_lung", "000039.dcm")
	cat := writePicture(t, filepath.Join(t.TempDir(), "cat.png"), 7)
	m := open(t, r, embedder(t, "embedding", 1), backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{References: []string{cat, scan}}})
	if m.ClassName(0) != "cat.png" || m.ClassName(1) != "reference 2" {
		t.Errorf("called %q and %q", m.ClassName(0), m.ClassName(1))
	}
}

func TestBadReferencesAreNamed(t *testing.T) {
	r := orttest.Runtime(t)
	path := embedder(t, "embedding", 3)
	folder := filepath.Dir(path)
	writeVector(t, filepath.Join(folder, "short.npy"), []int{3}, 1, 2, 3)
	writeVector(t, filepath.Join(folder, "nothing.npy"), []int{4}, 0, 0, 0, 0)
	for text, want := range map[string]string{
		"{\n\"reference\": \"missing.png\"}":           "line 2: reference",
		`{"reference": "../outside.png"}`:              "beside the sidecar",
		`{"reference": "/etc/hostname"}`:               "beside the sidecar",
		`{"reference": "short.npy"}`:                   "4 numbers",
		`{"reference": "nothing.npy"}`:                 "no direction",
		`{"reference": []}`:                            "line 1: reference",
		"{\"kind\": \"embedding\",\n\"reference\": 3}": "line 2: reference",
	} {
		if err := os.WriteFile(metadata.SidecarPath(path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := backend.OpenModel(t.Context(), r, path, backend.ModelOptions{Provider: infer.CPU})
		if err == nil {
			m.Close()
			t.Errorf("%s is taken", text)
		} else if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "picasso.json") {
			t.Errorf("%s gives %q, which lacks %q or the file", text, err, want)
		}
	}
}

// The preparation may change while others ask.
func TestReferencesWhileThePreparationChanges(t *testing.T) {
	r := orttest.Runtime(t)
	cat := writePicture(t, filepath.Join(t.TempDir(), "cat.png"), 7)
	m := open(t, r, embedder(t, "embedding", 3), backend.ModelOptions{Provider: infer.CPU, Choices: metadata.Choices{References: []string{cat}}})
	x := infer.NewTensor(3, 6, 6)
	for i := range x.Data {
		x.Data[i] = float32(i) / 108
	}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 20 {
				if i == 0 {
					if err := usePreset(m, "keras-caffe"); err != nil {
						t.Error(err)
					}
					if err := usePreset(m, "0..1"); err != nil {
						t.Error(err)
					}
					continue
				}
				s, err := m.Predict(t.Context(), []infer.Tensor{x})
				if err != nil || len(s[0].Probabilities) != 1 {
					t.Errorf("%v, %v", s, err)
				}
			}
		})
	}
	all.Wait()
	img := openPicture(t, cat)
	own, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Predict(t.Context(), []infer.Tensor{own})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "a picture and itself", s[0].Probabilities, []float32{1})
}
