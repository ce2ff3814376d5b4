package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fixtures/nodule"
	"picasso/backend/npy"
	"picasso/backend/onnx"
	"picasso/backend/picture/dicom"
	"picasso/ui/cli"
)

// laidDown writes files into a folder of the test's own.
func laidDown(t *testing.T, files [][]byte) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "series")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, data := range files {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("IM%03d", i)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// says tells what of the parts is not in a text.
func says(t *testing.T, name, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: said is %q, without %q", name, text, part)
		}
	}
}

// Series that are no even stack of enough slices are used with a remark, or refused with
// what to do, by predict and by explain; the file is named.
func TestUnfitSeries(t *testing.T) {
	body := nodule.NewBody(1, true)
	dir, model, _ := noduleFiles(t, body, false)
	for _, c := range nodule.Unfit {
		folder := laidDown(t, body.Slices(c.Change)[:c.Slices])
		for _, command := range []string{"predict", "explain"} {
			args := []string{command, "--model", model, "--image", folder}
			if command == "explain" {
				args = append(args, "--visualizer", "saliency", "--out", filepath.Join(dir, "out", c.Name))
			}
			code, _, said := picasso(t.Context(), args...)
			if want := map[bool]int{true: cli.SomeFailed, false: cli.Done}[c.Refused]; code != want {
				t.Errorf("%s of %s: exit code %d, want %d: %s", command, c.Name, code, want, said)
			}
			says(t, command+" of "+c.Name, said, append(slices.Clone(c.Says), folder)...)
		}
	}
}

// A folder of mixed slices gives an answer for each series, orientation and size, so that
// nothing is mixed into one volume.
func TestMixedFoldersAreSeveralVolumes(t *testing.T) {
	body := nodule.NewBody(1, true)
	_, model, _ := noduleFiles(t, body, false)
	smaller := func(z int, s *dicom.Slice) {
		if z >= 24 {
			s.Rows, s.Columns, s.Values = 20, 24, s.Values[:480]
		}
	}
	other := func(_ int, s *dicom.Slice) { s.Root = "2.25.772" }
	for name, files := range map[string][][]byte{
		"two series": slices.Concat(body.Slices(nil), body.Slices(other)), "two sizes": body.Slices(smaller),
	} {
		code, out, said := picasso(t.Context(), "predict", "--top", "1", "--model", model, "--image", laidDown(t, files))
		if code != cli.Done || strings.Count(out, "series 0\n") != 1 || strings.Count(out, "series 1\n") != 1 || strings.Contains(out, "series 2") {
			t.Errorf("%s: exit code %d: %s%s", name, code, out, said)
		}
	}
}

// halving halves its input and adds what it doubles again, as U-Nets do: the sides, which
// its file leaves open, have to be even.
func halving() *onnx.Model {
	ints := func(name string, v ...int64) *onnx.Attr { return &onnx.Attr{Name: name, Kind: onnx.AttrInts, Ints: v} }
	twice := []*onnx.Attr{ints("kernel_shape", 2, 2, 2), ints("strides", 2, 2, 2)}
	open := func(name string) onnx.Dim { return onnx.Dim{Size: -1, Symbol: name} }
	g := &onnx.Graph{
		Nodes: []*onnx.Node{
			{OpType: "Conv", Inputs: []string{"x", "w"}, Outputs: []string{"down"}, Attrs: twice},
			{OpType: "ConvTranspose", Inputs: []string{"down", "w"}, Outputs: []string{"up"}, Attrs: twice},
			{OpType: "Add", Inputs: []string{"up", "x"}, Outputs: []string{"sum"}},
			{OpType: "GlobalAveragePool", Inputs: []string{"sum"}, Outputs: []string{"mean"}},
			{OpType: "Flatten", Inputs: []string{"mean"}, Outputs: []string{"flat"}},
			{OpType: "Gemm", Inputs: []string{"flat", "last"}, Outputs: []string{"logits"}},
		},
		Inputs:       []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{open("n"), {Size: 1}, open("d"), open("h"), open("w")}}},
		Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: []onnx.Dim{open("n"), {Size: 2}}}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{1, 1, 2, 2, 2}, []float32{1, 1, 1, 1, 1, 1, 1, 1}), onnx.NewTensor("last", []int64{1, 2}, []float32{-1, 1})},
	}
	return &onnx.Model{IRVersion: 8, Producer: "test", Opsets: map[string]int64{"": 13}, Graph: g}
}

