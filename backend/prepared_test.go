package backend_test

import (
	"encoding/json"
	"image"
	"image/color"
	"math"
	"os"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
)

// referencePicture is the picture of testdata/prepared.py.
func referencePicture() *picture.Image {
	m := image.NewRGBA(image.Rect(0, 0, 37, 29))
	value := func(i uint32) uint8 { return uint8((i*i*31+i*7)%257%256/2 + i/30%128) }
	for k := range uint32(37 * 29) {
		m.SetRGBA(int(k%37), int(k/37), color.RGBA{value(3 * k), value(3*k + 1), value(3*k + 2), 255})
	}
	return picture.FromImage("reference", m)
}

// clearPicture is the same, clear and half clear in places.
func clearPicture() *picture.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 37, 29))
	opaque := referencePicture()
	for k := range uint32(37 * 29) {
		x, y := int(k%37), int(k/37)
		alpha := min((k*13+k*k/50)%320, 255)
		if alpha < 40 {
			alpha = 0
		}
		rgb := func(c int) uint8 { return uint8(opaque.At(x, y, c)) }
		m.SetNRGBA(x, y, color.NRGBA{rgb(0), rgb(1), rgb(2), uint8(alpha)})
	}
	return picture.FromImage("clear", m)
}

// Pictures are prepared as torchvision, Hugging Face, timm, Keras, Ultralytics,
// torchxrayvision and MONAI do it, within 1/255 of what raw values are spread
// over.
func TestPreparedAsKnownLibrariesDo(t *testing.T) {
	data, err := os.ReadFile("testdata/prepared.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name       string
		Clear      bool
		Shape      [3]int
		Preprocess json.RawMessage
		Values     []float64
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			dims := shape(-1, int64(c.Shape[0]), int64(c.Shape[1]), int64(c.Shape[2]))
			path := writeModel(t, dims, onnx.Float, "Identity", nil)
			sidecar := append(append([]byte(`{"layout": "NCHW", "preprocess": `), c.Preprocess...), '}')
			if err := os.WriteFile(metadata.SidecarPath(path), sidecar, 0o600); err != nil {
				t.Fatal(err)
			}
			m := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{})
			img := referencePicture()
			if c.Clear {
				img = clearPicture()
			}
			x, err := m.Prepare(img)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(x.Shape, c.Shape[:]) {
				t.Fatalf("shape %v, want %v", x.Shape, c.Shape)
			}
			plane := c.Shape[1] * c.Shape[2]
			step := stepOf(m)
			for i, want := range c.Values {
				if d := math.Abs(float64(x.Data[i]) - want); d > 1.001*step[i/plane]+5e-4*math.Abs(want) {
					t.Fatalf("value %d is %v, want %v: %.2f steps of 1/255", i, x.Data[i], want, d/step[i/plane])
				}
			}
		})
	}
}

// stepOf is what one raw level of 255 is in model units, per channel.
func stepOf(m *backend.Model) []float64 {
	low, high := m.Encoder(nil)([]float32{100, 100, 100}), m.Encoder(nil)([]float32{101, 101, 101})
	step := make([]float64, len(low))
	for c := range step {
		step[c] = math.Abs(float64(high[c] - low[c]))
		if step[c] == 0 { // cut off there
			step[c] = 1.0 / 40
		}
	}
	return step
}
