package backend_test

import (
	"math"
	"picasso/backend/fixtures"
	"testing"

	"picasso/backend"
	"picasso/backend/onnx"
	"picasso/backend/picture"
)

// X-rays are spread over what their bits hold, and those that show small
// values white are turned round, as torchxrayvision does it.
func TestDepthOfXRays(t *testing.T) {

	path := writeModel(t, shape(-1, 1, 8, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{Choices: choose(t, "preprocess.preset=xray-torchxrayvision", `preprocess.resize={"mode":"stretch","filter":"nearest"}`)})
	for _, name := range []string{"series_ct_lung/000039.dcm"} {
		img, err := picture.Open(fixtures.Path(t, "dicom", "files", name))
		if err != nil {
			t.Fatal(err)
		}
		x, err := m.Prepare(img)
		if err != nil {
			t.Fatal(err)
		}
		ends := img.Depth()
		small := img.Resize(8, 8, picture.Nearest, false)
		for i, got := range x.Data {
			raw := float64(small.At(i%8, i/8, 0))
			want := 2048*(raw-float64(ends[0]))/float64(ends[1]-ends[0]) - 1024
			if math.Abs(float64(got)-want) > 1e-2 || want < -1024.01 || want > 1024.01 {
				t.Fatalf("%s: value %d is %v, want %v of %v in %v", name, i, got, want, raw, ends)
			}
		}
		if got := m.Encoder(img)([]float32{ends[1]})[0]; math.Abs(float64(got)-1024) > 1e-2 {
			t.Errorf("%s: the brightest value becomes %v", name, got)
		}
	}
	closeTo(t, "8-bit pixels", m.Encoder(nil)([]float32{255}), []float32{1024})
}

// Colours follow the percentiles of the picture that they cover.
func TestColoursOfAPictureWithPercentiles(t *testing.T) {
	path := writeModel(t, shape(-1, 1, 8, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{2}, 0, 0)), path, backend.ModelOptions{Choices: choose(t, "preprocess.percentile=[0,100]", "preprocess.scale=[1,0]")})
	pix := make([]float32, 64)
	for i := range pix {
		pix[i] = float32(1000 + i)
	}
	img := picture.NewFloat("ramp", 8, 8, 1, pix)
	closeTo(t, "the middle", m.Encoder(img)([]float32{1031.5}), []float32{0.5})
}
