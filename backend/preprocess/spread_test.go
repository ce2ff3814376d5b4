package preprocess

import (
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
)

// What a table of 256 values gives is what each pixel by itself becomes.
func TestChannelsByTable(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	src := image.NewRGBA(image.Rect(0, 0, 33, 21))
	for y := range 21 {
		for x := range 33 {
			src.SetRGBA(x, y, color.RGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255})
		}
	}
	img := picture.FromImage("noise", src)
	for _, p := range []Preprocess{
		{Color: RGB, Scale: [2]float64{1. / 255, 0}, Mean: Values{0.485, 0.456, 0.406}, Std: Values{0.229, 0.224, 0.225}},
		{Color: BGR, Scale: [2]float64{2. / 255, -1}, Clip: []float64{-0.5, 0.5}},
		{Channels: []Channel{{Source: "green"}, {Source: "grey"}, {Source: "alpha"}}, Scale: [2]float64{1, 0}, Intensity: Intensity{Range: []float64{20, 200}}},
	} {
		p.Resize = Resize{Mode: Stretch, Filter: picture.Bilinear}
		got, err := Prepare(img, p, Input{Channels: 3, Height: 21, Width: 33})
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]float32, 3*33)
		maps := p.channelsOf(img, 3)
		for y := range 21 {
			img.Row(y, raw)
			for x := range 33 {
				for c, v := range encode(maps, raw[3*x:3*x+3]) {
					if at := got.Data[(c*21+y)*33+x]; at != v {
						t.Fatalf("%v: channel %d of pixel %d,%d is %g, want %g", p, c, x, y, at, v)
					}
				}
			}
		}
	}
}

func TestShareAtLimitsCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		data := make([]float32, 1+r.IntN(30))
		for i := range data {
			data[i] = float32(r.IntN(6))
		}
		n := 0
		for _, v := range data {
			if v == slices.Min(data) || v == slices.Max(data) {
				n++
			}
		}
		if got, want := shareAtLimits(infer.Tensor{Data: data}), float64(n)/float64(len(data)); got != want {
			t.Fatalf("%v: %g, want %g", data, got, want)
		}
	}
}
