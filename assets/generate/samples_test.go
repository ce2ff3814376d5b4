package main

import (
	"math"
	"path/filepath"
	"testing"

	"picasso/assets/phantom"
	"picasso/backend/picture"
)

// TestEmbeddedSeriesIsThePhantom fails when the phantom has changed and the
// embedded slices, and with them the network, have not been made anew.
func TestEmbeddedSeriesIsThePhantom(t *testing.T) {
	all, err := picture.OpenSeries(t.Context(), filepath.Join("..", "samples", "ct"))
	if err != nil || len(all) != 1 || all[0].Len() != phantom.Depth {
		t.Fatalf("%d series, %v", len(all), err)
	}
	p := phantom.New(seriesSeed, true)
	for z := range phantom.Depth {
		m, err := all[0].Slice(z)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range p.Slices[z] {
			// Processors round differently.
			if got := m.At(i%phantom.Side, i/phantom.Side, 0); math.Abs(float64(got)-float64(want)) > 1 {
				t.Fatalf("slice %d, pixel %d is %g HU, the phantom has %d; run go generate ./assets", z, i, got, want)
			}
		}
	}
}
