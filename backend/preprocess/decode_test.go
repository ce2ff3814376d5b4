package preprocess

import (
	"math"
	"testing"

	"picasso/backend/picture"
)

// Decoding gives back what was encoded, whatever the order of the channels and
// however they are scaled.
func TestDecoderInvertsTheEncoder(t *testing.T) {
	unit := [2]float64{1.0 / 255, 0}
	for name, tt := range map[string]struct {
		p        Preprocess
		channels int
		raw      []float32 // within the limits
	}{
		"imagenet":  {Preprocess{Color: RGB, Scale: unit, Mean: ImageNetMean(), Std: ImageNetStd()}, 3, []float32{10, 100, 200}},
		"bgr":       {Preprocess{Color: BGR, Scale: [2]float64{1, 0}, Mean: Values{103.939, 116.779, 123.68}}, 3, []float32{10, 100, 200}},
		"grey":      {Preprocess{Color: Grey, Scale: [2]float64{1 / 127.5, -1}}, 1, []float32{77}},
		"window":    {Preprocess{Color: Grey, Scale: [2]float64{2, -1}, Intensity: Intensity{Window: &Window{Center: 40, Width: 400}}}, 1, []float32{-100}},
		"range":     {Preprocess{Color: Grey, Scale: [2]float64{1, 0}, Intensity: Intensity{Range: []float64{-1000, 500}}}, 1, []float32{321}},
		"alpha":     {Preprocess{Color: RGB, Scale: unit, Channels: UsualChannels(4, RGB)}, 4, []float32{10, 100, 200}},
		"neighbour": {Preprocess{Scale: unit, Channels: []Channel{{Source: "grey", Slice: -1}, {Source: "grey"}, {Source: "grey", Slice: 1}}}, 3, []float32{77}},
	} {
		t.Run(name, func(t *testing.T) {
			in := Input{Channels: tt.channels}
			got := tt.p.Decoder(nil, in).Raw(tt.p.Encoder(nil, in)(tt.raw))
			for i, v := range got {
				if want := tt.raw[min(i, len(tt.raw)-1)]; math.Abs(float64(v-want)) > 1e-3 {
					t.Errorf("colour %d of %v comes back as %v", i, tt.raw, v)
				}
			}
		})
	}
}

// The percentiles of the picture itself decide.
func TestDecoderMeasuresThePicture(t *testing.T) {
	pix := make([]float32, 101)
	for i := range pix {
		pix[i] = float32(1000 + 10*i)
	}
	img := picture.NewFloat("ramp", 101, 1, 1, pix)
	p := Preprocess{Color: Grey, Scale: [2]float64{1, 0}, Intensity: Intensity{Percentile: []float64{10, 90}}}
	in := Input{Channels: 1}
	d := p.Decoder(img, in)
	for value, want := range map[float32]float32{0: 1100, 0.5: 1500, 1: 1900} {
		if got := d.Raw([]float32{value})[0]; math.Abs(float64(got-want)) > 1e-3 {
			t.Errorf("%v is raw %v, want %v", value, got, want)
		}
	}
}
