package cli_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/fixtures/nodule"
	"picasso/backend/npy"
	"picasso/visualizers/trust"
)

// noduleFiles writes the network, with labels and preparation beside it, and a body.
func noduleFiles(t *testing.T, body nodule.Body, last bool) (folder, model, scan string) {
	t.Helper()
	_, _ = sample(t, "tanks-fair") // skips without a library
	folder = t.TempDir()
	model, scan = filepath.Join(folder, "nodule.onnx"), filepath.Join(folder, "body.nii")
	data, err := nodule.Network([3]int{24, 40, 48}, 1, last).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string][]byte{
		model: data, scan: body.NIfTI(),
		filepath.Join(folder, "nodule.picasso.json"): []byte(`{"labels": ["healthy", "nodule"], "preprocess": {"range": [-1000, 200], "clip": [0, 1], "modality": "CT"}}`),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder, model, scan
}

// A model of volumes gets the volume of a file, in either order of axes, and its
// answer follows from what lies in the block that it gets.
func TestPredictsVolumes(t *testing.T) {
	for _, last := range []bool{false, true} {
		_, model, scan := noduleFiles(t, nodule.Placed(1, [3]float64{26, 20, 24}, 3.6), last)
		answer := func(args ...string) float64 {
			code, out, stderr := picasso(t.Context(), append([]string{"predict", "--json", "--model", model, "--image", scan}, args...)...)
			if code != 0 {
				t.Fatalf("%v: exit code %d: %s", args, code, stderr)
			}
			var got []struct {
				Predictions []struct {
					Name        string
					Probability float64
				}
				Remarks []string
			}
			if err := json.Unmarshal([]byte(out), &got); err != nil || len(got) != 1 {
				t.Fatalf("%v, %s", err, out)
			}
			said := strings.Join(got[0].Remarks, " ")
			if !strings.Contains(said, "block of 24×40×48") && !strings.Contains(said, "in 2 blocks") {
				t.Errorf("the remarks %q do not tell the block", got[0].Remarks)
			}
			for _, p := range got[0].Predictions {
				if p.Name == "nodule" {
					return p.Probability
				}
			}
			t.Fatalf("no class nodule in %s", out)
			return 0
		}
		// The nodule reaches from slice 22.4 to 29.6. The middle block is 4…27, the one
		// around slice 20 is 8…31, the one around slice 2 is 0…23.
		if p := answer("--block", "20,20,24"); p < 0.9 {
			t.Errorf("channels last %v: the block with the nodule gives %.3f", last, p)
		}
		if p := answer("--frame", "20"); p < 0.9 {
			t.Errorf("channels last %v: the block around slice 20 gives %.3f", last, p)
		}
		if p := answer("--block", "slide"); p < 0.4 || p > 0.6 { // two blocks, one of them with the nodule
			t.Errorf("channels last %v: all blocks give %.3f", last, p)
		}
		if p := answer("--frame", "2"); p > 0.1 {
			t.Errorf("channels last %v: the block without the nodule gives %.3f", last, p)
		}
	}
}

