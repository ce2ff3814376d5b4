package backend_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// beside writes a model of the given shape into folder/at/net.onnx with files
// around it, and opens it. The output has two values.
func beside(t *testing.T, at string, dims []onnx.Dim, meta, files map[string]string, opt backend.ModelOptions) (*backend.Model, error) {
	t.Helper()
	root := t.TempDir()
	m := &onnx.Model{IRVersion: 8, Opsets: map[string]int64{"": 13}, Graph: &onnx.Graph{
		Name:    "g",
		Nodes:   []*onnx.Node{{OpType: "Flatten", Inputs: []string{"x"}, Outputs: []string{"z"}}, {OpType: "Identity", Inputs: []string{"z"}, Outputs: []string{"y"}}},
		Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: dims}},
		Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float}},
	}}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range meta {
		data = appendMetadata(data, key, value)
	}
	write := func(name string, data []byte) {
		path := filepath.Join(root, name)
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		write(name, []byte(text))
	}
	write(filepath.Join(at, "net.onnx"), data)
	opened, err := backend.OpenModel(t.Context(), answer(constant([]int{2}, 0, 0)), filepath.Join(root, at, "net.onnx"), opt)
	if err == nil {
		t.Cleanup(func() { opened.Close() })
	}
	return opened, err
}

// appendMetadata adds a metadata_props entry to an encoded ModelProto.
func appendMetadata(data []byte, key, value string) []byte {
	text := func(number byte, s string) []byte {
		return append(append([]byte{number<<3 | 2}, length(len(s))...), s...)
	}
	entry := append(text(1, key), text(2, value)...)
	return append(append(append(data, 14<<3|2), length(len(entry))...), entry...)
}

