package sources

import (
	"maps"
	"slices"
	"strings"

	"picasso/backend/labelfile"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
)

// onnxMetadata reads the key-value pairs inside the ONNX file: labels, and the
// Image.* keys of the ONNX specification. Keys are compared without case.
type onnxMetadata struct{}

const inFile = "metadata in the file"

func (onnxMetadata) Find(f *metadata.Facts) error {
	for _, key := range slices.Sorted(maps.Keys(f.File.Metadata)) {
		value := f.File.Metadata[key]
		switch strings.ToLower(key) {
		case "labels", "classes", "class_names", "id2label", "names":
			readNames(f, key, value)
		case "character":
			readCharacters(f, key, value)
		case "image.bitmappixelformat":
			readPixelFormat(f, key, value)
		case "image.nominalpixelrange":
			readPixelRange(f, key, value)
		case "image.colorspacegamma":
			if !strings.EqualFold(value, "SRGB") {
				f.Warn("The model asks for pixels of the colour space %.40q (%s), pictures are given as they are: SRGB.", value, key)
			}
		}
	}
	return nil
}

// readNames reads labels in any form of a label file, or as a Python literal.
func readNames(f *metadata.Facts, key, value string) {
	names, err := labelfile.Parse(key, []byte(value))
	if literal, literalErr := literalLabels(value); literalErr == nil {
		names, err = literal, nil
	} else if strings.HasPrefix(strings.TrimSpace(value), "{") && err != nil {
		err = literalErr
	}
	if err != nil {
		f.Warn("The labels in the %s (%s) are not used: the text %v.", inFile, key, err)
		return
	}
	if len(names) > 1 || strings.HasPrefix(strings.TrimSpace(value), "{") {
		f.Labels = append(f.Labels, metadata.LabelList{Names: names, Origin: inFile + " (" + key + ")"})
	}
}

// readCharacters reads the dictionary that exports of PaddleOCR keep, one
// character a line. The classes of such a reader are the blank, the characters
// and, where it was trained with one, the space.
func readCharacters(f *metadata.Facts, key, value string) {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(value, "\r\n", "\n"), "\n"), "\n")
	if len(lines) < 2 || len(lines) > labelfile.Max-2 {
		return
	}
	names := append(append([]string{"blank"}, lines...), metadata.SpaceLabel)
	f.Labels = append(f.Labels, metadata.LabelList{Names: names, Origin: inFile + " (" + key + ")"})
}

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

func readPixelFormat(f *metadata.Facts, key, text string) {
	sources := pixelFormats()[strings.ToLower(text)]
	origin := inFile + " (" + key + ")"
	switch len(sources) {
	case 0:
		f.Warn("The pixel format %.40q in the %s is not used; allowed: Gray8, Rgb8, Bgr8, Rgba8, Bgra8.", text, origin)
	case 1:
		f.SetColor(preprocess.Grey, origin)
	case 3:
		f.SetColor(map[string]string{"red": preprocess.RGB, "blue": preprocess.BGR}[sources[0]], origin)
	default:
		if f.Take("channels", origin) {
			for _, s := range sources {
				f.Pre.Channels = append(f.Pre.Channels, preprocess.Channel{Source: s})
			}
		}
	}
}

func readPixelRange(f *metadata.Facts, key, text string) {
	scale, ok := map[string][2]float64{
		"nominalrange_0_255":  {1, 0},
		"normalized_0_1":      {1.0 / 255, 0},
		"normalized_1_1":      {2.0 / 255, -1},
		"nominalrange_16_235": {219.0 / 255, 16},
	}[strings.ToLower(text)]
	origin := inFile + " (" + key + ")"
	if !ok {
		f.Warn("The pixel range %.40q in the %s is not used; allowed: NominalRange_0_255, Normalized_0_1, Normalized_1_1, NominalRange_16_235.", text, origin)
		return
	}
	f.SetScale(scale, origin)
}
