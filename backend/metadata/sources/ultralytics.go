package sources

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/labelfile"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/pyliteral"
)

// ultralytics reads the metadata that Ultralytics writes into its models:
// names, imgsz and task, as Python literals.
type ultralytics struct{}

// letterboxGrey is the raw value of the bars that Ultralytics adds.
const letterboxGrey = 114

func (ultralytics) Find(f *metadata.Facts) error {
	meta := f.File.Metadata
	height, width := literalSize(f, meta["imgsz"])
	f.SetSize(height, width, inFile+" (imgsz)")
	task := strings.Trim(strings.TrimSpace(meta["task"]), `'"`)
	if task == "" || meta["names"] == "" {
		return nil
	}
	origin := inFile + " (task " + task + ")"
	tasks := []string{"classify", "detect", "segment", "pose", "obb"}
	if !slices.Contains(tasks, task) {
		f.Warn("The task %.40q in the %s is unknown; known tasks: %s.", task, inFile, strings.Join(tasks, ", "))
		return nil
	}
	f.SetColor(preprocess.RGB, origin)
	f.SetScale([2]float64{1.0 / 255, 0}, origin)
	f.SetMean(nil, origin)
	f.SetStd(nil, origin)
	if task != "classify" {
		f.SetResize(preprocess.Resize{Mode: preprocess.Letterbox, Filter: picture.Bilinear, Sharp: true, Pad: preprocess.Values{letterboxGrey}}, origin)
		return nil
	}
	r := preprocess.Resize{Mode: preprocess.Crop, Filter: picture.Bilinear}
	if height == width {
		r.Edge = height
	}
	f.SetResize(r, origin)
	return nil
}

// literalSize reads [height, width], 0 where there is none.
func literalSize(f *metadata.Facts, text string) (height, width int) {
	if text == "" {
		return 0, 0
	}
	v, err := pyliteral.Parse(text)
	if side, ok := v.(int64); err == nil && ok {
		v = []any{side, side}
	}
	if list, ok := v.([]any); err == nil && ok && len(list) == 2 {
		h, hOK := list[0].(int64)
		w, wOK := list[1].(int64)
		if hOK && wOK && h >= 1 && w >= 1 && h <= preprocess.MaxSide && w <= preprocess.MaxSide {
			return int(h), int(w)
		}
	}
	f.Warn("The size %.40q in the %s (imgsz) is not used; allowed: [height, width], each from 1 to %d.", text, inFile, preprocess.MaxSide)
	return 0, 0
}

// literalLabels reads {0: 'cat', 1: 'dog'} or ['cat', 'dog'].
func literalLabels(text string) ([]string, error) {
	v, err := pyliteral.Parse(text)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case []pyliteral.Pair:
		byIndex := make(map[int]string, len(v))
		for _, p := range v {
			index, ok := p.Key.(int64)
			name, text := p.Value.(string)
			if !ok || !text || index < 0 || index > labelfile.Max {
				return nil, fmt.Errorf("has the entry %v: %v instead of {0: 'name'}", p.Key, p.Value)
			}
			byIndex[int(index)] = name
		}
		names, err := labelfile.InOrder(byIndex)
		if err != nil {
			return nil, err
		}
		return labelfile.Check(names)
	case []any:
		names := make([]string, len(v))
		for i, item := range v {
			name, ok := item.(string)
			if !ok {
				return nil, fmt.Errorf("has the entry %v instead of a text", item)
			}
			names[i] = name
		}
		return labelfile.Check(names)
	}
	return nil, errors.New("is neither a dict nor a list")
}
