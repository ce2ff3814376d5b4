package preprocess

import (
	"math"
	"slices"
	"testing"

	"picasso/backend/picture"
)

// What is no number counts for no percentile, and a model gets the smallest value
// of the picture for it.
func TestWhatIsNoNumberStaysOut(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	img := picture.NewFloat("t1 map", 3, 2, 1, []float32{nan, 1, 2, inf, 3, 5})
	if got := sample(img, grey); !slices.Equal(got, []float32{1, 2, 3, 5}) {
		t.Errorf("percentiles are taken of %v", got)
	}
	if got := sample(picture.NewFloat("nothing", 1, 1, 1, []float32{nan}), grey); len(got) != 0 || percentile(got, 50) != 0 {
		t.Errorf("of nothing: %v", got)
	}
	p := Preprocess{Color: Grey, Intensity: Intensity{Percentile: []float64{0, 100}}, Scale: [2]float64{1, 0}, Resize: Resize{Mode: Stretch, Filter: picture.Bilinear}}
	x, err := Prepare(img, p, Input{Channels: 1, Height: 2, Width: 3})
	if err != nil {
		t.Fatal(err)
	}
	if want := []float32{0, 0, 0.25, 0, 0.5, 1}; !slices.Equal(x.Data, want) {
		t.Errorf("the model gets %v, want %v", x.Data, want)
	}
}
