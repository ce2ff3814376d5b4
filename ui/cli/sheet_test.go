package cli_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/ui/cli"
)

// A sheet shows the very maps that the methods draw one by one, and says how far
// they agree.
func TestASheetHoldsTheMapsOfItsMethods(t *testing.T) {
	model, images := sample(t, "digits")
	methods := []string{"occlusion", "saliency", "grad-cam"}
	common := []string{"--model", model, "--image", images[7], "--target", "top:3", "--provider", "cpu"}
	out := t.TempDir()
	code, _, said := picasso(t.Context(), append([]string{"explain", "--visualizer", "occlusion, saliency", "--visualizer", "grad-cam,prediction", "--sheet", "--out", out}, common...)...)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	folder := filepath.Join(out, "digit-7")
	data, err := os.ReadFile(filepath.Join(folder, "result.json"))
	var r struct {
		Maps []struct {
			NPY string
			Max float64
		}
		Timing struct {
			ForwardPasses int `json:"forward_passes"`
		}
		Sheet struct {
			File    string
			Methods []string
			Classes []struct {
				Class     struct{ Index int }
				Agreement []struct {
					A, B     string
					Spearman *float64
					IoU      *float64
				}
			}
			Scales []struct {
				Visualizer string
				Low, High  float64
				Unit       string
			}
		}
	}
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Sheet; s.File != "sheet.png" || !slices.Equal(s.Methods, methods) || len(s.Classes) != 3 || len(s.Scales) != 3 || len(r.Maps) != 9 || !strings.Contains(s.Scales[0].Unit, "P(class)") {
		t.Fatalf("%+v", r)
	}
	for _, row := range r.Sheet.Classes {
		if len(row.Agreement) != 3 || row.Agreement[0].A != "occlusion" || row.Agreement[0].B != "saliency" {
			t.Errorf("%+v", row)
		}
		for _, p := range row.Agreement {
			if p.Spearman == nil || *p.Spearman < -1 || *p.Spearman > 1 || p.IoU == nil || *p.IoU < 0 || *p.IoU > 1 {
				t.Errorf("%+v", p)
			}
		}
	}
	passes := 0
	for _, method := range methods {
		alone := t.TempDir()
		if code, _, said := picasso(t.Context(), append([]string{"explain", "--visualizer", method, "--out", alone}, common...)...); code != cli.Done {
			t.Fatalf("%s: %s", method, said)
		}
		passes += readResult(t, filepath.Join(alone, "digit-7", "result.json")).Timing.ForwardPasses
		found, _ := filepath.Glob(filepath.Join(alone, "digit-7", method+"-?.npy"))
		if len(found) != 3 {
			t.Fatalf("%s drew %q", method, found)
		}
		for _, path := range found {
			one, err := os.ReadFile(path)
			other, err2 := os.ReadFile(filepath.Join(folder, filepath.Base(path)))
			if err != nil || err2 != nil || !bytes.Equal(one, other) {
				t.Errorf("%s differs from the map of its own (%v, %v)", filepath.Base(path), err, err2)
			}
		}
	}
	if r.Timing.ForwardPasses > passes+1 { // with that of the method prediction
		t.Errorf("%d forward passes, one by one %d", r.Timing.ForwardPasses, passes)
	}
	f, err := os.Open(filepath.Join(folder, "sheet.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c, err := png.DecodeConfig(f); err != nil || c.Width < 1200 || c.Height < 1200 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestMistakesOfSheets(t *testing.T) {
	model, images := sample(t, "digits")
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", images[0], "--visualizer", "prediction", "--sheet", "--out", t.TempDir())
	if code != cli.SomeFailed || !strings.Contains(said, "no map") {
		t.Errorf("exit code %d: %s", code, said)
	}
	code, _, said = picasso(t.Context(), "explain", "--model", model, "--image", images[0], "--visualizer", "saliency,nonsense", "--out", t.TempDir())
	if code != cli.Usage || !strings.Contains(said, "nonsense") {
		t.Errorf("exit code %d: %s", code, said)
	}
}
