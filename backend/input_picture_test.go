package backend_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
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
	"picasso/backend/onnx"
	"picasso/backend/perturb"
	"picasso/backend/score"
)

// twoPictures is a model with logits = w·(a − b), where w of class 0 is
// 1, 2, 3, … in the order of the channels, rows and columns, and w of class 1
// its opposite. b is of the given type and shape.
func twoPictures(t *testing.T, channels int64, typ onnx.DataType, other []onnx.Dim) string {
	t.Helper()
	n := int(channels) * 4
	w := make([]float32, 2*n)
	for i := range n {
		w[2*i], w[2*i+1] = float32(i+1), -float32(i+1)
	}
	return saveModel(t, &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "two",
		Nodes: []*onnx.Node{
			{OpType: "Cast", Inputs: []string{"b"}, Outputs: []string{"c"}, Attrs: []*onnx.Attr{intAttr("to", int(onnx.Float))}},
			{OpType: "Sub", Inputs: []string{"a", "c"}, Outputs: []string{"d"}},
			{OpType: "Flatten", Inputs: []string{"d"}, Outputs: []string{"f"}},
			{OpType: "MatMul", Inputs: []string{"f", "w"}, Outputs: []string{"logits"}},
		},
		Inputs:       []*onnx.Value{{Name: "a", Type: onnx.Float, Shape: shape(-1, channels, 2, 2)}, {Name: "b", Type: typ, Shape: other}},
		Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: shape(-1, 2)}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{int64(n), 2}, w)},
	}})
}

