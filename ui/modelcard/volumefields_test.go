package modelcard

import (
	"reflect"
	"testing"

	"picasso/backend/preprocess"
	"picasso/ui/uitest"
)

// What concerns volumes is shown and read back as it was, a preparation that says nothing
// of them stays without, and values by mean and deviation survive other changes.
func TestFieldsOfVolumes(t *testing.T) {
	d := uitest.NewControl(t)
	d.Explained()
	f := newPrepForm(d.C)
	f.mute = true
	for _, p := range []preprocess.Preprocess{
		{},
		{Volume: &preprocess.Volume{Block: preprocess.WholeBlock, Pad: -1}, Intensity: preprocess.Intensity{Standard: true, NonZero: true}},
		{Volume: &preprocess.Volume{Spacing: preprocess.Values{2, 1, 1}, Filter: preprocess.NearestVoxels, Foreground: &preprocess.Foreground{Above: 5, Margin: 2},
			Divisible: preprocess.Values{16}, Block: preprocess.SlideBlock}, Intensity: preprocess.Intensity{Percentile: []float64{1, 99}, NonZero: true}},
		{Volume: &preprocess.Volume{At: []int{1, 2, 3}}},
	} {
		fields := append(f.volumes(), f.intensity())
		got := p
		for _, field := range fields {
			field.show(p)
		}
		for _, field := range fields {
			if err := field.read(&got); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(got, p) {
			t.Errorf("%+v, %+v became %+v, %+v", p.Volume, p.Intensity, got.Volume, got.Intensity)
		}
	}
}