// Of a size that the network cannot halve, a refusal names one that it can, in the form in
// which it is given; that one runs.
func TestSizesThatDoNotDivide(t *testing.T) {
	dir, fixed, scan := noduleFiles(t, nodule.NewBody(1, true), false)
	data, err := halving().Encode()
	if err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(dir, "halving.onnx")
	if err := os.WriteFile(model, data, 0o600); err != nil {
		t.Fatal(err)
	}
	predict := func(model string, args ...string) (int, string) {
		code, _, said := picasso(t.Context(), append([]string{"predict", "--model", model, "--image", scan}, args...)...)
		return code, said
	}
	code, said := predict(model, "--size", "48x40x25")
	says(t, "odd", said, "halving.onnx does not run on a volume of 25×40×48 voxels with one channel", "Add", "multiples of 2", "--size 48x40x26 (width, height, depth)", `"size": [26, 40, 48]`)
	if code == cli.Done {
		t.Error("an odd number of slices runs")
	}
	if code, said := predict(model, "--size", "48x40x26"); code != cli.Done || !strings.Contains(said, "block of 26×40×48") {
		t.Errorf("the size that was named: exit code %d: %s", code, said)
	}
	if code, said := predict(model, "--size", "48x40x26", "--block", "slide"); code != cli.Done || !strings.Contains(said, "in 2 blocks") {
		t.Errorf("moved over 32 slices: exit code %d: %s", code, said)
	}
	if code, said := predict(model, "--size", "24x24"); code != cli.Done || !strings.Contains(said, "has no depth, so 24 slices are used") {
		t.Errorf("without a depth: exit code %d: %s", code, said)
	}
	if code, said := predict(fixed, "--size", "24x24x24"); code != cli.Done || !strings.Contains(said, "only takes volumes of 24×40×48 voxels") {
		t.Errorf("another size than the file fixes: exit code %d: %s", code, said)
	}
}

