package backend

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// metadata reads the key-value pairs inside the ONNX file: labels, the
// picture's size, and the Image.* keys of the ONNX specification.
type metadata struct{}

const inFile = "metadata in the file"

func (metadata) find(f *facts) error {
	for _, key := range slices.Sorted(maps.Keys(f.file.Metadata)) {
		value := f.file.Metadata[key]
		switch strings.ToLower(key) {
		case "labels", "classes", "class_names", "id2label", "names":
			if names, err := parseLabels(key, []byte(value)); err == nil && len(names) > 1 {
				f.labels = append(f.labels, labelList{names: names, origin: inFile + " (" + key + ")"})
			}
		case "imgsz":
			readSize(f, value)
		case "image.bitmappixelformat":
			readPixelFormat(f, value)
		case "image.nominalpixelrange":
			readPixelRange(f, value)
		}
	}
	return nil
}

func readSize(f *facts, text string) {
	var size []int
	if json.Unmarshal([]byte(text), &size) != nil || len(size) != 2 || !sideOK(size[0]) || !sideOK(size[1]) {
		return
	}
	if f.take("size", inFile+" (imgsz)") {
		f.size = [2]int{size[0], size[1]}
	}
}

func sideOK(n int) bool { return n >= 1 && n <= maxSide }

func readPixelFormat(f *facts, text string) {
	color := map[string]string{"gray8": Grey, "rgb8": RGB, "bgr8": BGR}[strings.ToLower(text)]
	if color != "" && f.take("color", inFile+" (Image.BitmapPixelFormat)") {
		f.pre.Color = color
	}
}

func readPixelRange(f *facts, text string) {
	scale, ok := map[string][2]float64{
		"nominalrange_0_255": {1, 0},
		"normalized_0_1":     {1.0 / 255, 0},
		"normalized_1_1":     {2.0 / 255, -1},
	}[strings.ToLower(text)]
	if ok && f.take("scale", inFile+" (Image.NominalPixelRange)") {
		f.pre.Scale = scale
	}
}
