package preprocess_test

import (
	"math"
	"testing"

	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// block is what a model of so many voxels gets of a stack around a slice.
func block(t *testing.T, depths []float64, shift float64, in preprocess.Input, slice int, at []int, v *preprocess.Volume) preprocess.Block {
	t.Helper()
	img, err := picture.NewSeries("series", stack(depths, shift)).Slice(slice)
	if err != nil {
		t.Fatal(err)
	}
	p := preprocess.Preprocess{Color: preprocess.Grey, Scale: [2]float64{1, 0}, Resize: preprocess.DefaultResize(), Volume: v}
	w, err := preprocess.PrepareWhole(t.Context(), img, p, in, picture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return w.Block(slice, at)
}

// Where slices were brought to even distances, a map lies on the slices where its voxels
// are: of slices at 0, 2, 6 and 8 mm the grid has five, and the third one of the file is
// its fourth.
func TestMapsOfUnevenSlices(t *testing.T) {
	in := preprocess.Input{Channels: 1, Depth: 5, Height: 3, Width: 4}
	b := block(t, []float64{0, 2, 6, 8}, 0, in, 0, nil, nil)
	if b.Source != [3]int{4, 3, 4} {
		t.Fatalf("the source is %v", b.Source)
	}
	m := make([]float32, 5*12)
	for i := range m {
		m[i] = float32(i / 12)
	}
	for slice, want := range []float32{0, 1, 3, 4} {
		if got := b.Over(m, b.Size(), slice); len(got) != 12 || got[5] != want {
			t.Errorf("slice %d holds %v, want %g", slice, got, want)
		}
	}
	if got := b.At(m, b.Size(), [3]float64{1.5, 1, 1}); got != 2 { // 4 mm
		t.Errorf("between the second and the third slice lies %g", got)
	}
	for slice, want := range []float64{0, 1. / 8, 3. / 8, 4. / 8} {
		if got := b.Shares(m, b.Size(), 0)[slice]; math.Abs(got-want) > 1e-6 {
			t.Errorf("slice %d has a share of %g, want %g", slice, got, want)
		}
	}
}

// Of slices that are each moved by half a row, the grid stands upright.
func TestMapsOfTiltedSlices(t *testing.T) {
	in := preprocess.Input{Channels: 1, Depth: 3, Height: 3, Width: 4}
	b := block(t, []float64{0, 2, 4}, 0.25, in, 0, nil, nil)
	m := make([]float32, 3*12)
	for i := range m {
		m[i] = float32(i % 12 / 4) // the row
	}
	over := b.Over(m, b.Size(), 2) // moved by one row
	if over[0] != 1 || over[4] != 2 || !math.IsNaN(float64(over[8])) {
		t.Errorf("the last slice holds %v", over)
	}
	low, high := b.Corners()[0], b.Corners()[7]
	if want := [3]float64{-0.5, -0.25, -0.5}; distance(low, want) > 1e-6 {
		t.Errorf("the block begins at %v, want %v", low, want)
	}
	if want := [3]float64{2.5, 1.25, 3.5}; distance(high, want) > 1e-6 {
		t.Errorf("the block ends at %v, want %v", high, want)
	}
}

func distance(a, b [3]float64) float64 {
	return math.Abs(a[0]-b[0]) + math.Abs(a[1]-b[1]) + math.Abs(a[2]-b[2])
}

// The block lies around a row and a column where somebody says so, and a preparation that
// says which block the model gets goes before.
func TestBlocksAroundAPoint(t *testing.T) {
	in := preprocess.Input{Channels: 1, Depth: 2, Height: 2, Width: 2}
	depths := []float64{0, 1, 2, 3, 4, 5}
	for _, tt := range []struct {
		slice int
		at    []int
		v     *preprocess.Volume
		want  [3]float64 // where it begins
		whole bool
	}{
		{3, nil, nil, [3]float64{2, 0, 1}, false},
		{3, []int{2, 3}, nil, [3]float64{2, 1, 2}, false},
		{3, []int{0, 0}, nil, [3]float64{2, 0, 0}, false},
		{5, []int{2, 3}, &preprocess.Volume{Block: "center"}, [3]float64{2, 0, 1}, false},
		{5, []int{0, 0}, &preprocess.Volume{At: []int{1, 2, 3}}, [3]float64{0, 1, 2}, false},
		{5, nil, &preprocess.Volume{Block: "whole"}, [3]float64{0, 0, 0}, true},
		{5, nil, &preprocess.Volume{Block: "slide"}, [3]float64{0, 0, 0}, true},
	} {
		b := block(t, depths, 0, in, tt.slice, tt.at, tt.v)
		low := b.Corners()[0]
		for k := range low {
			low[k] += 0.5
		}
		if tt.at != nil && tt.v == nil {
			if row, column := b.Middle(); row != int(low[1])+1 || column != int(low[2])+1 {
				t.Errorf("the block from %v has its middle at %d, %d", low, row, column)
			}
			again := block(t, depths, 0, in, tt.slice, nil, nil)
			if row, column := again.Nearest(tt.slice, tt.at[0], tt.at[1]); row != int(low[1])+1 || column != int(low[2])+1 {
				t.Errorf("around %v lies the block around %d, %d", tt.at, row, column)
			}
		}
		if distance(low, tt.want) > 1e-9 || b.Everything() != tt.whole {
			t.Errorf("slice %d, %v, %+v: the block begins at %v (all of it: %t), want %v", tt.slice, tt.at, tt.v, low, b.Everything(), tt.want)
		}
	}
}
