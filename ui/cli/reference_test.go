package cli_test

import (
	"encoding/json"
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
