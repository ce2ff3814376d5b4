package backend_test

import (
	"fmt"
	"strings"
	"testing"

	"picasso/backend"
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