// writeColors writes a picture of 2×2 pixels.
func writeColors(t *testing.T, path string, colors ...color.NRGBA) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	for i, c := range colors {
		m.SetNRGBA(i%2, i/2, c)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func grey(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }

// logit is the first logit for a picture of zeros.
func logit(t *testing.T, m *backend.Model, values ...float32) float32 {
	t.Helper()
	x := infer.NewTensor(m.Shape())
	copy(x.Data, values)
	s, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	return s[0].Logits[0]
}

func TestPicturesAsConstants(t *testing.T) {
	r := orttest.Runtime(t)
	red := color.NRGBA{255, 0, 0, 255}
	for _, tt := range []struct {
		name     string
		channels int64
		typ      onnx.DataType
		other    []onnx.Dim
		colors   []color.NRGBA
		keys     string
		want     float32 // −w·b
	}{
		// The red plane counts 1+2+3+4.
		{"colour", 3, onnx.Float, shape(-1, 3, 2, 2), []color.NRGBA{red, red, red, red}, "", -10},
		{"blue first", 3, onnx.Float, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, `"color": "bgr"`, -(9 + 10 + 11 + 12)},
		{"raw values", 3, onnx.Float, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, `"scale": [1, 0]`, -2550},
		// Mean 0.5 and deviation 0.25: red is 2, the others are −2.
		{"normalised", 3, onnx.Float, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, `"mean": 0.5, "std": 0.25`, -2*10 + 2*(78-10)},
		{"half precision", 3, onnx.Float16, shape(1, 3, 2, 2), []color.NRGBA{red, red, red, red}, "", -10},
		{"grey", 1, onnx.Float, shape(1, 1, 2, 2), []color.NRGBA{grey(0), grey(255), grey(0), grey(51)}, "", -(2 + 4*0.2)},
		// A mask is 0…1 whatever the preparation: 1 in the second and fourth pixel of each channel.
		{"mask", 3, onnx.Float, shape(1, 1, 2, 2), []color.NRGBA{grey(0), grey(255), grey(0), grey(255)}, `"mean": 0.5, "std": 0.25`, -(2 + 4 + 6 + 8 + 10 + 12)},
		{"mask without channels", 3, onnx.Float, shape(2, 2), []color.NRGBA{grey(0), grey(255), grey(0), grey(51)}, "", -(2 + 6 + 10 + 0.2*(4+8+12))},
		{"mask of truth values", 3, onnx.Bool, shape(1, 1, 2, 2), []color.NRGBA{grey(0), grey(255), grey(3), grey(200)}, "", -(2 + 4 + 6 + 8 + 10 + 12)},
		{"mask of whole numbers", 1, onnx.Int64, shape(-1, 2, 2), []color.NRGBA{grey(0), grey(1), grey(2), grey(3)}, `"scale": [1, 0]`, -(2 + 2*3 + 3*4)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := twoPictures(t, tt.channels, tt.typ, tt.other)
			writeColors(t, filepath.Join(filepath.Dir(path), "other.png"), tt.colors...)
			text := fmt.Sprintf(`{"input": "a", "inputs": {"b": "other.png"}, "preprocess": {%s}}`, tt.keys)
			if tt.keys == "" {
				text = `{"input": "a", "inputs": {"b": "other.png"}, "preprocess": {"preset": "0..1"}}`
			}
			if err := os.WriteFile(metadata.SidecarPath(path), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			for range 2 { // as written, then as saved
				closeTo(t, "logit", []float32{logit(t, m), logit(t, m, 1)}, []float32{tt.want, tt.want + 1})
				if err := m.Save(metadata.SidecarPath(path)); err != nil {
					t.Fatal(err)
				}
				m = open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			}
		})
	}
}

// Logits w·(a − b)², whose gradient is 2w(a − b), follow a change of the
// preparation: b is prepared again.
func TestConstantPicturesFollowThePreparation(t *testing.T) {
	r := orttest.Runtime(t)
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name: "square",
		Nodes: []*onnx.Node{
			call("Sub", "d", []string{"a", "b"}), call("Mul", "s", []string{"d", "d"}),
			call("Flatten", "f", []string{"s"}), call("MatMul", "logits", []string{"f", "w"}),
		},
		Inputs:       []*onnx.Value{{Name: "a", Type: onnx.Float, Shape: shape(-1, 1, 2, 2)}, {Name: "b", Type: onnx.Float, Shape: shape(-1, 1, 2, 2)}},
		Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: shape(-1, 2)}},
		Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{4, 2}, []float32{1, 0, 2, 0, 3, 0, 4, 1})},
	}}
	path := saveModel(t, m)
	other := writeColors(t, filepath.Join(t.TempDir(), "other.png"), grey(0), grey(255), grey(51), grey(102))
	model := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "input=a", "inputs.b="+other)})
	x := infer.Tensor{Shape: []int{1, 2, 2}, Data: []float32{1, 1, 1, 1}}
	target := []score.Target{score.ClassTarget(0, score.Logit)}
	for _, tt := range []struct {
		preset   string
		logit    float32
		gradient []float32
	}{
		// b is 0, 1, 0.2, 0.4, then −1, 1, −0.6, −0.2, then 0, 255, 51, 102.
		{"0..1", 1 + 0 + 3*0.64 + 4*0.36, []float32{2, 0, 4.8, 4.8}},
		{"-1..1", 4 + 0 + 3*2.56 + 4*1.44, []float32{4, 0, 9.6, 9.6}},
		{"0..255", 1 + 2*254*254 + 3*2500 + 4*10201, []float32{2, -1016, -300, -808}},
		{"0..1", 1 + 0 + 3*0.64 + 4*0.36, []float32{2, 0, 4.8, 4.8}},
	} {
		if err := usePreset(model, tt.preset); err != nil {
			t.Fatal(err)
		}
		g, err := model.Gradient(t.Context(), []infer.Tensor{x}, target)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, tt.preset+": gradient", g[0][0].Data, tt.gradient)
		closeTo(t, tt.preset+": logit", []float32{logit(t, model, x.Data...)}, []float32{tt.logit})
	}
	if left := model.Unsaved(metadata.SidecarPath(path)); len(left) != 1 || left[0] != other {
		t.Errorf("left out of the sidecar: %q", left)
	}
}

