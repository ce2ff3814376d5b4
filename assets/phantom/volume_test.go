package phantom_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"picasso/assets/phantom"
	"picasso/backend/picture"
)

// TestVolumeFromAFile writes a volume and reads it back: its voxels, where they lie,
// and the nodule in its place.
func TestVolumeFromAFile(t *testing.T) {
	v := phantom.NewVolume(5, true)
	data, err := v.NIfTI()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "v.nii.gz")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := picture.OpenSeries(t.Context(), path)
	if err != nil || len(all) != 1 || all[0].Len() != phantom.Planes {
		t.Fatalf("%d series, %v", len(all), err)
	}
	const side = phantom.Side
	at := func(slice, row, column int) float64 { return float64(v.Values[(slice*side+row)*side+column]) }
	for _, z := range []int{0, 17, phantom.Planes - 1} {
		m, err := all[0].Slice(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range []int{0, 64*side + 64, 70*side + 30} {
			if got := m.At(i%side, i/side, 0); float64(got) != at(z, i/side, i%side) {
				t.Fatalf("slice %d, pixel %d is %g, want %g", z, i, got, at(z, i/side, i%side))
			}
		}
		if s := m.Scan.Geometry.Spacing; math.Abs(s[0]-phantom.Spacing)+math.Abs(s[1]-phantom.Spacing) > 1e-6 {
			t.Errorf("spacing %v", s)
		}
	}
	if d := all[0].Geometry(1).Depth() - all[0].Geometry(0).Depth(); math.Abs(d-phantom.Distance) > 1e-5 {
		t.Errorf("slices lie %g mm apart", d)
	}
	n := v.Nodule
	if got := at(int(math.Round(n.Z)), int(math.Round(n.Y)), int(math.Round(n.X))); got < -200 {
		t.Errorf("the middle of the nodule has %.0f HU", got)
	}
}
