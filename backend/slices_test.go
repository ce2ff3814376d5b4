package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// flatSlices is a series of slices, each of one value: 100, 101, …
func flatSlices(n int) *picture.Series {
	var all []*picture.Image
	for i := range n {
		pix := make([]float32, 8*8)
		for k := range pix {
			pix[k] = float32(100 + i)
		}
		all = append(all, picture.NewFloat("slice", 8, 8, 1, pix))
	}
	return picture.NewSeries("flat", all)
}

const slicesSidecar = `{"preprocess": {
  "channels": [{"source": "grey", "slice": -1}, {"source": "grey"}, {"source": "grey", "slice": 1}],
  "scale": [1, 0], "resize": {"mode": "letterbox", "filter": "bilinear", "pad": 7}}}`

func slicesModel(t *testing.T, sidecar string) (*backend.Model, error) {
	t.Helper()
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	if err := os.WriteFile(metadata.SidecarPath(path), []byte(sidecar), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := backend.OpenModel(t.Context(), answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{})
	if err == nil {
		t.Cleanup(func() { m.Close() })
	}
	return m, err
}

// Slices are the slice before, the middle one and the one behind; at the ends
// the nearest repeats.
func TestSlicesAsChannels(t *testing.T) {
	m, err := slicesModel(t, slicesSidecar)
	if err != nil {
		t.Fatal(err)
	}
	series := flatSlices(4)
	for i, want := range [][3]float32{{100, 100, 101}, {100, 101, 102}, {101, 102, 103}, {102, 103, 103}} {
		img, err := series.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		x, err := m.Prepare(img)
		if err != nil {
			t.Fatal(err)
		}
		for c, v := range want {
			if got := x.Data[c*32+4]; got != v {
				t.Errorf("slice %d, channel %d is %v, want %v", i, c, got, v)
			}
			if got := x.Data[c*32]; got != 7 {
				t.Errorf("slice %d, channel %d: the bar is %v", i, c, got)
			}
		}
		if text := m.Missing(img); text != nil {
			t.Errorf("slice %d lacks %q", i, text)
		}
	}
	if got := m.Encoder(nil)([]float32{50, 50, 50}); got[0] != 50 || got[2] != 50 {
		t.Errorf("a colour is %v on the slices", got)
	}
	p := m.Place(must(series.Slice(1)))
	if p.OffsetX != -4 || p.ScaleX != 2 {
		t.Errorf("maps lie at %+v", p)
	}
}

func must(m *picture.Image, err error) *picture.Image {
	if err != nil {
		panic(err)
	}
	return m
}

// A picture without neighbours stands for them, and the model says so.
func TestPictureWithoutNeighbours(t *testing.T) {
	m, err := slicesModel(t, slicesSidecar)
	if err != nil {
		t.Fatal(err)
	}
	img := must(flatSlices(1).Slice(0))
	x, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	if x.Data[4] != 100 || x.Data[64+4] != 100 {
		t.Errorf("channels are %v and %v", x.Data[4], x.Data[64+4])
	}
	if text := strings.Join(m.Missing(img), " "); !strings.Contains(text, "grey-1, grey, grey+1") {
		t.Errorf("says %q", text)
	}
}

func TestSlicesInTheSidecar(t *testing.T) {
	for text, want := range map[string]string{
		`"slice": 1.5`:   "channels[0].slice",
		`"slice": 65`:    "up to 64",
		`"slice": "one"`: "channels[0].slice",
	} {
		_, err := slicesModel(t, strings.Replace(slicesSidecar, `"slice": -1`, text, 1))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s gives %v", text, err)
		}
	}
	m, err := slicesModel(t, slicesSidecar)
	if err != nil {
		t.Fatal(err)
	}
	saved := filepath.Join(t.TempDir(), "saved.json")
	if err := m.Save(saved); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(saved)
	if err != nil {
		t.Fatal(err)
	}
	again, err := slicesModel(t, string(data))
	if err != nil {
		t.Fatal(err)
	}
	if c := again.Preprocess.Channels; len(c) != 3 || c[0].Slice != -1 || c[1].Slice != 0 || c[2].Slice != 1 {
		t.Errorf("saved and read: %v", c)
	}
}

func TestChannelsAsText(t *testing.T) {
	for text, want := range map[string]preprocess.Channel{
		"red": {Source: "red"}, "grey-1": {Source: "grey", Slice: -1}, "grey+12": {Source: "grey", Slice: 12}, "alpha−2": {Source: "alpha", Slice: -2},
	} {
		got, err := preprocess.ParseChannel(text)
		if err != nil || got.Source != want.Source || got.Slice != want.Slice {
			t.Errorf("%q is read as %+v, %v", text, got, err)
		}
		if back, _ := preprocess.ParseChannel(got.String()); back.Slice != want.Slice {
			t.Errorf("%q is written as %q", text, got)
		}
	}
	for _, text := range []string{"", "purple", "grey-", "grey-x", "grey-65", "-1"} {
		if c, err := preprocess.ParseChannel(text); err == nil {
			t.Errorf("%q is read as %+v", text, c)
		}
	}
}

// A model of two channels gets fills of one colour on both.
func TestColoursOfTwoChannels(t *testing.T) {
	path := writeModel(t, shape(-1, 2, 4, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{Choices: choose(t, `preprocess.channels=[{"source":"grey"},{"source":"alpha"}]`, "preprocess.scale=[1,0]")})
	if got := m.Encoder(nil)([]float32{50, 50}); got[0] != 50 || got[1] != 255 {
		t.Errorf("a colour is %v", got)
	}
}