// Maps of volumes are D×H×W, and the slice shown and the curve over the slices point
// at the nodule.
func TestExplainsVolumes(t *testing.T) {
	body := nodule.NewBody(4, true)
	folder, model, scan := noduleFiles(t, body, false)
	out := filepath.Join(folder, "out")
	code, _, stderr := picasso(t.Context(), "explain", "--model", model, "--image", scan, "--visualizer", "saliency,occlusion,grad-cam,rise", "--set", "masks=12", "--set", "cells=4",
		"--set", "size=8", "--set", "stride=8", "--target", "nodule", "--out", out)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	data, err := os.ReadFile(filepath.Join(out, "body", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Maps []struct {
			Visualizer, NPY, PNG string
			Depth, Height, Width int
			Drawn                struct {
				Low, High float64
				Scale     string
				Display   struct{ Clip float64 }
			}
			Slices struct {
				Shown int
				Share []float64
			}
		}
	}
	if err := json.Unmarshal(data, &r); err != nil || len(r.Maps) != 4 {
		t.Fatalf("%v: %s", err, data)
	}
	for _, m := range r.Maps {
		f, err := os.Open(filepath.Join(out, "body", m.NPY))
		if err != nil {
			t.Fatal(err)
		}
		a, err := npy.Read(f, 1<<24)
		f.Close()
		if err != nil || len(a.Shape) != 3 || a.Shape[0] != 24 || a.Shape[1] != 40 || a.Shape[2] != 48 || m.Depth != 24 || m.Height != 40 || m.Width != 48 {
			t.Errorf("%s: an array of %v (%v), said to be %d×%d×%d", m.Visualizer, a.Shape, err, m.Depth, m.Height, m.Width)
		}
		top := 0.0
		for _, v := range a.Data {
			top = max(top, math.Abs(float64(v)))
		}
		// All four have the scale of the whole volume; that of magnitudes begins at their least.
		if d := m.Drawn; d.Scale != "volume" || d.Display.Clip == 0 && math.Abs(d.High-top) > 1e-6*top || d.High > top || !(d.High > d.Low) {
			t.Errorf("%s is drawn from %g to %g (%q), the largest value of the volume is %g", m.Visualizer, d.Low, d.High, d.Scale, top)
		}
		sum := 0.0
		for _, s := range m.Slices.Share {
			sum += s
		}
		if len(m.Slices.Share) != nodule.Size[0] || math.Abs(sum-1) > 1e-6 {
			t.Errorf("%s: %d shares that add up to %g", m.Visualizer, len(m.Slices.Share), sum)
		}
		if far := math.Abs(float64(m.Slices.Shown) - body.Nodule[0]); far > body.Radius+2 && m.Visualizer != "rise" {
			t.Errorf("%s shows slice %d, the nodule is at %.1f", m.Visualizer, m.Slices.Shown, body.Nodule[0])
		}
		if _, err := os.Stat(filepath.Join(out, "body", m.PNG)); err != nil {
			t.Error(err)
		}
	}
}

// What no model of volumes can take, and what only models of pictures can, is refused
// in words.
func TestVolumesAreRefusedInWords(t *testing.T) {
	folder, model, scan := noduleFiles(t, nodule.NewBody(1, true), false)
	photo := greyPixels(t, filepath.Join(folder, "photo.png"), 1, 2, 3, 4)
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"predict", "--image", photo}, "takes volumes"},
		{[]string{"explain", "--image", scan, "--visualizer", "occlusion-classic", "--out", filepath.Join(folder, "a")}, "explains pictures, not volumes"},
		{[]string{"explain", "--image", scan, "--visualizer", "saliency", "--feature", "found:0@3,4", "--out", filepath.Join(folder, "b")}, "a cell of the layer found is @SLICE,ROW,COLUMN, of 8×16×20"},
		{[]string{"explain", "--image", scan, "--visualizer", "saliency", "--feature", "found:0@8,4,4", "--out", filepath.Join(folder, "b")}, "has 8×16×20 cells, and @SLICE,ROW,COLUMN counts them from 0; there is no 8,4,4"},
		{[]string{"explain", "--image", scan, "--visualizer", "saliency", "--feature", "found:0", "--block", "slide", "--out", filepath.Join(folder, "b")}, "a feature is that of one block"},
		{[]string{"layers", "--image", scan, "--block", "slide"}, "the activations are those of one block"},
		{[]string{"predict", "--image", scan, "--block", "1,2"}, "SLICE,ROW,COLUMN"},
		{[]string{"predict", "--image", scan, "--model-set", "preprocess.volume.spacing=0.05"}, "of memory"},
		{[]string{"predict", "--image", scan, "--model-set", "preprocess.volume.spacing=[1,2]"}, "volume.spacing"},
	} {
		code, out, stderr := picasso(t.Context(), append(tt.args, "--model", model)...)
		if code == 0 || !strings.Contains(stderr, tt.says) {
			t.Errorf("%v: exit code %d, %s%s, which does not say %q", tt.args, code, out, stderr, tt.says)
		}
	}
}

