package preprocess

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture"
)

// modalities is a NIfTI file of 2×1 voxels, two slices and n volumes: volume k has
// the values 100k, 100k+1 on its first slice and 100k+10, 100k+11 on its second.
func modalities(t *testing.T, n int) string {
	t.Helper()
	h := make([]byte, 352)
	binary.LittleEndian.PutUint32(h, 348)
	for i, d := range []int{4, 2, 1, 2, n} {
		binary.LittleEndian.PutUint16(h[40+2*i:], uint16(d))
	}
	binary.LittleEndian.PutUint16(h[70:], 16)
	binary.LittleEndian.PutUint32(h[108:], math.Float32bits(352))
	copy(h[344:], "n+1\x00")
	b := bytes.NewBuffer(h)
	for k := range n {
		for _, v := range []float32{0, 1, 10, 11} {
			binary.Write(b, binary.LittleEndian, float32(100*k)+v)
		}
	}
	path := filepath.Join(t.TempDir(), "modalities.nii")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func raw(channels ...Channel) Preprocess {
	return Preprocess{Scale: [2]float64{1, 0}, Color: RGB, Channels: channels, Resize: Resize{Mode: Stretch, Filter: picture.Bilinear}}
}

// A model of four channels gets the four modalities of a file, the slice of each;
// channels may choose others, and neighbours in them.
func TestVolumesAsChannels(t *testing.T) {
	path := modalities(t, 4)
	img, err := picture.OpenWith(t.Context(), path, picture.Options{Volume: 1, Frame: 1})
	if err != nil {
		t.Fatal(err)
	}
	zero, three := 0, 3
	for name, c := range map[string]struct {
		p    Preprocess
		n    int
		want []float32
	}{
		"by themselves":  {raw(), 4, []float32{10, 11, 110, 111, 210, 211, 310, 311}},
		"chosen":         {raw(Channel{Source: "grey", Volume: &three}, Channel{Source: "grey", Volume: &zero, Slice: -1}), 2, []float32{310, 311, 0, 1}},
		"not of colours": {raw(), 3, []float32{110, 111, 110, 111, 110, 111}},
		"one":            {Preprocess{Scale: [2]float64{1, 0}, Color: Grey, Resize: raw().Resize}, 1, []float32{110, 111}},
	} {
		x, err := Prepare(img, c.p, Input{Channels: c.n, Height: 1, Width: 2})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(x.Data, c.want) {
			t.Errorf("%s: %v, want %v", name, x.Data, c.want)
		}
	}
	nine := 9
	if _, err := Prepare(img, raw(Channel{Source: "grey", Volume: &nine}, Channel{Source: "grey"}), Input{Channels: 2, Height: 1, Width: 2}); err == nil ||
		!strings.Contains(err.Error(), "has no volume 9; choose one of 0 to 3") {
		t.Errorf("volume 9: %v", err)
	}
}

// Every volume is measured by itself: each becomes 0…1, in what the model gets and
// in the fill of what is covered.
func TestVolumesAreMeasuredByThemselves(t *testing.T) {
	img, err := picture.Open(modalities(t, 4))
	if err != nil {
		t.Fatal(err)
	}
	p := raw()
	p.Intensity.Percentile = []float64{0, 100}
	in := Input{Channels: 4, Height: 1, Width: 2}
	x, err := Prepare(img, p, in)
	if err != nil || !slices.Equal(x.Data, []float32{0, 1, 0, 1, 0, 1, 0, 1}) {
		t.Errorf("%v, %v", x.Data, err)
	}
	if got := p.Encoder(img, in)([]float32{200}); !slices.Equal(got, []float32{1, 1, 0, 0}) {
		t.Errorf("the raw value 200 is %v in the four volumes", got)
	}
}

func TestVolumesAsText(t *testing.T) {
	for _, text := range []string{"grey@0", "grey@3-1", "red@12+2"} {
		c, err := ParseChannel(text)
		if err != nil || c.String() != text || c.Volume == nil {
			t.Errorf("%q is read as %v, %v", text, c, err)
		}
	}
	for _, text := range []string{"grey@", "grey@x", "grey@-1", "grey@99999999"} {
		if c, err := ParseChannel(text); err == nil {
			t.Errorf("%q is read as %v", text, c)
		}
	}
}
