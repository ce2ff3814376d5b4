package backend

import (
	"maps"
	"slices"
	"strings"
)

// onnxMetadata reads the key-value pairs inside the ONNX file: labels, and the
// Image.* keys of the ONNX specification. Keys are compared without case.
type onnxMetadata struct{}

const inFile = "metadata in the file"

func (onnxMetadata) Find(f *facts) error {
	for _, key := range slices.Sorted(maps.Keys(f.file.Metadata)) {
		value := f.file.Metadata[key]
		switch strings.ToLower(key) {
		case "labels", "classes", "class_names", "id2label", "names":
			readNames(f, key, value)
		case "image.bitmappixelformat":
			readPixelFormat(f, key, value)
		case "image.nominalpixelrange":
			readPixelRange(f, key, value)
		case "image.colorspacegamma":
			if !strings.EqualFold(value, "SRGB") {
				f.warn("The model asks for pixels of the colour space %.40q (%s), pictures are given as they are: SRGB.", value, key)
			}
		}
	}
	return nil
}

// readNames reads labels in any form of a label file, or as a Python literal.
func readNames(f *facts, key, value string) {
	names, err := parseLabels(key, []byte(value))
	if literal, literalErr := literalLabels(value); literalErr == nil {
		names, err = literal, nil
	} else if strings.HasPrefix(strings.TrimSpace(value), "{") && err != nil {
		err = literalErr
	}
	if err != nil {
		f.warn("The labels in the %s (%s) are not used: the text %v.", inFile, key, err)
		return
	}
	if len(names) > 1 || strings.HasPrefix(strings.TrimSpace(value), "{") {
		f.labels = append(f.labels, labelList{names: names, origin: inFile + " (" + key + ")"})
	}
}

func sideOK(n int) bool { return n >= 1 && n <= maxSide }

// pixelFormats are the pixel formats of the ONNX specification as the channels
// they list.
func pixelFormats() map[string][]string {
	return map[string][]string{
		"gray8": {"grey"},
		"rgb8":  {"red", "green", "blue"},
		"bgr8":  {"blue", "green", "red"},
		"rgba8": {"red", "green", "blue", "alpha"},
		"bgra8": {"blue", "green", "red", "alpha"},
	}
}

func readPixelFormat(f *facts, key, text string) {
	sources := pixelFormats()[strings.ToLower(text)]
	origin := inFile + " (" + key + ")"
	switch len(sources) {
	case 0:
		f.warn("The pixel format %.40q in the %s is not used; allowed: Gray8, Rgb8, Bgr8, Rgba8, Bgra8.", text, origin)
	case 1:
		f.setColor(Grey, origin)
	case 3:
		f.setColor(map[string]string{"red": RGB, "blue": BGR}[sources[0]], origin)
	default:
		if f.take("channels", origin) {
			for _, s := range sources {
				f.pre.Channels = append(f.pre.Channels, Channel{Source: s})
			}
		}
	}
}

func readPixelRange(f *facts, key, text string) {
	scale, ok := map[string][2]float64{
		"nominalrange_0_255":  {1, 0},
		"normalized_0_1":      {1.0 / 255, 0},
		"normalized_1_1":      {2.0 / 255, -1},
		"nominalrange_16_235": {219.0 / 255, 16},
	}[strings.ToLower(text)]
	origin := inFile + " (" + key + ")"
	if !ok {
		f.warn("The pixel range %.40q in the %s is not used; allowed: NominalRange_0_255, Normalized_0_1, Normalized_1_1, NominalRange_16_235.", text, origin)
		return
	}
	f.setScale(scale, origin)
}