// Several series in a folder are the channels of a model, by their names.
func TestSeriesAreChannelsByName(t *testing.T) {
	_, _ = sample(t, "tanks-fair") // skips without a library
	folder := t.TempDir()
	data, err := nodule.Network([3]int{24, 40, 48}, 2, false).Encode()
	if err != nil {
		t.Fatal(err)
	}
	scans := filepath.Join(folder, "scans")
	if err := os.Mkdir(scans, 0o700); err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(folder, "two.onnx")
	for path, data := range map[string][]byte{
		model: data, filepath.Join(folder, "two.picasso.json"): []byte(`{"labels": ["healthy", "nodule"], "preprocess": {"range": [-1000, 200], "clip": [0, 1]}}`),
		filepath.Join(scans, "case_t1.nii"): nodule.NewBody(1, false).NIfTI(), filepath.Join(scans, "case_t1ce.nii"): nodule.Placed(1, [3]float64{15, 20, 24}, 3.3).NIfTI(),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(args ...string) (int, string) {
		code, out, stderr := picasso(t.Context(), append([]string{"predict", "--top", "1", "--model", model, "--image", scans}, args...)...)
		return code, out + stderr
	}
	if code, said := ask("--channels", "T1ce,t1"); code != 0 || !strings.Contains(said, "nodule (1)") {
		t.Errorf("with the nodule in the first channel: exit code %d, %s", code, said)
	}
	if code, said := ask("--channels", "t1,t1ce"); code != 0 || !strings.Contains(said, "healthy (0)") {
		t.Errorf("with the nodule in the second channel: exit code %d, %s", code, said)
	}
	for _, tt := range []struct {
		args []string
		says string
	}{
		{nil, "the model takes 2 channels, but the series has one volume"},
		{[]string{"--channels", "t1,flair"}, `none of the 2 series is called "flair"`},
		{[]string{"--channels", "case,t1"}, `"case" fits several series`},
		{[]string{"--channels", "t1,,t2"}, "give names with commas"},
	} {
		if code, said := ask(tt.args...); code == 0 || !strings.Contains(said, tt.says) {
			t.Errorf("%v: exit code %d, %s, which does not say %q", tt.args, code, said, tt.says)
		}
	}
}

// Maps of volumes are judged, also against a segmentation in the patient; the region is
// covered, or a box around it, or everything else; and a method is checked.
func TestRegionsOfVolumes(t *testing.T) {
	body := nodule.NewBody(4, true)
	folder, model, scan := noduleFiles(t, body, false)
	values := make([]float32, len(body.Values))
	for i := range values {
		z, y, x := i/nodule.Size[1]/nodule.Size[2], i/nodule.Size[2]%nodule.Size[1], i%nodule.Size[2]
		if body.Hit(z, y, x, 1) {
			values[i] = 1
		}
	}
	label := filepath.Join(folder, "label.nii")
	if err := os.WriteFile(label, nodule.NIfTI(values, nodule.Size, [3][4]float64{{0, 0, -2, 47}, {0, -2, 0, 39}, {2, 0, 0, 0}}), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := []string{"--model", model, "--image", scan, "--block", "16,20,24"}
	out := filepath.Join(folder, "out")
	code, said, stderr := picasso(t.Context(), append([]string{"explain", "--visualizer", "saliency", "--target", "nodule", "--trust", "cover,outlines,region", "--region", label, "--out", out}, asked...)...)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	data, err := os.ReadFile(filepath.Join(out, "body", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Maps []struct{ Trust trust.Report }
	}
	if err := json.Unmarshal(data, &r); err != nil || len(r.Maps) != 1 {
		t.Fatalf("%v: %s", err, data)
	}
	found := r.Maps[0].Trust
	if found.Cover == nil || found.Cover.Slices != 8 || found.Edges == nil || found.Region == nil || !found.Region.Hit || found.Region.Word != trust.Passes {
		t.Errorf("found %+v", found)
	}
	if !strings.Contains(said, "Cover test") || strings.Contains(said, "picture") {
		t.Errorf("said %s", said)
	}
	covered := func(args ...string) float64 {
		code, out, stderr := picasso(t.Context(), append(append([]string{"cover", "--json", "--fill", "zero"}, args...), asked...)...)
		if code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, stderr)
		}
		var got []struct {
			Share float64
			After []struct {
				Name        string
				Probability float64
			}
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil || len(got) != 1 || !(got[0].Share > 0) {
			t.Fatalf("%v: %s", err, out)
		}
		for _, p := range got[0].After {
			if p.Name == "nodule" {
				return p.Probability
			}
		}
		return math.NaN()
	}
	n := body.Nodule
	around := fmt.Sprintf("%d,%d,%d,%d,%d,%d", int(n[0])-4, int(n[1])-4, int(n[2])-4, int(n[0])+5, int(n[1])+5, int(n[2])+5)
	if p := covered("--mask", label); p > 0.2 {
		t.Errorf("without the nodule P(nodule) is %.3f", p)
	}
	if p := covered("--box", around); p > 0.2 {
		t.Errorf("without the box %s P(nodule) is %.3f", around, p)
	}
	if p := covered("--mask", label, "--invert"); p < 0.8 {
		t.Errorf("with nothing but the nodule P(nodule) is %.3f", p)
	}
	if code, _, stderr := picasso(t.Context(), append([]string{"cover", "--box", "1,1,5,5"}, asked...)...); code == 0 || !strings.Contains(stderr, "six numbers") {
		t.Errorf("a rectangle: exit code %d, %s", code, stderr)
	}
	check := filepath.Join(folder, "check")
	if code, _, stderr := picasso(t.Context(), append([]string{"sanity", "--visualizer", "saliency", "--target", "nodule", "--seeds", "1", "--out", check}, asked...)...); code != 0 {
		t.Fatalf("sanity: exit code %d: %s", code, stderr)
	}
	if _, err := os.Stat(filepath.Join(check, "body", "strip.png")); err != nil {
		t.Error(err)
	}
}

// Two models of volumes are compared on one slice of the file, and a model of pictures is
// not compared with one of volumes; an audit of volumes is refused with what to do.
func TestComparesVolumes(t *testing.T) {
	body := nodule.NewBody(4, true)
	folder, model, scan := noduleFiles(t, body, false)
	out := filepath.Join(folder, "out")
	digits, _ := sample(t, "digits")
	code, said, stderr := picasso(t.Context(), "compare", "--model", model, "--model", model, "--image", scan, "--visualizer", "saliency", "--target", "nodule",
		"--model-set-a", `preprocess.volume.block="center"`, "--model-set-b", "preprocess.volume.at=[12,20,24]", "--out", out)
	if code != 0 || !strings.Contains(said, "same answer, nodule") {
		t.Fatalf("exit code %d: %s%s", code, said, stderr)
	}
	data, err := os.ReadFile(filepath.Join(out, "body", "compare.json"))
	if err != nil || !strings.Contains(string(data), "both maps are those of slice") {
		t.Errorf("%v: %s", err, data)
	}
	for _, name := range []string{"a", "b", "difference"} {
		a := readArray(t, filepath.Join(out, "body", name+".npy"))
		if len(a.Shape) != 2 || a.Shape[0] != 40 || a.Shape[1] != 48 {
			t.Errorf("%s has the shape %v, a slice 40×48", name, a.Shape)
		}
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"compare", "--model", model, "--model", digits, "--image", scan, "--visualizer", "saliency", "--out", filepath.Join(folder, "x")}, "one of the models takes volumes and the other pictures"},
		{[]string{"audit", "--model", model, "--image", folder, "--out", filepath.Join(folder, "y")}, "an audit is of a model of pictures, and this one takes volumes"},
	} {
		if code, out, stderr := picasso(t.Context(), c.args...); code == 0 || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: exit code %d: %s%s, without %q", c.args[0], code, out, stderr, c.says)
		}
	}
}
