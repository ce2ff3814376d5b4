package preprocess

import (
	"math"
	"strings"
	"testing"

	"picasso/backend/picture"
)

func TestFillOfWhatIsNoNumber(t *testing.T) {
	nan := float32(math.NaN())
	img := picture.NewFloat("x", 2, 2, 1, []float32{5, nan, 7, float32(math.Inf(1))})
	p := Preprocess{Color: Grey, Scale: [2]float64{1, 0}, Resize: Resize{Mode: Stretch, Filter: picture.Nearest}}
	in := Input{Channels: 1, Height: 2, Width: 2}
	fill := -1.0
	for _, c := range []struct {
		fill *float64
		want float32
		says string
	}{{nil, 5, "gets 5, its smallest value"}, {&fill, -1, "gets -1, as preprocess.fill says"}} {
		p.Fill = c.fill
		x, err := Prepare(img, p, in)
		if err != nil || x.Data[0] != 5 || x.Data[1] != c.want || x.Data[3] != c.want {
			t.Errorf("%v, %v", x.Data, err)
		}
		if said := strings.Join(p.Missing(img, in), " "); !strings.Contains(said, c.says) {
			t.Errorf("says %q, want %q", said, c.says)
		}
	}
}

func TestModalitiesByTheirNames(t *testing.T) {
	for text, want := range map[string]string{"CT": "CT", " mri ": "MR", "PET": "PT", "DX": "CR", "X-ray": "CR", "n/a": "", "": ""} {
		if got := FindModality(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestKeysOfScansAreChecked(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		p   Preprocess
		key string
	}{
		{Preprocess{Orientation: "RAS", Modality: "MRI"}, ""},
		{Preprocess{Orientation: "IPL"}, ""},
		{Preprocess{Orientation: "RA"}, "preprocess.orientation"},
		{Preprocess{Orientation: "RLS"}, "preprocess.orientation"},
		{Preprocess{Orientation: "ras"}, "preprocess.orientation"},
		{Preprocess{Modality: "camera"}, "preprocess.modality"},
		{Preprocess{Fill: &inf}, "preprocess.fill"},
	} {
		err := c.p.checkScan()
		if c.key == "" && err != nil || c.key != "" && (err == nil || !strings.HasPrefix(err.Error(), c.key)) {
			t.Errorf("%+v: %v", c.p, err)
		}
	}
}

// Colours are told only where there are some, and to whom they matter.
func TestColoursThatDoNotFit(t *testing.T) {
	red := picture.NewFloat("x", 2, 1, 3, []float32{250, 0, 0, 250, 0, 0})
	almost := picture.NewFloat("x", 2, 1, 3, []float32{250, 245, 240, 10, 12, 9})
	grey := picture.NewFloat("x", 2, 1, 1, []float32{1, 2})
	forGrey, forColour := Preprocess{Color: Grey}, Preprocess{Color: RGB}
	chosen := Preprocess{Channels: []Channel{{Source: "grey"}, {Source: "grey"}, {Source: "grey"}}}
	for name, c := range map[string]struct {
		p    Preprocess
		n    int
		img  *picture.Image
		says bool
	}{
		"colours for grey":     {forGrey, 1, red, true},
		"shades for grey":      {forGrey, 1, almost, false},
		"grey for grey":        {forGrey, 1, grey, false},
		"grey for colours":     {forColour, 3, grey, true},
		"colours for colours":  {forColour, 3, red, false},
		"grey channels chosen": {chosen, 3, grey, false},
	} {
		if said := c.p.Missing(c.img, Input{Channels: c.n}); (len(said) > 0) != c.says {
			t.Errorf("%s: %q", name, said)
		}
	}
}
