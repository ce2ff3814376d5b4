package sources

import (
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/bounded"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
)

// Whatever files lie beside a model, the sources end with values that suit it,
// and never with an error of their own.
func FuzzSources(f *testing.F) {
	for name, text := range map[string]string{
		"preprocessor_config.json": `{"size": {"shortest_edge": 224}, "crop_pct": 0.9, "image_mean": [0.5, 1, 2], "image_std": 0.5, "resample": 3}`,
		"config.json":              `{"architecture": "x", "pretrained_cfg": {"input_size": [3, 8, 8], "crop_pct": 0.9, "crop_mode": "border"}, "label_names": ["a"]}`,
		"metadata.json":            `{"network_data_format": {"inputs": {"x": {"num_channels": 3, "spatial_shape": [8, 8], "value_range": [0, 1]}}, "outputs": {"y": {"channel_def": {"0": "a"}}}}}`,
		"inference.json":           `[{"_target_": "ScaleIntensityRanged", "a_min": 1, "a_max": 1e300, "b_min": 0, "b_max": 1, "clip": true}]`,
		"config.pbtxt":             `input { name: "x" format: FORMAT_NHWC dims: [8, 8, 3] } output { name: "y" label_filename: "config.pbtxt" }`,
	} {
		f.Add(name, []byte(text))
	}
	names := []string{"preprocessor_config.json", "config.json", "metadata.json", "inference.json", "config.pbtxt"}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		bounded.Run(t, bounded.Small(len(data)), func() {
			folder := t.TempDir()
			known := false
			for _, n := range names {
				known = known || n == name
			}
			if !known {
				name = names[len(data)%len(names)]
			}
			if name == "inference.json" {
				if err := os.WriteFile(filepath.Join(folder, "metadata.json"), []byte(`{"network_data_format": {}}`), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
			size := []onnx.Dim{{Size: -1}, {Size: 3}, {Size: -1}, {Size: -1}}
			file := &onnx.Model{Graph: &onnx.Graph{
				Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: size}}, Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float}},
			}}
			found, err := metadata.Find(file, filepath.Join(folder, "net.onnx"), metadata.Wishes{}, All())
			if err != nil {
				t.Fatal(err)
			}
			if found.Size != [2]int{} && (!preprocess.SideOK(found.Size[0]) || !preprocess.SideOK(found.Size[1])) {
				t.Fatalf("size %v", found.Size)
			}
			card := metadata.Card{Input: preprocess.Input{Name: "x", Type: onnx.Float, Layout: preprocess.NCHW, Channels: 3, Height: 8, Width: 8}}
			found.Complete(&card, file)
			if err := found.Pre.Check(3); err != nil {
				t.Fatalf("%s: %v", data, err)
			}
		})
	})
}

func FuzzLiteralLabels(f *testing.F) {
	for _, text := range []string{"{0: 'a', 1: 'b'}", "['a', 'b']", "{1: 'a'}", "{-1: 'a'}", "{0: 1}", "3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, err := literalLabels(text)
		if err == nil && len(names) == 0 {
			t.Fatal("no labels and no error")
		}
	})
}
