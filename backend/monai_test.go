package backend_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/npy"
	"picasso/backend/picture"
)

// Every transform before the model that is not carried out is named once, with
// its line; those behind it, and those that change nothing, are not.
func TestTransformsThatAreNotCarriedOut(t *testing.T) {
	for name, c := range map[string]struct {
		list, orientation string
		says, not         []string
	}{
		"oriented": {`[{"_target_": "monai.transforms.LoadImaged"}, {"_target_": "EnsureChannelFirstd"}, {"_target_": "Orientationd", "axcodes": "LPS"},
			{"_target_": "Spacingd"}, {"_target_": "Resized"}, {"_target_": "CropForegroundd"}, {"_target_": "ScaleIntensityd"}]`, "LPS",
			[]string{"(Spacingd)", "(Resized)", "(CropForegroundd)"}, []string{"(LoadImaged)", "(EnsureChannelFirstd)", "(Orientationd)", "(ScaleIntensityd)", "AsDiscreted"}},
		"as loaded":     {`[{"_target_": "LoadImage"}, {"_target_": "Rotate90"}]`, "", []string{"(Rotate90)", "(LoadImage) gives arrays of x before y"}, []string{"AsDiscreted"}},
		"without codes": {`[{"_target_": "LoadImaged"}, {"_target_": "Orientationd", "as_closest_canonical": true}]`, "RAS", nil, []string{"not carried out"}},
		"broken codes":  {`[{"_target_": "LoadImaged"}, {"_target_": "Orientationd", "axcodes": 3}]`, "", []string{"(Orientationd) is not carried out"}, nil},
		"wrong codes":   {`[{"_target_": "LoadImaged"}, {"_target_": "Orientationd", "axcodes": "XYZ"}]`, "", []string{"(Orientationd) is not used"}, nil},
		"not loaded":    {`[{"_target_": "Flipd"}]`, "", []string{"(Flipd)"}, []string{"AsDiscreted"}},
	} {
		m, err := beside(t, "models", shape(-1, 1, 96, 96), nil, map[string]string{
			"configs/metadata.json":  `{"network_data_format": {"inputs": {"image": {"modality": "MRI"}}, "outputs": {"pred": {}}}}`,
			"configs/inference.json": `{"postprocessing": {"_target_": "Compose", "transforms": [{"_target_": "AsDiscreted"}]}, "preprocessing": {"_target_": "Compose", "transforms": ` + c.list + `}}`,
		}, backend.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		said := fmt.Sprint(m.Warnings)
		for _, text := range c.says {
			if strings.Count(said, text) != 1 {
				t.Errorf("%s: %q is not said once: %s", name, text, said)
			}
		}
		for _, text := range c.not {
			if strings.Contains(said, text) {
				t.Errorf("%s: says %q: %s", name, text, said)
			}
		}
		if m.Preprocess.Orientation != c.orientation || m.Preprocess.Modality != "MR" {
			t.Errorf("%s: orientation %q, modality %q", name, m.Preprocess.Orientation, m.Preprocess.Modality)
		}
	}
}

// TestBundlesPrepareVolumes: transforms of a bundle for volumes are carried out in
// full, to the values that nibabel and SciPy give (preprocess/testdata/volume), and
// what is not, or done in another order, is said.
func TestBundlesPrepareVolumes(t *testing.T) {
	folder := filepath.Join("preprocess", "testdata", "volume")
	all, err := picture.OpenSeries(t.Context(), filepath.Join(folder, "volume.nii"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := all[0].Slice(2)
	if err != nil {
		t.Fatal(err)
	}
	const load = `{"_target_": "LoadImaged"}, {"_target_": "EnsureChannelFirstd"}, `
	for _, tt := range []struct {
		name, list string
		size       [3]int64
		says       []string
	}{
		{"nonzero", load + `{"_target_": "Orientationd", "axcodes": "SPL"}, {"_target_": "Spacingd", "pixdim": 1.5, "mode": "bilinear"}, {"_target_": "NormalizeIntensityd", "nonzero": true},
			{"_target_": "CropForegroundd", "source_key": "image", "margin": 1}, {"_target_": "ResizeWithPadOrCropd", "spatial_size": [9, 6, 4]}`, [3]int64{9, 6, 4}, nil},
		{"range", load + `{"_target_": "Orientationd", "axcodes": "RAS"}, {"_target_": "Spacingd", "pixdim": [2, 1, 1], "mode": ["bilinear", "nearest"]},
			{"_target_": "ScaleIntensityRanged", "a_min": -200, "a_max": 600, "b_min": 0, "b_max": 1, "clip": true}, {"_target_": "CenterSpatialCropd", "roi_size": [6, 6, 6]}, {"_target_": "EnsureTyped"}`, [3]int64{-1, -1, -1}, nil},
		{"range", load + `{"_target_": "Orientationd", "axcodes": "RAS"}, {"_target_": "Spacingd", "pixdim": "@pixdim"}, {"_target_": "ScaleIntensityRanged", "a_min": "$-@high / 3", "a_max": "@high", "b_min": 0, "b_max": "$4 // 3", "clip": true},
			"@crop"`, [3]int64{-1, -1, -1}, nil},
		{"percentile", load + `{"_target_": "ScaleIntensityRangePercentilesd", "lower": 5, "upper": 95, "b_min": 0, "b_max": 1, "clip": true}, {"_target_": "Orientationd", "axcodes": "RAS"},
			{"_target_": "SpatialPadd", "spatial_size": 5}, {"_target_": "Zoomd"}`, [3]int64{5, 5, 5}, []string{"(Orientationd) comes behind ScaleIntensityRangePercentilesd", "(Zoomd) is not carried out"}},
	} {
		m, err := beside(t, "models", shape(-1, 1, tt.size[0], tt.size[1], tt.size[2]), nil, map[string]string{
			"configs/metadata.json":  `{"network_data_format": {"inputs": {"image": {"modality": "MRI"}}, "outputs": {"pred": {}}}}`,
			"configs/inference.json": `{"pixdim": "$[2] + [1] * 2", "high": 600, "crop": {"_target_": "CenterSpatialCropd", "roi_size": "$[int(@high / 100)] * 3"}, "preprocessing": {"_target_": "Compose", "transforms": [` + tt.list + `]}}`,
		}, backend.ModelOptions{})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for _, text := range tt.says {
			if !strings.Contains(fmt.Sprint(m.Warnings), text) {
				t.Errorf("%s: does not say %q: %v", tt.name, text, m.Warnings)
			}
		}
		if tt.says == nil && len(m.Warnings) > 0 {
			t.Errorf("%s: says %v", tt.name, m.Warnings)
		}
		got, err := m.Prepare(img)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, tt.name+".npy"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := npy.Read(bytes.NewReader(data), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i := range min(len(got.Data), len(want.Data)) {
			worst = max(worst, math.Abs(float64(got.Data[i])-float64(want.Data[i])))
		}
		if len(got.Data) != len(want.Data) || worst > 1e-5 {
			t.Errorf("%s: %v values, the farthest %g from the expected ones", tt.name, got.Shape, worst)
		}
	}
}

// The slices of a volume share what was prepared of it, until the preparation is
// another one.
func TestVolumesAreKept(t *testing.T) {
	m, err := beside(t, "models", shape(-1, 1, 2, 3, 4), nil, map[string]string{
		"models/net.picasso.json": `{"preprocess": {"scale": [1, 0]}}`,
	}, backend.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var pictures []*picture.Image
	for k := range 4 {
		values := make([]float32, 12)
		for i := range values {
			values[i] = float32(k)
		}
		pictures = append(pictures, picture.NewFloat("slice", 4, 3, 1, values))
	}
	series := picture.NewSeries("series", pictures)
	first := func(slice int) float32 {
		t.Helper()
		img, err := series.Slice(slice)
		if err != nil {
			t.Fatal(err)
		}
		x, err := m.Prepare(img)
		if err != nil {
			t.Fatal(err)
		}
		return x.Data[0]
	}
	if a, b, c := first(0), first(2), first(3); a != 0 || b != 1 || c != 2 {
		t.Errorf("blocks begin with %g, %g, %g", a, b, c)
	}
	card := m.Known()
	card.Preprocess.Scale = [2]float64{10, 0}
	if err := m.Use(card); err != nil {
		t.Fatal(err)
	}
	if got := first(3); got != 20 {
		t.Errorf("after another scale the block begins with %g", got)
	}
}

// A bundle pads to multiples: five slices of 3×4 voxels become eight of 4×6, with the
// volume in the middle and the odd voxel behind.
func TestBundlesPadToMultiples(t *testing.T) {
	m, err := beside(t, "models", shape(-1, 1, 8, 4, 6), nil, map[string]string{
		"configs/metadata.json": `{"network_data_format": {"inputs": {"image": {"modality": "MRI"}}, "outputs": {"pred": {}}}}`,
		"configs/inference.json": `{"k": 4, "preprocessing": {"_target_": "Compose", "transforms": [{"_target_": "LoadImaged"},
			{"_target_": "DivisiblePadd", "k": ["@k", "$@k // 2", 3], "constant_values": -1}]}}`,
	}, backend.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(m.Warnings); strings.Contains(text, "not carried out") {
		t.Errorf("says %s", text)
	}
	var pictures []*picture.Image
	for k := range 5 {
		values := make([]float32, 12)
		for i := range values {
			values[i] = float32(100*k + i)
		}
		pictures = append(pictures, picture.NewFloat("slice", 4, 3, 1, values))
	}
	img, err := picture.NewSeries("series", pictures).Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Prepare(img)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range x.Data {
		z, row, column := i/24-1, i/6%4, i%6-1
		want := float32(-1)
		if z >= 0 && z < 5 && row < 3 && column >= 0 && column < 4 {
			want = float32(100*z + 4*row + column)
		}
		if got != want {
			t.Fatalf("slice %d, row %d, column %d holds %g, want %g", z+1, row, column+1, got, want)
		}
	}
}