// siamese is a network of convolutions over two pictures whose results are
// subtracted, or over both pictures together, as channels of one.
func siamese(t *testing.T, together bool) string {
	t.Helper()
	branch := func(in string) []*onnx.Node {
		return []*onnx.Node{call("Conv", in+"1", []string{in, "w1"}), call("Sigmoid", in+"2", []string{in + "1"}), call("Conv", in+"3", []string{in + "2", "w2"})}
	}
	nodes, channels := append(append(branch("a"), branch("b")...), call("Sub", "d", []string{"a3", "b3"})), int64(3)
	if together {
		nodes, channels = append([]*onnx.Node{call("Concat", "ab", []string{"a", "b"}, axis(1))}, branch("ab")...), 6
		nodes = append(nodes, call("Identity", "d", []string{"ab3"}))
	}
	weights := func(name string, dims ...int64) *onnx.Tensor {
		v := make([]float32, dims[0]*dims[1]*9)
		for i := range v {
			v[i] = float32((i*i+3*i)%17)/17 - 0.5
		}
		return onnx.NewTensor(name, append(dims, 3, 3), v)
	}
	return saveModel(t, &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name:         "siamese",
		Nodes:        append(nodes, call("Tanh", "u", []string{"d"}), call("GlobalAveragePool", "p", []string{"u"}), call("Flatten", "logits", []string{"p"})),
		Inputs:       []*onnx.Value{{Name: "a", Type: onnx.Float, Shape: shape(-1, 3, 96, 96)}, {Name: "b", Type: onnx.Float, Shape: shape(-1, 3, 96, 96)}},
		Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: shape(-1, 3)}},
		Initializers: []*onnx.Tensor{weights("w1", 8, channels), weights("w2", 3, 8)},
	}})
}

// A picture gives in every engine what the same values as an array give, and
// still does after the preparation changed.
func TestConstantPicturesInEveryEngine(t *testing.T) {
	r := orttest.Runtime(t)
	other := writePicture(t, filepath.Join(t.TempDir(), "other.png"), 7)
	for _, together := range []bool{false, true} {
		path := siamese(t, together)
		m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "input=a", "inputs.b="+other)})
		for _, preset := range []string{"0..1", "keras-caffe"} {
			if err := usePreset(m, preset); err != nil {
				t.Fatal(err)
			}
			x, err := m.Prepare(openPicture(t, other))
			if err != nil {
				t.Fatal(err)
			}
			array := writeVector(t, filepath.Join(t.TempDir(), "other.npy"), append([]int{1}, x.Shape...), x.Data...)
			plain := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "input=a", "inputs.b="+array)})
			sameEverywhere(t, fmt.Sprint(preset, together), m, plain, !together)
		}
	}
}

// sameEverywhere compares scores of covered copies and gradients. Incremental
// inference helps where the other picture joins late.
func sameEverywhere(t *testing.T, name string, m, plain *backend.Model, late bool) {
	t.Helper()
	base := infer.NewTensor(3, 96, 96)
	for i := range base.Data {
		base.Data[i] = float32(i%29) / 29
	}
	window, fill := image.Rect(4, 5, 9, 11), infer.NewTensor(3, 96, 96)
	covered := base.Clone()
	for c := range 3 {
		for y := window.Min.Y; y < window.Max.Y; y++ {
			clear(covered.Data[(c*96+y)*96+window.Min.X : (c*96+y)*96+window.Max.X])
		}
	}
	area := perturb.Rectangle(window)
	batch, rects := []infer.Tensor{covered, covered}, []perturb.Box{area, area}
	want, err := plain.Predict(t.Context(), []infer.Tensor{covered})
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []perturb.Engine{perturb.PlainEngine, perturb.IncrementalEngine, perturb.GraphEngine} {
		c, err := m.Copies(t.Context(), base, rects, &perturb.Occluder{Fill: fill}, engine)
		if err != nil {
			t.Fatal(err)
		}
		got := scored(t, c, batch, rects)
		account := c.Stats()
		c.Close()
		if late && account.Engine != engine {
			t.Errorf("%s: %v instead of %v: %s", name, account.Engine, engine, account.Notice)
		}
		for _, s := range got {
			closeTo(t, fmt.Sprint(name, " ", engine), s.Logits, want[0].Logits)
		}
	}
	targets := []score.Target{score.ClassTarget(1, score.Logit)}
	got, err := m.Gradient(t.Context(), []infer.Tensor{base, covered}, targets)
	if err != nil {
		t.Fatal(err)
	}
	slope, err := plain.Gradient(t.Context(), []infer.Tensor{base, covered}, targets)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		closeTo(t, name+" gradient", got[i][0].Data, slope[i][0].Data)
	}
}

