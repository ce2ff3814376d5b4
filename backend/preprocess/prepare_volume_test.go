package preprocess_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/preprocess"
)

// Orientation, spacing, intensities, foreground, padding and cropping are what
// nibabel and SciPy make of the same file (testdata/volume/make.py).
func TestVolumesLikeNibabelAndSciPy(t *testing.T) {
	folder := filepath.Join("testdata", "volume")
	data, err := os.ReadFile(filepath.Join(folder, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]preprocess.Preprocess
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for name, p := range cases {
		file := "volume.nii"
		if of, _, own := strings.Cut(name, "-"); own {
			file = of + ".nii"
		}
		all, err := picture.OpenSeries(t.Context(), filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		img, err := all[0].Slice(0)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(filepath.Join(folder, name+".npy"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := npy.Read(f, 1<<20)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		p.Color, p.Scale = preprocess.Grey, [2]float64{1, 0}
		p.Resize = preprocess.DefaultResize()
		in := preprocess.Input{Channels: 1, Depth: want.Shape[1], Height: want.Shape[2], Width: want.Shape[3]}
		got, err := preprocess.PrepareVolume(t.Context(), img, p, in, picture.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		worst := 0.0
		for i, v := range got.Tensor.Data {
			worst = max(worst, math.Abs(float64(v)-float64(want.Data[i]))/max(1, math.Abs(float64(want.Data[i]))))
		}
		if len(got.Tensor.Data) != len(want.Data) || worst > 1e-5 {
			t.Errorf("%s: %v values, the farthest %g from the expected ones", name, got.Tensor.Shape, worst)
		}
	}
}

// stack is a series of slices whose values are their depth in millimetres.
func stack(depths []float64, shift float64) []*picture.Image {
	var out []*picture.Image
	for _, d := range depths {
		values := make([]float32, 4*3)
		for i := range values {
			values[i] = float32(d)
		}
		m := picture.NewFloat("slice", 4, 3, 1, values)
		g := dicom.Geometry{Spacing: [2]float64{1, 1}, Aspect: 1}
		g.Put([3]float64{0, shift * d, d}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
		m.Scan = &picture.Scan{Modality: "CT", Geometry: g, Volumes: 1}
		out = append(out, m)
	}
	return out
}

// Uneven and tilted slices are resampled with a remark; what would be made up is
// refused.
func TestUnevenVolumes(t *testing.T) {
	in := preprocess.Input{Channels: 1, Depth: 5, Height: 3, Width: 4}
	p := preprocess.Preprocess{Color: preprocess.Grey, Scale: [2]float64{1, 0}, Resize: preprocess.DefaultResize()}
	for _, tt := range []struct {
		name   string
		depths []float64
		shift  float64
		want   []float32 // of the slices
		says   string
	}{
		{"even", []float64{0, 2, 4, 6, 8}, 0, []float32{0, 2, 4, 6, 8}, ""},
		{"one is missing", []float64{0, 2, 6, 8}, 0, []float32{0, 2, 4, 6, 8}, "2 to 4 mm apart"},
		{"tilted", []float64{0, 2, 4, 6, 8}, 0.2, []float32{0, 2, 4, 6, 8}, "tilted by 11.3 degrees"},
		{"a gap", []float64{0, 2, 4, 14, 16}, 0, nil, "gap of 10 mm between slices 3 and 4"},
		{"twice", []float64{0, 2, 2, 4}, 0, nil, "several slices in one place"},
		{"tilted too much", []float64{0, 2, 4}, 1.5, nil, "tilted by 56 degrees"},
		{"one picture", []float64{0}, 0, nil, "is one picture"},
	} {
		img, err := picture.NewSeries("series", stack(tt.depths, tt.shift)).Slice(0)
		if err != nil {
			t.Fatal(err)
		}
		b, err := preprocess.PrepareVolume(t.Context(), img, p, in, picture.Options{})
		if tt.want == nil {
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: the error is %v", tt.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for z, want := range tt.want {
			if got := b.Tensor.Data[z*12+5]; math.Abs(float64(got-want)) > 1e-5 {
				t.Errorf("%s: slice %d holds %g, want %g", tt.name, z, got, want)
			}
		}
		if said := strings.Join(b.Remarks, " "); tt.says != "" && !strings.Contains(said, tt.says) || tt.says == "" && said != "" {
			t.Errorf("%s: the remarks are %q", tt.name, said)
		}
	}
}

// A block is cut around the slice that is looked at, or the middle, or holds all of
// the volume; its axes lead back to the file, and shares and slices of a map lie
// where the map is.
func TestBlocksLeadBack(t *testing.T) {
	depths := make([]float64, 10)
	for i := range depths {
		depths[i] = float64(i)
	}
	series := picture.NewSeries("series", stack(depths, 0))
	in := preprocess.Input{Channels: 1, Depth: 4, Height: 3, Width: 4}
	block := func(slice int, v preprocess.Volume) preprocess.Block {
		t.Helper()
		img, err := series.Slice(slice)
		if err != nil {
			t.Fatal(err)
		}
		p := preprocess.Preprocess{Color: preprocess.Grey, Scale: [2]float64{1, 0}, Resize: preprocess.DefaultResize(), Volume: &v}
		b, err := preprocess.PrepareVolume(t.Context(), img, p, in, picture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, tt := range []struct {
		slice int
		v     preprocess.Volume
		first float32
	}{
		{0, preprocess.Volume{}, 0}, {5, preprocess.Volume{}, 3}, {9, preprocess.Volume{}, 6}, {0, preprocess.Volume{Block: "center"}, 3},
		{0, preprocess.Volume{At: []int{4, 0, 0}}, 2}, {0, preprocess.Volume{Block: "whole"}, 0.75}, // 10 slices as 4: the first is at 0.75
	} {
		if got := block(tt.slice, tt.v).Tensor.Data[0]; got != tt.first {
			t.Errorf("%+v around slice %d begins with slice %g, want %g", tt.v, tt.slice, got, tt.first)
		}
	}
	b := block(5, preprocess.Volume{}) // slices 3 to 6
	m := make([]float32, 4*3*4)
	for i := range 12 {
		m[12+i], m[24+i] = 1, -3 // slices 4 and 5
	}
	size := b.Size()
	for slice, want := range []float64{3: 0, 4: 0.25, 5: 0.75, 9: 0} {
		if got := b.Shares(m, size, 0)[slice]; got != want {
			t.Errorf("slice %d has a share of %g, want %g", slice, got, want)
		}
		over := b.Over(m, size, slice)
		if inside := slice >= 3 && slice <= 6; len(over) != 12 || inside != (over[0] == over[0]) {
			t.Errorf("slice %d: %v", slice, over)
		}
	}
	if got := b.Over(m, size, 5)[7]; got != -3 {
		t.Errorf("slice 5 holds %g", got)
	}
}

// Of slices that make no grid, a map of what the model got comes back to where they lie:
// a map of the depths has on every slice its own.
func TestMapsComeBackToUnevenSlices(t *testing.T) {
	depths := []float64{0, 2, 4, 8, 10} // one is missing
	for name, shift := range map[string]float64{"missing": 0, "missing and tilted": 0.1} {
		img, err := picture.NewSeries("CT", stack(depths, shift)).Slice(0)
		if err != nil {
			t.Fatal(err)
		}
		p := preprocess.Preprocess{Color: preprocess.Grey, Scale: [2]float64{1, 0}, Resize: preprocess.DefaultResize()}
		b, err := preprocess.PrepareVolume(t.Context(), img, p, preprocess.Input{Channels: 1, Depth: 6, Height: 3, Width: 4}, picture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if b.Source != [3]int{5, 3, 4} {
			t.Errorf("%s: of %v slices, rows and columns", name, b.Source)
		}
		for i, depth := range depths {
			if !b.Reaches(i) || b.Aligned(b.Size()) {
				t.Errorf("%s: slice %d is not reached, or needs no interpolation", name, i)
			}
			got := b.Over(b.Tensor.Data, b.Size(), i)
			if v := got[1*4+1]; math.Abs(float64(v)-depth) > 1e-4 {
				t.Errorf("%s: slice %d at %v mm has %v", name, i, depth, v)
			}
			if v := b.At(b.Tensor.Data, b.Size(), [3]float64{float64(i), 1, 1}); math.Abs(float64(v)-depth) > 1e-4 {
				t.Errorf("%s: at slice %d is %v, not %v", name, i, v, depth)
			}
			// The slice at 10 mm is moved by a row, so its last one lies outside.
			if outside := math.IsNaN(float64(got[2*4])); outside != (depth*shift > 0.5) {
				t.Errorf("%s: the last row of slice %d is %v", name, i, got[2*4])
			}
		}
		// Halfway between the slices around the gap lies what is halfway between them.
		if v := b.At(b.Tensor.Data, b.Size(), [3]float64{2.5, 1, 1}); math.Abs(float64(v)-6) > 1e-4 {
			t.Errorf("%s: in the gap is %v", name, v)
		}
		if place, inside := b.Voxel([3]int{4, 1, 1}); !inside || place[0] != 3 || place[2] != 1 { // at 8 mm
			t.Errorf("%s: voxel 4 lies on %v (%v)", name, place, inside)
		}
		if shares := b.Shares(b.Tensor.Data, b.Size(), 0); len(shares) != 5 {
			t.Errorf("%s: %d shares", name, len(shares))
		}
	}
}
