package phantom_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"picasso/assets/phantom"
	"picasso/backend/picture"
)

// TestSeriesFromFiles writes a phantom in the wrong order and reads it back as
// the series it is.
func TestSeriesFromFiles(t *testing.T) {
	p := phantom.New(5, true)
	folder := t.TempDir()
	for z := range phantom.Depth {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("IM%03d", (z*7)%phantom.Depth)), p.Encode(z, "2.25.20261123"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := picture.OpenSeries(context.Background(), folder)
	if err != nil || len(all) != 1 || all[0].Len() != phantom.Depth || all[0].Name != "CT, 24 slices" {
		t.Fatalf("%v, %v", all, err)
	}
	var images []*picture.Image
	for z := range phantom.Depth {
		m, err := all[0].Slice(z)
		if err != nil {
			t.Fatal(err)
		}
		if m.Unit != "HU" || len(m.Notes) > 0 {
			t.Errorf("slice %d: unit %q, notes %q", z, m.Unit, m.Notes)
		}
		for _, i := range []int{0, 64*phantom.Side + 64, 64*phantom.Side + 30} {
			if got := m.At(i%phantom.Side, i/phantom.Side, 0); got != float32(p.Slices[z][i]) {
				t.Fatalf("slice %d, voxel %d is %v, want %d", z, i, got, p.Slices[z][i])
			}
		}
		images = append(images, m)
	}
	inMemory := picture.NewSeries("phantom", images)
	m, err := inMemory.Slice(3)
	if err != nil || m.SHA256 != images[3].SHA256 || inMemory.Geometry(3).Depth() != 3*phantom.Thickness {
		t.Fatalf("%v, %v", err, inMemory.Geometry(3))
	}
	if above, err := m.Neighbour(1); err != nil || above.SHA256 != images[4].SHA256 {
		t.Errorf("the slice above is another one, or %v", err)
	}
	if shown := images[3].Shown(); shown.Range != [2]float32{0, 255} || math.Abs(float64(shown.At(0, 0, 0))-255*350/1500) > 25 || shown.Scan != nil {
		t.Errorf("shown: %v, %v", shown.Range, shown.At(0, 0, 0))
	}
}
