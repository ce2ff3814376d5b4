package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/ui/cli"
)

// What looks wrong with an input is said as in the window, by every command
// that asks the model about a picture.
func TestInputsAreDoubted(t *testing.T) {
	model, images := sample(t, "digits")
	const doubt = "All values"
	use := []string{"--model", model, "--image", images[0], "--model-set", "preprocess.scale=[0,0.5]"}

	code, out, said := picasso(t.Context(), append([]string{"predict", "--json"}, use...)...)
	var predicted []struct{ Warnings []string }
	if err := json.Unmarshal([]byte(out), &predicted); code != cli.Done || err != nil {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	if w := predicted[0].Warnings; len(w) != 1 || !strings.Contains(w[0], doubt) || !strings.Contains(said, doubt) {
		t.Errorf("predict warns %q and says %s", w, said)
	}

	folder := t.TempDir()
	code, _, said = picasso(t.Context(), append([]string{"explain", "--visualizer", "prediction", "--out", folder}, use...)...)
	if code != cli.Done || !strings.Contains(said, doubt) {
		t.Fatalf("exit code %d: %s", code, said)
	}
	found, _ := filepath.Glob(filepath.Join(folder, "*", "result.json"))
	if len(found) != 1 {
		t.Fatalf("results: %q", found)
	}
	if data, err := os.ReadFile(found[0]); err != nil || !strings.Contains(string(data), doubt) {
		t.Errorf("%v: the result does not warn", err)
	}

	code, out, said = picasso(t.Context(), "predict", "--json", "--model", model, "--image", images[0])
	if code != cli.Done || strings.Contains(said, "note:") || strings.Contains(out, "warnings") {
		t.Errorf("a sound picture is doubted: %s", said)
	}
}

func TestUnknownMethodNamesAllThereAre(t *testing.T) {
	_, _, said := picasso(t.Context(), "explain", "--model", "m.onnx", "--image", "a.png", "--visualizer", "occlsion", "--out", t.TempDir())
	_, list, _ := picasso(t.Context(), "visualizers", "--json")
	var all []struct{ ID string }
	if err := json.Unmarshal([]byte(list), &all); err != nil || len(all) < 13 {
		t.Fatalf("%d methods, %v", len(all), err)
	}
	for _, m := range all {
		if !strings.Contains(said, m.ID) {
			t.Errorf("lacks %s: %s", m.ID, said)
		}
	}
	if !strings.Contains(said, `did you mean "occlusion"?`) {
		t.Errorf("says %s", said)
	}
}