func TestBadConstantPicturesAreNamed(t *testing.T) {
	r := orttest.Runtime(t)
	path := twoPictures(t, 3, onnx.Float, shape(1, 3, 2, 2))
	folder := filepath.Dir(path)
	if err := os.WriteFile(filepath.Join(folder, "text.png"), []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"{\"input\": \"a\",\n\"inputs\": {\"b\": \"missing.png\"}}": "line 2: inputs.b: ",
		`{"input": "a", "inputs": {"b": "text.png"}}`:               "text.png",
		`{"input": "a", "inputs": {"b": "../outside.png"}}`:         "beside the sidecar",
		`{"input": "a", "inputs": {"b": "/etc/hostname"}}`:          "beside the sidecar",
		`{"input": "a", "inputs": {"b": ""}}`:                       "name a file",
		`{"input": "a"}`:                                            `{"inputs": {"b": "other.png"}}`,
	} {
		if err := os.WriteFile(metadata.SidecarPath(path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, r, path, backend.ModelOptions{Provider: infer.CPU}, want, "picasso.json")
	}
	other := writeColors(t, filepath.Join(folder, "other.png"), grey(0), grey(0), grey(0), grey(0))
	for _, form := range [][]onnx.Dim{shape(1, 3), shape(-1, 3), shape(3)} {
		numbers := twoPictures(t, 3, onnx.Float, form)
		refused(t, r, numbers, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "inputs.b="+other)}, "other.png", "picture", "a number")
	}
	if _, err := metadata.ParseConstants([]string{"b"}, folder); err == nil || !strings.Contains(err.Error(), "NAME=VALUE") {
		t.Errorf("a name alone: %v", err)
	}
	refused(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "input=a", "inputs.b="+other, "inputs.c=1")}, "inputs.c", `"a"`)
}

// refused tells that a model does not open, and what the error must say.
func refused(t *testing.T, r infer.Opener, path string, opt backend.ModelOptions, says ...string) {
	t.Helper()
	m, err := backend.OpenModel(t.Context(), r, path, opt)
	if err == nil {
		m.Close()
		t.Errorf("%+v is taken", opt.Choices)
		return
	}
	for _, want := range says {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
}

// The preparation may change while others ask.
func TestConstantPicturesWhileThePreparationChanges(t *testing.T) {
	r := orttest.Runtime(t)
	path := twoPictures(t, 3, onnx.Float, shape(1, 3, 2, 2))
	red := color.NRGBA{255, 0, 0, 255}
	other := writeColors(t, filepath.Join(t.TempDir(), "other.png"), red, red, red, red)
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "input=a", "inputs.b="+other)})
	x := infer.NewTensor(m.Shape())
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 20 {
				if i == 0 {
					if err := errors.Join(usePreset(m, "0..255"), usePreset(m, "0..1")); err != nil {
						t.Error(err)
					}
				}
				if i == 1 { // what runs while the constant changes may end
					if err := useInside(t, m, x); err != nil && !errors.Is(err, infer.ErrClosed) {
						t.Error(err)
					}
				}
				s, err := m.Predict(t.Context(), []infer.Tensor{x, x, x})
				if err != nil {
					t.Errorf("%v, %v", s, err)
					return
				}
			}
		})
	}
	all.Wait()
	closeTo(t, "logit", []float32{logit(t, m)}, []float32{-10})
}

// useInside asks for what needs other sessions than a prediction.
func useInside(t *testing.T, m *backend.Model, x infer.Tensor) error {
	t.Helper()
	if _, err := m.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(0, score.Logit)}); err != nil {
		return err
	}
	rects := []perturb.Box{{To: perturb.Size{1, 1, 1}}}
	c, err := m.Copies(t.Context(), x, rects, &perturb.Occluder{Fill: x}, perturb.GraphEngine)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Score(t.Context(), []infer.Tensor{x}, rects)
	return err
}

