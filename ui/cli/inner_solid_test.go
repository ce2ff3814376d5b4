package cli_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fixtures/nodule"
	"picasso/ui/cli"
)

// The layers of a model of volumes have slices, in what they hold and in what they see.
func TestLayersOfVolumes(t *testing.T) {
	_, model, scan := noduleFiles(t, nodule.Placed(1, [3]float64{15, 20, 24}, 3.3), false)
	code, out, said := picasso(t.Context(), "layers", "--model", model, "--image", scan, "--json")
	var rows []struct {
		Name, Axes     string
		Cells          []int
		ReceptiveField []int `json:"receptive_field"`
		UsableForCAM   bool  `json:"usable_for_cam"`
		Mean           *float64
	}
	if err := json.Unmarshal([]byte(out), &rows); code != cli.Done || err != nil {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.Name] = true
		switch r.Name {
		case "found": // (24 − 9)/2 + 1 slices, of 9 voxels each
			if !slices.Equal(r.Cells, []int{8, 16, 20}) || !slices.Equal(r.ReceptiveField, []int{9, 9, 9}) || r.Axes != "N,C,d,h,w" || !r.UsableForCAM {
				t.Errorf("%+v", r)
			}
		case "pooled": // two cells beside each other, 2 voxels apart
			if !slices.Equal(r.ReceptiveField, []int{11, 11, 11}) {
				t.Errorf("%+v", r)
			}
		case "logits":
			if r.Cells != nil || !slices.Equal(r.ReceptiveField, []int{24, 40, 48}) {
				t.Errorf("%+v", r)
			}
		}
		if r.Mean == nil {
			t.Errorf("%s has no mean", r.Name)
		}
	}
	if !seen["found"] || !seen["pooled"] || !seen["logits"] {
		t.Errorf("rows %v", seen)
	}
	code, out, said = picasso(t.Context(), "layers", "--model", model, "--image", scan, "--layer", "found")
	if code != cli.Done || !strings.Contains(out, "found: 2 channels of 8×16×20 cells") {
		t.Errorf("exit code %d: %s%s", code, out, said)
	}
}

// A feature of a volume at one cell is explained by the voxels that the cell sees, and by
// no others.
func TestFeaturesOfVolumes(t *testing.T) {
	folder, model, scan := noduleFiles(t, nodule.Placed(1, [3]float64{15, 20, 24}, 3.3), false)
	out := filepath.Join(folder, "out")
	// The block is around slice 16: the nodule is at its slice 11, which cell 4 sees as its slice 3.
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", scan, "--block", "16,20,24", "--visualizer", "saliency,occlusion", "--set", "size=8", "--set", "stride=8",
		"--feature", "found:0@4,8,10", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	r := described(t, filepath.Join(out, "body", "result.json"))
	if len(r.Maps) != 2 || !strings.Contains(r.Maps[0].Target, "feature 0 of found at slice 4, row 8, column 10") {
		t.Fatalf("%d maps, of %q", len(r.Maps), r.Maps[0].Target)
	}
	values := readArray(t, filepath.Join(out, "body", r.Maps[0].NPY)).Data
	inside := 0
	for i, v := range values {
		z, y, x := i/40/48, i/48%40, i%48
		sees := z >= 8 && z < 17 && y >= 16 && y < 25 && x >= 20 && x < 29
		if v != 0 && !sees {
			t.Fatalf("voxel %d, %d, %d has %v, which the cell does not see", z, y, x, v)
		}
		if v != 0 && !math.IsNaN(float64(v)) {
			inside++
		}
	}
	if inside < 100 {
		t.Errorf("%d voxels matter to the cell", inside)
	}
}

// The sheet of a volume has its maps on one slice, where the first is strongest, or on
// the one that is asked for, and says how they agree over all of it.
func TestSheetsOfVolumes(t *testing.T) {
	body := nodule.NewBody(4, true)
	folder, model, scan := noduleFiles(t, body, false)
	for name, more := range map[string][]string{"strongest": nil, "asked": {"--frame", "9"}} {
		out := filepath.Join(folder, name)
		code, _, said := picasso(t.Context(), append([]string{"explain", "--model", model, "--image", scan, "--visualizer", "saliency,occlusion", "--set", "size=8", "--set", "stride=8",
			"--target", "top:2", "--sheet", "--out", out}, more...)...)
		if code != cli.Done {
			t.Fatalf("exit code %d: %s", code, said)
		}
		entries, err := os.ReadDir(out)
		if err != nil || len(entries) != 1 {
			t.Fatalf("%d folders, %v", len(entries), err)
		}
		data, err := os.ReadFile(filepath.Join(out, entries[0].Name(), "result.json"))
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Sheet struct {
				File    string
				Methods []string
				Classes []struct {
					Agreement []struct{ Spearman *float64 }
				}
			}
		}
		if err := json.Unmarshal(data, &r); err != nil || len(r.Sheet.Methods) != 2 || len(r.Sheet.Classes) != 2 || len(r.Sheet.Classes[0].Agreement) != 1 || r.Sheet.Classes[0].Agreement[0].Spearman == nil {
			t.Errorf("%s: %v, %+v", name, err, r.Sheet)
		}
		if _, err := os.Stat(filepath.Join(out, entries[0].Name(), r.Sheet.File)); err != nil {
			t.Error(err)
		}
	}
}
