package cli_test

import (
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The scores of a classifier serve as an embedding of two numbers.
func TestReferencesOnTheCommandLine(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	args := []string{"--model", model, "--reference", images[0], "--reference", images[1], "--model-set", "kind=embedding"}
	code, stdout, stderr := picasso(t.Context(), append([]string{"inspect", "--json"}, args...)...)
	var about struct {
		Score struct {
			Kind                string
			Classes, Dimensions int
			References          []string
		}
	}
	if err := json.Unmarshal([]byte(stdout), &about); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v: %s", code, err, stderr)
	}
	if s := about.Score; s.Kind != "embedding" || s.Classes != 2 || s.Dimensions != 2 || len(s.References) != 2 {
		t.Errorf("the score is %+v", s)
	}
	out := t.TempDir()
	name := filepath.Base(images[0])
	code, _, stderr = picasso(t.Context(), append([]string{"explain", "--image", images[0], "--visualizer", "occlusion", "--set", "size=64", "--set", "stride=64", "--target", name, "--out", out}, args...)...)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	r := readResult(t, filepath.Join(out, strings.TrimSuffix(name, filepath.Ext(name)), "result.json"))
	if p := r.Predictions[0]; p.Name != name || p.Probability < 0.9999 || p.Logit != nil {
		t.Errorf("the best is %+v", p)
	}
	if unit := r.Maps[0].Unit; unit != "drop in cos("+name+")" {
		t.Errorf("unit %q", unit)
	}
	code, _, stderr = picasso(t.Context(), "predict", "--model", model, "--image", images[0], "--reference", "missing.png")
	if code != 3 || !strings.Contains(stderr, "missing.png") {
		t.Errorf("a missing reference ends with %d: %s", code, stderr)
	}
}

// What is noticed while reading a picture that belongs to the model is said as
// all that is noticed while opening it.
func TestRemarksOfReferences(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	path := filepath.Join(t.TempDir(), "clear.png")
	m := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range m.Pix {
		m.Pix[i] = uint8(5 * i)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, m), f.Close()); err != nil {
		t.Fatal(err)
	}
	_, text, said := picasso(t.Context(), "predict", "--json", "--model", model, "--image", images[0], "--reference", images[1], "--reference", path, "--model-set", "kind=embedding")
	var all []entry
	if err := json.Unmarshal([]byte(text), &all); err != nil || len(all) != 1 {
		t.Fatalf("%v: %s", err, said)
	}
	if strings.Count(said, "clear.png: ") != 1 || !strings.Contains(strings.Join(all[0].ModelNotes, "; "), "clear.png: ") {
		t.Errorf("says %q, %q", said, all[0].ModelNotes)
	}
}