func length(n int) []byte {
	var b []byte
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

const (
	vitProcessor = `{
  "do_normalize": true, "do_rescale": true, "do_resize": true,
  "image_mean": [0.5, 0.5, 0.5], "image_processor_type": "ViTImageProcessor",
  "image_std": [0.5, 0.5, 0.5], "resample": 2, "rescale_factor": 0.00392156862745098,
  "size": {"height": 224, "width": 224}
}`
	convNeXtProcessor = `{
  "crop_pct": 0.875, "do_normalize": true, "do_resize": true, "feature_extractor_type": "ConvNextFeatureExtractor",
  "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": 224
}`
	clipProcessor = `{
  "crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true,
  "feature_extractor_type": "CLIPFeatureExtractor",
  "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
  "resample": 3, "size": 224
}`
	deitProcessor = `{
  "crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "do_normalize": true, "do_rescale": true, "do_resize": true,
  "image_mean": [0.485, 0.456, 0.406], "image_processor_type": "DeiTImageProcessor", "image_std": [0.229, 0.224, 0.225],
  "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"height": 256, "width": 256}
}`
	efficientNetProcessor = `{
  "do_center_crop": false, "do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.485, 0.456, 0.406],
  "image_processor_type": "EfficientNetImageProcessor", "image_std": [0.5, 0.5, 0.5], "include_top": true,
  "resample": 0, "rescale_factor": 0.00392156862745098, "rescale_offset": false, "size": {"height": 224, "width": 224}
}`
	timmConfig = `{
  "architecture": "resnet50", "num_classes": 2, "label_names": ["n1", "n2"], "label_descriptions": {"n1": "cat", "n2": "dog"},
  "pretrained_cfg": {
    "tag": "a1_in1k", "input_size": [3, 224, 224], "test_input_size": [3, 288, 288], "interpolation": "bicubic",
    "crop_pct": 0.95, "test_crop_pct": 1.0, "crop_mode": "center", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]
  }
}`
	tritonConfig = `name: "net"
platform: "onnxruntime_onnx"
max_batch_size: 8
input [ { name: "x" data_type: TYPE_FP32 format: FORMAT_NHWC dims: [ 96, 80, 3 ] } ]
output [ { name: "y" data_type: TYPE_FP32 dims: [ 2 ] label_filename: "names.txt" } ]
`
	monaiMetadata = `{
  "version": "0.1.0", "task": "nodules",
  "network_data_format": {
    "inputs": {"x": {"type": "image", "format": "hounsfield", "modality": "CT", "num_channels": 1,
      "spatial_shape": [96, 80], "dtype": "float32", "value_range": [0, 1], "is_patch_data": false, "channel_def": {"0": "image"}}},
    "outputs": {"y": {"type": "probabilities", "num_channels": 2, "channel_def": {"0": "background", "1": "nodule"}}}
  }
}`
	monaiInference = `{
  "preprocessing": {"_target_": "Compose", "transforms": [
    {"_target_": "LoadImaged", "keys": "image"},
    {"_target_": "ScaleIntensityRanged", "keys": "image", "a_min": -57, "a_max": 164, "b_min": 0, "b_max": 1, "clip": true}
  ]}
}`
)

func TestSourcesOfPreprocessing(t *testing.T) {
	rgb, grey, open := shape(-1, 3, 224, 224), shape(-1, 1, 96, 80), shape(-1, 3, -1, -1)
	imageNet := func(p preprocess.Preprocess) preprocess.Preprocess {
		p.Color, p.Scale = preprocess.RGB, [2]float64{1.0 / 255, 0}
		p.Mean, p.Std = preprocess.Values{0.485, 0.456, 0.406}, preprocess.Values{0.229, 0.224, 0.225}
		return p
	}
	tests := []struct {
		name   string
		at     string
		dims   []onnx.Dim
		meta   map[string]string
		files  map[string]string
		want   preprocess.Preprocess
		height int
		labels []string
	}{
		{"ViT", "", open, nil, map[string]string{
			"preprocessor_config.json": vitProcessor,
			"config.json":              `{"model_type": "vit", "id2label": {"0": "cat", "1": "dog"}, "problem_type": "single_label_classification"}`,
		}, preprocess.Preprocess{
			Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear", Floor: true},
			Scale: [2]float64{1.0 / 255, 0}, Mean: preprocess.Values{0.5, 0.5, 0.5}, Std: preprocess.Values{0.5, 0.5, 0.5},
		}, 224, []string{"cat", "dog"}},
		{"ConvNeXt below 384 pixels", "onnx", rgb, nil, map[string]string{"preprocessor_config.json": convNeXtProcessor},
			imageNet(preprocess.Preprocess{Resize: preprocess.Resize{Mode: preprocess.Crop, Filter: "bicubic", Edge: 256, Floor: true}}), 224, nil},
		{"ConvNeXt from 384 pixels", "", open, nil, map[string]string{"preprocessor_config.json": strings.Replace(convNeXtProcessor, `"size": 224`, `"size": {"shortest_edge": 384}`, 1)},
			imageNet(preprocess.Preprocess{Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bicubic", Floor: true}}), 384, nil},
		{"CLIP", "", open, nil, map[string]string{"preprocessor_config.json": clipProcessor}, preprocess.Preprocess{
			Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Crop, Filter: "bicubic", Edge: 224, Floor: true}, Scale: [2]float64{1.0 / 255, 0},
			Mean: preprocess.Values{0.48145466, 0.4578275, 0.40821073}, Std: preprocess.Values{0.26862954, 0.26130258, 0.27577711},
		}, 224, nil},
		{"DeiT", "", open, nil, map[string]string{"preprocessor_config.json": deitProcessor},
			imageNet(preprocess.Preprocess{Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bicubic", Size: []int{256, 256}, Floor: true}}), 224, nil},
		{"EfficientNet divides twice", "", rgb, nil, map[string]string{"preprocessor_config.json": efficientNetProcessor}, preprocess.Preprocess{
			Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "nearest", Floor: true}, Scale: [2]float64{1.0 / 255, 0},
			Mean: preprocess.Values{0.485, 0.456, 0.406}, Std: preprocess.Values{0.25, 0.25, 0.25},
		}, 224, nil},
		{"nothing but a factor and an offset", "", rgb, nil, map[string]string{"preprocessor_config.json": `{"do_normalize": false, "rescale_factor": 0.00784313725490196, "rescale_offset": true, "size": {"height": 224, "width": 224}}`},
			preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear", Floor: true}, Scale: [2]float64{0.00784313725490196, -1}}, 224, nil},
		{"timm", "", rgb, nil, map[string]string{"config.json": timmConfig},
			imageNet(preprocess.Preprocess{Resize: preprocess.Resize{Mode: preprocess.Crop, Filter: "bicubic", Edge: 235}}), 224, []string{"cat", "dog"}},
		{"timm at its test size", "", shape(-1, 3, 288, 288), nil, map[string]string{"config.json": timmConfig},
			imageNet(preprocess.Preprocess{Resize: preprocess.Resize{Mode: preprocess.Crop, Filter: "bicubic", Edge: 288}}), 288, []string{"cat", "dog"}},
		{"timm squashed, older form", "", open, nil, map[string]string{"config.json": `{"architecture": "eva", "input_size": [3, 196, 196], "crop_pct": 1, "crop_mode": "squash", "interpolation": "bilinear", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "labels": ["a", "b"]}`},
			imageNet(preprocess.Preprocess{Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear", Size: []int{196, 196}}}), 196, []string{"a", "b"}},
		{"timm with a border", "", open, nil, map[string]string{"config.json": `{"architecture": "x", "pretrained_cfg": {"input_size": [3, 90, 90], "crop_pct": 0.9, "crop_mode": "border", "mean": [0.2, 0.4, 0.6], "std": [1, 1, 1]}}`},
			preprocess.Preprocess{
				Color: preprocess.RGB, Scale: [2]float64{1.0 / 255, 0}, Mean: preprocess.Values{0.2, 0.4, 0.6}, Std: preprocess.Values{1, 1, 1},
				Resize: preprocess.Resize{Mode: preprocess.Letterbox, Filter: "bicubic", Size: []int{100, 100}, Pad: preprocess.Values{51, 102, 153}},
			}, 90, nil},
		{"Ultralytics classifier", "", open, map[string]string{"names": "{0: 'cat', 1: \"jack-o'-lantern\"}", "imgsz": "[64, 64]", "task": "classify"}, nil,
			preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Crop, Filter: "bilinear", Edge: 64}, Scale: [2]float64{1.0 / 255, 0}}, 64, []string{"cat", "jack-o'-lantern"}},
		{"Ultralytics detector", "", open, map[string]string{"names": "{0: 'cat', 1: 'dog'}", "imgsz": "[320, 640]", "task": "detect"}, nil,
			preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Letterbox, Filter: "bilinear", Sharp: true, Pad: preprocess.Values{114}}, Scale: [2]float64{1.0 / 255, 0}}, 320, []string{"cat", "dog"}},
		{"keys of the ONNX specification", "", rgb, map[string]string{"Image.BitmapPixelFormat": "Bgr8", "image.nominalpixelrange": "Normalized_1_1", "Image.ColorSpaceGamma": "SRGB"}, nil,
			preprocess.Preprocess{Color: preprocess.BGR, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear"}, Scale: [2]float64{2.0 / 255, -1}}, 224, nil},
		{"pictures with alpha", "", shape(-1, 4, 8, 8), map[string]string{"Image.BitmapPixelFormat": "Bgra8", "Image.NominalPixelRange": "NominalRange_0_255"}, nil,
			preprocess.Preprocess{
				Color: preprocess.RGB, Channels: []preprocess.Channel{{Source: "blue"}, {Source: "green"}, {Source: "red"}, {Source: "alpha"}},
				Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear"}, Scale: [2]float64{1, 0},
			}, 8, nil},
		{"Triton", "1", shape(-1, -1, -1, 3), nil, map[string]string{"config.pbtxt": tritonConfig, "names.txt": "cat\ndog\n"},
			preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear"}, Scale: [2]float64{1.0 / 255, 0}}, 96, []string{"cat", "dog"}},
		{"MONAI", "models", grey, nil, map[string]string{"configs/metadata.json": monaiMetadata, "configs/inference.json": monaiInference},
			preprocess.Preprocess{
				Color: preprocess.Grey, Intensity: preprocess.Intensity{Range: []float64{-57, 164}},
				Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear"}, Scale: [2]float64{1, 0}, Clip: []float64{0, 1}, Modality: "CT",
			}, 96, []string{"background", "nodule"}},
		{"preset of the sidecar before other files", "", rgb, nil, map[string]string{
			"net.picasso.json": `{"preprocess": {"preset": "keras-caffe", "scale": [2, 0]}}`, "preprocessor_config.json": vitProcessor,
		}, preprocess.Preprocess{
			Color: preprocess.BGR, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear"}, Scale: [2]float64{2, 0},
			Mean: preprocess.Values{103.939, 116.779, 123.68},
		}, 224, nil},
		{"single values beside those of other files", "", rgb, nil, map[string]string{
			"net.picasso.json": `{"preprocess": {"mean": 0.25}}`, "preprocessor_config.json": vitProcessor,
		}, preprocess.Preprocess{
			Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear", Floor: true},
			Scale: [2]float64{1.0 / 255, 0}, Mean: preprocess.Values{0.25}, Std: preprocess.Values{0.5, 0.5, 0.5},
		}, 224, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := beside(t, tt.at, tt.dims, tt.meta, tt.files, backend.ModelOptions{})
			if err != nil {
				t.Fatal(err)
			}
			samePreprocess(t, m.Preprocess, tt.want)
			if m.Input.Height != tt.height || !slices.Equal(m.Labels, tt.labels) {
				t.Errorf("height %d and labels %q, want %d and %q (%v)", m.Input.Height, m.Labels, tt.height, tt.labels, m.Warnings)
			}
			for _, key := range []string{"preprocess.color", "preprocess.resize", "preprocess.scale", "preprocess.mean", "preprocess.std", "labels"} {
				if m.Origins[key] == "" {
					t.Errorf("nothing says where %s comes from", key)
				}
			}
		})
	}
}

// samePreprocess compares in a form that is easy to read.
func samePreprocess(t *testing.T, got, want preprocess.Preprocess) {
	t.Helper()
	for _, f := range []*float64{&got.Scale[0], &want.Scale[0]} {
		*f = math.Round(*f*1e9) / 1e9
	}
	if a, b := asJSON(t, got), asJSON(t, want); a != b {
		t.Errorf("preprocessing is\n%s, want\n%s", a, b)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFilesThatCannotBeUsedAreNamed(t *testing.T) {
	for _, tt := range []struct {
		name, file, text string
		says             []string
	}{
		{"malformed JSON", "preprocessor_config.json", "{\n\"size\": 3,\n\"image_mean\": [0.5,}", []string{"preprocessor_config.json", "line 3"}},
		{"size of zero", "preprocessor_config.json", "{\n\"size\": 0}", []string{"line 2", `"size"`, "from 1"}},
		{"size of a million", "preprocessor_config.json", `{"size": {"height": 1000000, "width": 5}}`, []string{`"size.height"`, "16384"}},
		{"size of another form", "preprocessor_config.json", `{"size": "large"}`, []string{`"size"`, "shortest_edge"}},
		{"mean of two values", "preprocessor_config.json", `{"image_mean": [0.5, 0.5], "image_std": [1, 1, 1]}`, []string{"image_mean", "2 values", "3 channel"}},
		{"unknown filter", "preprocessor_config.json", `{"resample": 9}`, []string{"resample", "2 bilinear"}},
		{"deviation of zero", "preprocessor_config.json", `{"image_mean": [0, 0, 0], "image_std": [0, 1, 1]}`, []string{"std", "must not be 0"}},
		{"a list", "preprocessor_config.json", `[]`, []string{"must be a JSON object"}},
		{"timm without sides", "config.json", `{"architecture": "x", "pretrained_cfg": {"input_size": [3, 0, 5]}}`, []string{"input_size", "[channels, height, width]"}},
		{"timm mode", "config.json", "{\"architecture\": \"x\",\n \"input_size\": [3, 9, 9], \"crop_mode\": \"zoom\", \"crop_pct\": 0}", []string{"line 2", "center, squash, border", "crop_pct"}},
		{"problem type", "config.json", `{"problem_type": "other"}`, []string{"problem_type", "multi_label_classification"}},
		{"malformed pbtxt", "config.pbtxt", "name: \"x\"\ninput {\n", []string{"config.pbtxt", "line 3"}},
		{"input that is not there", "config.pbtxt", "\ninput { name: \"data\" }", []string{"line 2", `"data"`, `"x"`}},
		{"unknown layout", "config.pbtxt", `input { name: "x" format: NCHW }`, []string{"FORMAT_NHWC"}},
		{"labels elsewhere", "config.pbtxt", `output { name: "y" label_filename: "../../etc/passwd" }`, []string{"same folder"}},
		{"channels that are not there", "metadata.json", `{"network_data_format": {"inputs": {"x": {"num_channels": 2}}}}`, []string{"num_channels", "3"}},
		{"a size that the model does not have", "preprocessor_config.json", `{"size": {"shortest_edge": 8}, "crop_size": 7, "do_center_crop": true}`, []string{"7×7", "9×9", "cover"}},
		{"labels of another number", "classes.json", `["a", "b", "c"]`, []string{"classes.json", "3 labels for 2 classes"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := beside(t, "", shape(-1, 3, 9, 9), nil, map[string]string{tt.file: tt.text}, backend.ModelOptions{})
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(texts(m), "\n")
			for _, words := range tt.says {
				if !strings.Contains(all, words) {
					t.Errorf("warnings do not say %q:\n%s", words, all)
				}
			}
			if _, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 9, 9)}); err != nil {
				t.Errorf("the model is of no use: %v", err)
			}
		})
	}
}

func TestMetadataThatCannotBeUsedIsNamed(t *testing.T) {
	for key, says := range map[string]string{
		"names":                   "Python literal",
		"imgsz":                   "[height, width]",
		"Image.BitmapPixelFormat": "Rgba8",
		"Image.NominalPixelRange": "Normalized_0_1",
		"Image.ColorSpaceGamma":   "SRGB",
	} {
		m, err := beside(t, "", shape(-1, 3, 9, 9), map[string]string{key: "{0: 'x"}, nil, backend.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(texts(m), "\n"); !strings.Contains(all, says) || !strings.Contains(all, key) {
			t.Errorf("%s: warnings do not say %q: %s", key, says, all)
		}
	}
}

func TestSettingsOfTheCommandLineGoFirst(t *testing.T) {
	files := map[string]string{"net.picasso.json": `{"activation": "sigmoid", "preprocess": {"mean": [1, 1, 1], "scale": [3, 0]}}`}
	m, err := beside(t, "", shape(-1, 3, -1, -1), nil, files, backend.ModelOptions{Choices: choose(t, "preprocess.preset=-1..1", "preprocess.mean=[2,2,2]", "activation=none").Merge(metadata.Choices{Size: [2]int{30, 40}})})
	if err != nil {
		t.Fatal(err)
	}
	want := preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.Resize{Mode: preprocess.Stretch, Filter: "bilinear"}, Scale: [2]float64{1 / 127.5, -1}, Mean: preprocess.Values{2, 2, 2}}
	samePreprocess(t, m.Preprocess, want)
	if m.Input.Width != 40 || m.Input.Height != 30 || m.Output.Activation != score.Identity {
		t.Errorf("input %v, activation %s", m.Input, m.Output.Activation)
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	for text, says := range map[string]string{
		"box":                   "KEY=VALUE",
		"box=x":                 "number of the box",
		"preprocess.preset=vgg": "is unknown",
		"preprocess.mean=[1,2]": "has 2 values",
		"size=[0,1]":            "from 1",
		"preprocess.stdev=1":    "is unknown",
	} {
		c, err := metadata.ParseChoices([]string{text})
		if err == nil {
			_, err = beside(t, "", shape(-1, 3, 9, 9), nil, nil, backend.ModelOptions{Choices: c})
		}
		if err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "your settings: ") {
			t.Errorf("%s gives %v, want %q", text, err, says)
		}
	}
}

// A size of a file beside that is too large to try is left out.
func TestSizeThatIsTooLargeToTry(t *testing.T) {
	open := shape(-1, 3, -1, -1)
	files := map[string]string{"preprocessor_config.json": `{"size": {"height": 16000, "width": 16000}}`}
	m, err := beside(t, "", open, nil, files, backend.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(texts(m), " "); m.Input.Height != metadata.DefaultSide || !strings.Contains(all, "too many") {
		t.Errorf("input %v, warnings %s", m.Input, all)
	}
	for _, side := range []int{16000, 1000000, -3} {
		if m, err := beside(t, "", open, nil, nil, backend.ModelOptions{Choices: metadata.Choices{Size: [2]int{side, 9000}}}); err == nil {
			t.Errorf("the model was opened for %v", m.Input)
		}
	}
}

func TestPresetsSuitEveryModel(t *testing.T) {
	for _, p := range preprocess.Presets() {
		for _, channels := range []int{1, 3, 4} {
			if err := p.Preprocess(preprocess.Input{Channels: channels, Height: 224, Width: 224}).Check(channels); err != nil {
				t.Errorf("%s with %d channels: %v", p.Name, channels, err)
			}
		}
		if p.Title == "" || p.Doc == "" {
			t.Errorf("%s is not described", p.Name)
		}
	}
	m, err := beside(t, "", shape(-1, 3, 224, 224), nil, nil, backend.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]float32{
		"imagenet":             {(1 - 0.485) / 0.229, -0.456 / 0.224, -0.406 / 0.225},
		"keras-caffe":          {-103.939, -116.779, 255 - 123.68},
		"keras-tf":             {1, -1, -1},
		"0..255":               {255, 0, 0},
		"ct-window":            {1, 0.4, 0.4},
		"xray-torchxrayvision": {1024, -1024, -1024},
	} {
		if err := usePreset(m, name); err != nil {
			t.Fatal(err)
		}
		closeTo(t, name, m.Encoder(nil)([]float32{255, 0, 0}), want)
	}
	if err := usePreset(m, "vgg"); err == nil || !strings.Contains(err.Error(), "keras-caffe") {
		t.Errorf("an unknown preset gave %v", err)
	}
	if !slices.Contains(slices.Collect(maps.Keys(m.Origins)), "preprocess.window") {
		t.Error("nothing says who set the window")
	}
}

// usePreset prepares pictures as a preset does from now on.
func usePreset(m *backend.Model, name string) error {
	p, err := preprocess.FindPreset(name)
	if err != nil {
		return err
	}
	return use(m, prepared(p.Preprocess(m.Input)))
}
