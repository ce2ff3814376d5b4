package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/assets/scenes"
	"picasso/backend/npy"
	"picasso/ui/cli"
	"picasso/ui/drawing"
)

// folderOfScenes has pictures in which tanks and clouds part, by class.
func folderOfScenes(t *testing.T, n int) string {
	t.Helper()
	folder := t.TempDir()
	for i := range n {
		o := scenes.Options{Seed: 9_500_000 + uint64(i/4), Tank: i&1 > 0, Clouds: i&2 > 0}
		class := "no tank"
		if o.Tank {
			class = "tank"
		}
		path := filepath.Join(folder, class, fmt.Sprintf("%03d.png", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err == nil {
			err = png.Encode(f, scenes.Generate(o).Image)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// auditDocument mirrors what scripts read from audit.json.
type auditDocument struct {
	Rows, Failed int
	Tried        bool `json:"pictures_were_covered"`
	Flags        []struct {
		Kind, Class, Way, Sentence string
		Suspicion                  bool
	}
	Classes []struct {
		Name  string
		Items int
		Ways  []struct {
			Size  int
			Lift  struct{ Top, Bottom, Border struct{ Mean float64 } }
			Drop  *float64
			Place string
		}
	}
	Features struct {
		Tensor   string
		Length   int
		Compared int    `json:"pictures_compared"`
		Why      string `json:"none_because"`
	}
	Labels struct {
		Accuracy struct{ Hits, Of int }
		Counts   struct{ Matched int }
	}
}

func readAudit(t *testing.T, out string) (d auditDocument) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(out, "audit.json"))
	if err == nil {
		err = json.Unmarshal(data, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAuditGivesTheSameHoweverTheWorkIsSplit(t *testing.T) {
	model, _ := sample(t, "tanks-biased")
	folder, base := folderOfScenes(t, 44), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "tank", "bad.png"), []byte("\x89PNG\r\n\x1a\nnothing"), 0o666); err != nil {
		t.Fatal(err)
	}
	run := func(out string, more ...string) (int, string, string) {
		return picasso(t.Context(), append([]string{"audit", "--model", model, "--image", folder, "--labels", "folders", "--provider", "cpu", "--out", filepath.Join(base, out)}, more...)...)
	}
	code, said, errs := run("one")
	if code != cli.SomeFailed || !strings.Contains(said, "look at this: ") || !strings.Contains(errs, "bad.png") {
		t.Fatalf("exit code %d: %s%s", code, said, errs)
	}
	d := readAudit(t, filepath.Join(base, "one"))
	if d.Rows != 44 || d.Failed != 1 || !d.Tried || d.Labels.Accuracy.Of != 44 || d.Labels.Counts.Matched != 45 || len(d.Classes) != 2 || d.Classes[0].Ways[0].Lift.Top.Mean < 1.5 || d.Classes[0].Ways[0].Drop == nil {
		t.Errorf("%+v", d)
	}
	if d.Flags[0].Kind != "top" || !d.Flags[0].Suspicion {
		t.Errorf("first of all: %+v", d.Flags[0])
	}
	want, err := os.ReadFile(filepath.Join(base, "one", "rows.csv"))
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := os.ReadFile(filepath.Join(base, "one", "features.npy"))
	if err != nil {
		t.Fatal(err)
	}
	if a, err := npy.Read(bytes.NewReader(vectors), 1<<20); err != nil || !slices.Equal(a.Shape, []int{45, d.Features.Length}) || d.Features.Length < 2 || d.Features.Compared != 44 || d.Features.Tensor == "" {
		t.Errorf("features of shape %v, said %+v, %v", a.Shape, d.Features, err)
	}
	for _, order := range [][]int{{2, 0, 1}, {6, 1, 0, 5, 3, 2, 4}} {
		out := fmt.Sprint("out", len(order))
		for k, i := range order {
			if k == len(order)-1 {
				if code, _, said := picasso(t.Context(), "audit", "merge", filepath.Join(base, out)); code != cli.SomeFailed || !strings.Contains(said, "have no row yet") {
					t.Errorf("merging what is not there: exit code %d: %s", code, said)
				}
			}
			code, _, said := run(out, "--shard", fmt.Sprintf("%d/%d", i, len(order)), "--failures-ok")
			if code != cli.Done {
				t.Fatalf("exit code %d: %s", code, said)
			}
		}
		if code, _, said := picasso(t.Context(), "audit", "merge", filepath.Join(base, out), "--model", model, "--provider", "cpu", "--image", folder); code != cli.SomeFailed {
			t.Fatalf("exit code %d: %s", code, said)
		}
		got, err := os.ReadFile(filepath.Join(base, out, "rows.csv"))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d shards give another table, %v", len(order), err)
		}
		if got, err := os.ReadFile(filepath.Join(base, out, "features.npy")); err != nil || !bytes.Equal(got, vectors) {
			t.Errorf("%d shards give other features, %v", len(order), err)
		}
		if d := readAudit(t, filepath.Join(base, out)); !d.Tried {
			t.Error("merging with a model does not cover the pictures")
		}
	}
	// Without the model the page is written again, with what was tried.
	if code, _, said := picasso(t.Context(), "audit", "report", filepath.Join(base, "one")); code != cli.Done || !readAudit(t, filepath.Join(base, "one")).Tried {
		t.Errorf("exit code %d: %s", code, said)
	}
	if code, _, said := run("one", "--visualizer", "occlusion"); code != cli.Usage || !strings.Contains(said, "another method (grad-cam)") {
		t.Errorf("another method: exit code %d: %s", code, said)
	}
	other, _ := sample(t, "tanks-fair")
	if code, _, said := picasso(t.Context(), "audit", "--model", other, "--image", folder, "--labels", "folders", "--provider", "cpu", "--out", filepath.Join(base, "one")); code != cli.Usage || !strings.Contains(said, "another model") {
		t.Errorf("another model: exit code %d: %s", code, said)
	}
	if code, _, said := picasso(t.Context(), "audit", "merge", filepath.Join(base, "out3"), "--model", other, "--image", folder, "--allow-missing"); code != cli.SomeFailed {
		t.Errorf("what was tried is recalled before the model is asked: exit code %d: %s", code, said)
	}
}

// Masks of the tanks: the network that looks at the sky is told of, the fair one is
// not.
func TestAuditWithMasks(t *testing.T) {
	const n = 48
	folder, masks := folderOfScenes(t, n), t.TempDir()
	for i := range n {
		o := scenes.Options{Seed: 9_500_000 + uint64(i/4), Tank: i&1 > 0, Clouds: i&2 > 0}
		if !o.Tank {
			continue
		}
		tank := image.NewGray(image.Rect(0, 0, scenes.Size, scenes.Size))
		draw.Draw(tank, scenes.Generate(o).Box, image.White, image.Point{}, draw.Src)
		path := filepath.Join(masks, "tank", fmt.Sprintf("%03d.png", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err == nil {
			err = png.Encode(f, tank)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, told := range map[string]bool{"tanks-biased": true, "tanks-fair": false} {
		model, _ := sample(t, name)
		out := t.TempDir()
		code, _, said := picasso(t.Context(), "audit", "--model", model, "--image", folder, "--masks", masks, "--labels", "folders", "--provider", "cpu", "--out", out)
		if code != cli.Done {
			t.Fatalf("exit code %d: %s", code, said)
		}
		found := false
		for _, f := range readAudit(t, out).Flags {
			found = found || f.Kind == "outside-mask" && f.Suspicion
		}
		if found != told {
			t.Errorf("%s: outside of the masks: %v, want %v", name, found, told)
		}
		var d struct {
			Labels struct {
				Lucky []string `json:"right_for_the_wrong_reason"`
			}
		}
		data, err := os.ReadFile(filepath.Join(out, "audit.json"))
		if err == nil {
			err = json.Unmarshal(data, &d)
		}
		if err != nil || (len(d.Labels.Lucky) > 0) != told {
			t.Errorf("%s: right for the wrong reason: %v, %v", name, d.Labels.Lucky, err)
		}
	}
}

func TestAuditThatIsStoppedGoesOn(t *testing.T) {
	model, _ := sample(t, "tanks-fair")
	folder, out := folderOfScenes(t, 8), filepath.Join(t.TempDir(), "out")
	args := []string{"audit", "--model", model, "--image", folder, "--provider", "cpu", "--out", out}
	if code, _, said := picasso(t.Context(), append(args, "--resume")...); code != cli.Usage || !strings.Contains(said, "holds no audit") {
		t.Errorf("nothing to go on with: exit code %d: %s", code, said)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code, _, said := picasso(ctx, args...); code != cli.Interrupted || !strings.Contains(said, "goes on from there") {
		t.Errorf("stopped: exit code %d: %s", code, said)
	}
	asked := make(chan os.Signal, 1)
	asked <- os.Interrupt // any will do
	if code, _, said := askedPicasso(t.Context(), asked, args...); code != cli.Done || !strings.Contains(said, "picasso: audit: 1 of 8 pictures, ") {
		t.Fatalf("exit code %d: %s", code, said)
	}
	late := filepath.Join(folder, "tank", "001.png")
	if err := os.Rename(late, filepath.Join(folder, "tank", "zzz.png")); err != nil {
		t.Fatal(err)
	}
	if code, _, said := picasso(t.Context(), append(args, "--resume")...); code != cli.Done {
		t.Errorf("a picture that was renamed when its row was made: exit code %d: %s", code, said)
	}
	if cli.StoppedCode(args) != cli.Interrupted || cli.StoppedCode([]string{"explain"}) != cli.SomeFailed {
		t.Error("signals end commands with other codes")
	}
}

// An audit that an earlier version began keeps no features, and says so.
func TestAuditOfAVersionWithoutFeatures(t *testing.T) {
	model, _ := sample(t, "tanks-fair")
	folder, out := folderOfScenes(t, 4), filepath.Join(t.TempDir(), "out")
	run := func(shard string) (int, string) {
		code, _, said := picasso(t.Context(), "audit", "--model", model, "--image", folder, "--provider", "cpu", "--out", out, "--shard", shard)
		return code, said
	}
	if code, said := run("0/100"); code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	path := filepath.Join(out, "manifest.json")
	data, err := os.ReadFile(path)
	var m map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil || m["features"] == nil {
		t.Fatalf("%v, %v", m, err)
	}
	delete(m, "features")
	delete(m, "feature_length")
	if data, err = json.Marshal(m); err == nil {
		err = os.WriteFile(path, data, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	if code, said := run("0/1"); code != cli.Done || !strings.Contains(said, "without the network's features") {
		t.Errorf("exit code %d: %s", code, said)
	}
	if d := readAudit(t, out); d.Rows != 4 || d.Features.Length != 0 || !strings.Contains(d.Features.Why, "version") {
		t.Errorf("%+v", d)
	}
	if _, err := os.Stat(filepath.Join(out, "features.npy")); err == nil {
		t.Error("there are features")
	}
}

func TestAuditCommandLinesThatAreWrong(t *testing.T) {
	folder := t.TempDir()
	for want, args := range map[string][]string{
		"--model is missing":   {"audit", "--image", folder, "--out", "x"},
		"--image is missing":   {"audit", "--model", "m.onnx", "--out", "x"},
		"--out is missing":     {"audit", "--model", "m.onnx", "--image", folder},
		"is no folder":         {"audit", "--model", "m.onnx", "--image", filepath.Join(folder, "a.png"), "--out", "x"},
		"contains no pictures": {"audit", "--model", "m.onnx", "--image", folder, "--out", "x"},
		"I/N":                  {"audit", "--model", "m.onnx", "--image", folder, "--out", "x", "--shard", "x"},
		"no batch system":      {"audit", "--model", "m.onnx", "--image", folder, "--out", "x", "--shard", "auto"},
		"choose ignore":        {"audit", "--model", "m.onnx", "--image", folder, "--out", "x", "--uncertain", "maybe"},
		"holds no audit":       {"audit", "merge", folder},
		"the folder of one":    {"audit", "report"},
	} {
		if code, _, said := picasso(t.Context(), args...); code != cli.Usage || !strings.Contains(said, want) {
			t.Errorf("%q: exit code %d: %s", args, code, said)
		}
	}
}

// A folder of scans whose files and folders tell who the patient is: no file of the
// audit does, nor a message.
func TestAuditsNameNoPatient(t *testing.T) {
	model, images := sample(t, "digits")
	folder, out := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "out")
	scan := writeScan(t, filepath.Join(folder, "Quilf Zoranthe 19570831"), 2)
	data, err := os.ReadFile(images[0])
	if err == nil { // a picture beside the scan, called after the patient
		err = os.WriteFile(filepath.Join(filepath.Dir(scan[0]), "zoranthe.png"), data, 0o666)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "Quilf Zoranthe 19570831", "px7741903.dcm"), []byte("no scan"), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	code, said, errs := picasso(t.Context(), "audit", "--model", model, "--image", folder, "--provider", "cpu", "--out", out)
	if code != cli.Done && code != cli.SomeFailed {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	secret(t, "standard output", []byte(said))
	secret(t, "standard error", []byte(errs))
	files := 0
	err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		secret(t, path, data)
		secret(t, "the name of a file", []byte(strings.TrimPrefix(path, out)))
		return err
	})
	if err != nil || files < 8 {
		t.Errorf("%d files, %v", files, err)
	}
	rows, err := os.ReadFile(filepath.Join(out, "rows.csv"))
	if err != nil || !bytes.Contains(rows, []byte(",series-")) || bytes.Count(rows, []byte("\n")) < 3 {
		t.Errorf("%v: %s", err, rows)
	}
	page, err := os.ReadFile(filepath.Join(out, "report.html"))
	if err != nil || !bytes.Contains(page, []byte(drawing.ResearchUse)) {
		t.Errorf("the page does not say what it is for: %v", err)
	}
}
