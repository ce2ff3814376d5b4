package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/ui/cli"
)

func TestSanityWritesWhatScriptsRelyOn(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	args := []string{"sanity", "--model", model, "--image", images[0], "--visualizer", "saliency", "--target", "tank", "--steps", "3", "--seeds", "2", "--provider", "cpu", "--out", out}
	code, stdout, said := picasso(t.Context(), args...)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	folder := filepath.Join(out, strings.TrimSuffix(filepath.Base(images[0]), ".png"))
	data, err := os.ReadFile(filepath.Join(folder, "sanity.json"))
	if err != nil {
		t.Fatal(err)
	}
	type step struct {
		Units       int
		Names       []string
		Spearman    float64
		SpearmanAbs float64 `json:"spearman_abs"`
		SSIM        float64
		Before      float64 `json:"score_before"`
		After       float64 `json:"score_after"`
		NPY         string
	}
	var r struct {
		Verdict      string
		Score        string
		Units        []string
		Steps, Seeds []step
		NPY, Strip   string
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stdout, r.Verdict) || r.Score != "P(tank)" || len(r.Units) != 5 || len(r.Steps) != 3 || len(r.Seeds) != 2 {
		t.Errorf("%s\n%s", stdout, data)
	}
	for i, s := range r.Steps {
		if s.Units != []int{1, 2, 5}[i] || len(s.Names) != s.Units || s.Before <= 0 || s.After == s.Before || s.Spearman == 0 {
			t.Errorf("step %d: %+v", i, s)
		}
		if a := readArray(t, filepath.Join(folder, s.NPY)); len(a.Shape) != 2 {
			t.Errorf("%s has the shape %v", s.NPY, a.Shape)
		}
	}
	for _, name := range []string{r.NPY, r.Strip} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	word := strings.ReplaceAll(r.Verdict, " ", "-")
	if code, _, said := picasso(t.Context(), append(args, "--fail-on", word)...); code != cli.SomeFailed {
		t.Errorf("--fail-on %s: exit code %d: %s", word, code, said)
	}
}

// Of three pictures, the two others show how alike maps are that ought to differ.
func TestSanityComparesWithOtherPictures(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	args := []string{"sanity", "--model", model, "--visualizer", "deconvnet", "--target", "tank", "--steps", "1", "--seeds", "1", "--provider", "cpu", "--out", out}
	for _, image := range images[:3] {
		args = append(args, "--image", image)
	}
	if code, _, said := picasso(t.Context(), args...); code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	for _, image := range images[:3] {
		data, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(filepath.Base(image), ".png"), "sanity.json"))
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Baseline   float64 `json:"baseline_ssim"`
			BaselineOf string  `json:"baseline_of"`
		}
		// Deconvnet draws the same map for every picture of this network.
		if err := json.Unmarshal(data, &r); err != nil || r.BaselineOf != "other pictures" || r.Baseline < .9 {
			t.Errorf("%s: %+v, %v", image, r, err)
		}
	}
}

func TestSanityRefusesWhatMeansNothing(t *testing.T) {
	for words, want := range map[string]string{
		"--visualizer saliency --order up":        "choose cascade or independent",
		"--visualizer saliency --draw zero":       "choose permute or he",
		"--visualizer saliency --steps 9":         "choose 1 to 8",
		"--visualizer saliency --seeds 0":         "choose 1 to 20",
		"--visualizer saliency --fail-on bad":     "barely-changes",
		"--visualizer saliency --visualizer rise": "one method",
	} {
		args := append([]string{"sanity", "--model", "m.onnx", "--image", "i.png", "--out", t.TempDir()}, strings.Fields(words)...)
		if code, _, said := picasso(t.Context(), args...); code != cli.Usage || !strings.Contains(said, want) {
			t.Errorf("%s: exit code %d: %s", words, code, said)
		}
	}
}