// Series that are named for channels have to be as many as the model has, and lie in one
// place; without names, a model of several says how they are given.
func TestUnfitChannels(t *testing.T) {
	dir, one, scan := noduleFiles(t, nodule.NewBody(1, true), false)
	data, err := nodule.Network([3]int{24, 40, 48}, 2, false).Encode()
	if err != nil {
		t.Fatal(err)
	}
	two, scans := filepath.Join(dir, "two.onnx"), filepath.Join(dir, "scans")
	if err := errors.Join(os.WriteFile(two, data, 0o600), os.Mkdir(scans, 0o700)); err != nil {
		t.Fatal(err)
	}
	affine := [3][4]float64{{0, 0, -2, 47}, {0, -2, 0, 39}, {2, 0, 0, 0}}
	for name, data := range map[string][]byte{
		"t1": nodule.NewBody(1, false).NIfTI(), "t2": nodule.NewBody(2, false).NIfTI(), "flair": nodule.NewBody(3, false).NIfTI(),
		"small": nodule.NIfTI(make([]float32, 512), [3]int{8, 8, 8}, affine),
	} {
		if err := os.WriteFile(filepath.Join(scans, name+".nii"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	digits, images := sample(t, "digits")
	for _, c := range []struct {
		model, image, names string
		code                int
		says                string
	}{
		{two, scan, "", cli.SomeFailed, "the model takes 2 channels, but the series has one volume; open one that has as many, choose a series for each channel (--channels"},
		{two, scans, "t1,t2,flair", cli.Usage, "--channels names 3 series, but the number of channels that the model takes is 2; name one for each"},
		{two, scans, "t1", cli.Usage, "--channels names 1 series, but the number of channels that the model takes is 2"},
		{one, scans, "t1,t2", cli.Usage, "--channels names 2 series, but the number of channels that the model takes is 1"},
		{two, scans, "t1,small", cli.Usage, "has 8 slices, another channel 32; choose series that lie in one place"},
		{two, scans, "t1,t2", cli.Done, ""},
		{digits, filepath.Dir(images[0]), "a,b", cli.Usage, "none of the"},
		{digits, scans, "t1,t2", cli.Usage, "--channels is for models of volumes"},
	} {
		args := []string{"predict", "--model", c.model, "--image", c.image}
		if c.names != "" {
			args = append(args, "--channels", c.names)
		}
		code, _, said := picasso(t.Context(), args...)
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%s for %s: exit code %d, want %d: %s, without %q", c.names, filepath.Base(c.model), code, c.code, said, c.says)
		}
	}
}

// What cannot be put into an archive is refused with what can be written instead: values
// of a file that does not say where it lies, and a study that the file does not name.
func TestWhatNoArchiveTakes(t *testing.T) {
	body := nodule.NewBody(1, true)
	dir, solid, scan := noduleFiles(t, body, false)
	digits, images := sample(t, "digits")
	array := filepath.Join(dir, "array.npy")
	var b bytes.Buffer
	if err := errors.Join(npy.Write(&b, []int{1, 24, 40, 48}, make([]float32, 24*40*48)), os.WriteFile(array, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	var nameless [][]byte
	for _, data := range body.Slices(nil) {
		nameless = append(nameless, bytes.ReplaceAll(data, []byte{0x20, 0, 0x0d, 0}, []byte{0x20, 0, 0x0c, 0})) // another tag than that of the study
	}
	series := laidDown(t, nameless)
	const instead, fresh = "write a Secondary Capture of it (sc)", "choose a new study for the objects instead (--dicom-study new)"
	for i, c := range []struct {
		model, image, kinds, study string
		code                       int
		says                       string
	}{
		{digits, images[0], "pm", "", cli.SomeFailed, instead},
		{digits, images[0], "sc", "", cli.Done, ""},
		{digits, images[0], "sc", "keep", cli.SomeFailed, fresh},
		{solid, array, "pm", "", cli.SomeFailed, instead},
		{solid, array, "sc", "", cli.Done, ""},
		{solid, scan, "pm", "keep", cli.SomeFailed, fresh},
		{solid, series, "sc", "keep", cli.SomeFailed, fresh},
		{solid, series, "pm", "keep", cli.SomeFailed, fresh},
		{solid, series, "sc,pm", "new", cli.Done, ""},
	} {
		out := filepath.Join(dir, fmt.Sprint("out", i))
		args := []string{"explain", "--model", c.model, "--image", c.image, "--visualizer", "saliency", "--dicom", c.kinds, "--out", out}
		if c.study != "" {
			args = append(args, "--dicom-study", c.study)
		}
		code, _, said := picasso(t.Context(), args...)
		if code != c.code || !strings.Contains(said, c.says) || c.code != cli.Done && !strings.Contains(said, c.image) {
			t.Errorf("%s of %s, study %q: exit code %d, want %d: %s, without %q", c.kinds, filepath.Base(c.image), c.study, code, c.code, said, c.says)
		}
		left, err := filepath.Glob(filepath.Join(out, "*", "*.dcm"))
		if err != nil || (len(left) > 0) != (c.code == cli.Done) {
			t.Errorf("%s of %s, study %q: %d objects are left, %v", c.kinds, filepath.Base(c.image), c.study, len(left), err)
		}
	}
}