// The second picture shows the part that the first one does, in the layout and
// size of its own input.
func TestConstantPicturesShowTheSamePart(t *testing.T) {
	r := orttest.Runtime(t)
	for _, tt := range []struct {
		name  string
		a, b  []onnx.Dim
		extra string
		bands []uint8 // of a picture 8 wide and 4 high, in columns of two
		want  float32 // mean of what the second input gets
	}{
		{"stretched", shape(-1, 3, 4, 4), shape(1, 3, 8, 8), "", []uint8{0, 255, 255, 0}, 0.5},
		{"cropped", shape(-1, 3, 4, 4), shape(1, 3, 4, 4), `"resize": {"mode": "crop", "filter": "nearest"}, `, []uint8{0, 255, 255, 0}, 1},
		{"cropped of another size", shape(-1, 3, 4, 4), shape(1, 3, 2, 2), `"resize": {"mode": "crop", "edge": 8, "filter": "nearest"}, `, []uint8{0, 255, 255, 0}, 1},
		{"a mask that is cropped", shape(-1, 3, 4, 4), shape(1, 1, 8, 8), `"resize": {"mode": "crop", "edge": 8}, `, []uint8{0, 255, 255, 0}, 1},
		{"a mask in bars", shape(-1, 3, 8, 8), shape(1, 1, 8, 8), `"resize": {"mode": "letterbox", "pad": 114}, `, []uint8{255, 255, 255, 255}, 0.5},
		{"channels last", shape(-1, 4, 4, 3), shape(1, 4, 4, 3), `"resize": {"mode": "stretch", "filter": "nearest"}, `, []uint8{0, 255, 0, 0}, 0.25},
		{"open sizes", shape(-1, 3, -1, -1), shape(-1, 3, -1, -1), `"resize": {"mode": "stretch", "filter": "nearest"}, `, []uint8{0, 255, 0, 0}, 0.25},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := saveModel(t, &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
				Name: "means",
				Nodes: []*onnx.Node{
					call("ReduceMean", "m", []string{"a"}, &onnx.Attr{Name: "axes", Kind: onnx.AttrInts, Ints: []int64{1, 2, 3}}, intAttr("keepdims", 0)),
					call("ReduceMean", "n", []string{"b"}, &onnx.Attr{Name: "axes", Kind: onnx.AttrInts, Ints: []int64{1, 2, 3}}, intAttr("keepdims", 0)),
					call("Add", "s", []string{"m", "n"}), call("Unsqueeze", "u", []string{"s", "one"}), call("Concat", "logits", []string{"u", "u"}, axis(1)),
				},
				Inputs:       []*onnx.Value{{Name: "a", Type: onnx.Float, Shape: tt.a}, {Name: "b", Type: onnx.Float, Shape: tt.b}},
				Outputs:      []*onnx.Value{{Name: "logits", Type: onnx.Float, Shape: shape(-1, 2)}},
				Initializers: []*onnx.Tensor{{Name: "one", Type: onnx.Int64, Dims: []int64{1}, Raw: []byte{1, 0, 0, 0, 0, 0, 0, 0}}},
			}})
			m := image.NewGray(image.Rect(0, 0, 8, 4))
			for i := range m.Pix {
				m.Pix[i] = tt.bands[i%8/2]
			}
			f, err := os.Create(filepath.Join(filepath.Dir(path), "other.png"))
			if err != nil {
				t.Fatal(err)
			}
			err = errors.Join(png.Encode(f, m), f.Close())
			if err == nil {
				err = os.WriteFile(metadata.SidecarPath(path), []byte(fmt.Sprintf(`{"inputs": {"b": "other.png"}, "preprocess": {%s"preset": "0..1"}}`, tt.extra)), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			model := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
			if model.Input.Name != "a" {
				t.Errorf("the picture goes into %q", model.Input.Name)
			}
			closeTo(t, "mean", []float32{logit(t, model)}, []float32{tt.want})
		})
	}
}

// A slice of a scan differs in nothing from itself, also behind a window.
func TestConstantScans(t *testing.T) {
	r := orttest.Runtime(t)
	scan := fixtures.Path(t, "dicom", "files", "series_ct_lung", "000039.dcm")
	path := twoPictures(t, 1, onnx.Float, shape(-1, 1, 2, 2))
	m := open(t, r, path, backend.ModelOptions{Provider: infer.CPU, Choices: choose(t, "inputs.b="+scan)})
	for _, preset := range []string{"ct-window", "0..255"} {
		if err := usePreset(m, preset); err != nil {
			t.Fatal(err)
		}
		x, err := m.Prepare(openPicture(t, scan))
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, preset, []float32{logit(t, m, x.Data...)}, []float32{0})
		if nothing := logit(t, m); nothing == 0 {
			t.Errorf("%s: the scan is prepared as nothing", preset)
		}
	}
}

func intAttr(name string, v int) *onnx.Attr {
	return &onnx.Attr{Name: name, Kind: onnx.AttrInt, I: int64(v)}
}
