package metadata

import (
	"math"
	"path/filepath"
	"strings"

	"picasso/backend/preprocess"
)

// preprocessField is one key of "preprocess" and how to move its value.
type preprocessField struct {
	keys []string // that belong together
	move func(dst *preprocess.Preprocess, src preprocess.Preprocess)
	own  bool // presets do not state it
}

func preprocessFields() []preprocessField {
	return []preprocessField{
		{[]string{"color"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Color = s.Color }, false},
		{[]string{"channels"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Channels = s.Channels }, false},
		{[]string{"window", "range", "percentile", "depth", "standard", "nonzero"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Intensity = s.Intensity }, false},
		{[]string{"resize"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Resize = s.Resize }, false},
		{[]string{"scale"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Scale = s.Scale }, false},
		{[]string{"clip"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Clip = s.Clip }, false},
		{[]string{"mean"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Mean = s.Mean }, false},
		{[]string{"std"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Std = s.Std }, false},
		{[]string{"orientation"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Orientation = s.Orientation }, true},
		{[]string{"modality"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Modality = s.Modality }, true},
		{[]string{"fill"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Fill = s.Fill }, true},
		{[]string{"volume"}, func(d *preprocess.Preprocess, s preprocess.Preprocess) { d.Volume = s.Volume }, true},
	}
}

// said is the origin of the first of the keys that has one.
func (f *Facts) said(keys []string) string {
	for _, key := range keys {
		if o := f.Origin[key]; o != "" {
			return o
		}
	}
	return ""
}

// applyPreset fills in what the source that named the preset does not state
// itself; less trusted sources give way.
func (f *Facts) applyPreset(in preprocess.Input) {
	if f.preset == "" {
		return
	}
	s, err := preprocess.FindPreset(f.preset)
	if err != nil {
		return // refused where it was read
	}
	all := s.Preprocess(in)
	for _, field := range preprocessFields() {
		if by := f.said(field.keys); field.own || by == f.presetOrigin || by == userOrigin {
			continue
		}
		field.move(&f.Pre, all)
		for _, key := range field.keys {
			f.Origin[key] = f.presetOrigin + " (preset " + s.Name + ")"
		}
	}
}

// discard drops values of files beside the model that do not suit it, such as
// a mean of three values for a grey model. The user's own words stay, so that
// a mistake in them is an error.
func (f *Facts) discard(in preprocess.Input) {
	for _, field := range preprocessFields() {
		origin := f.said(field.keys)
		if origin == "" || f.ByUser(origin) {
			continue
		}
		one := preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.DefaultResize(), Scale: [2]float64{1, 0}}
		if in.Channels == 1 {
			one.Color = preprocess.Grey
		}
		if in.Channels != 1 && in.Channels != 3 {
			one.Channels = preprocess.UsualChannels(in.Channels, preprocess.RGB)
		}
		field.move(&one, f.Pre)
		err := one.Check(in.Channels)
		if err == nil {
			continue
		}
		field.move(&f.Pre, preprocess.Preprocess{})
		for _, key := range field.keys {
			delete(f.Origin, key)
		}
		if !f.fitted(field.keys[0], one, in) {
			f.Warn("A value of %s is not used: %v.", origin, err)
		}
	}
}

// settleScale drops a scale to small numbers from a file beside a model that
// takes whole ones: pixels would all become 0 or 1.
func (f *Facts) settleScale(in preprocess.Input) {
	origin := f.Origin["scale"]
	if origin == "" || f.ByUser(origin) || in.Type.IsFloat() || f.Pre.Intensity.IsSet() || math.Abs(f.Pre.Scale[0])*255 > BigNumber {
		return
	}
	f.Warn("%s scales pixels to small numbers, but the model takes whole numbers (%v), so it gets raw pixels.", origin, in.Type)
	f.Pre.Mean, f.Pre.Std = nil, nil
	delete(f.Origin, "scale")
	f.Origin["mean"], f.Origin["std"] = "graph: the input takes whole numbers", "graph: the input takes whole numbers"
}

// fitted makes up for values that files state for colour while the model is
// grey: that is common, and their meaning is clear.
func (f *Facts) fitted(key string, one preprocess.Preprocess, in preprocess.Input) bool {
	if in.Channels != 1 {
		return false
	}
	switch key {
	case "color":
		return one.Color == preprocess.RGB || one.Color == preprocess.BGR // one channel has no order
	}
	return false
}

// settleSize answers sizes that contradict the one that the file itself fixes.
// A crop that would not fill the model's input covers it instead.
func (f *Facts) settleSize(in preprocess.Input) {
	stated := f.Size != [2]int{} && !in.Dynamic
	other := f.Size != [2]int{in.Height, in.Width}
	if in.Depth > 0 {
		if stated && (other || f.Depth != 0 && f.Depth != in.Depth) {
			f.Warn("The size of %s is not used: the model only takes volumes of %d×%d×%d voxels (depth × height × width).", f.Origin["size"], in.Depth, in.Height, in.Width)
		}
		return
	}
	if stated && other {
		f.Warn("The size of %s, %d×%d pixels, is not used: the model only takes %d×%d.", f.Origin["size"], f.Size[1], f.Size[0], in.Width, in.Height)
	}
	r := &f.Pre.Resize
	origin := f.Origin["resize"]
	if origin == "" || f.ByUser(origin) || r.Mode == preprocess.Letterbox {
		return
	}
	short := r.Edge > 0 && r.Edge < max(in.Height, in.Width)
	if len(r.Size) == 2 && (r.Size[0] < in.Height || r.Size[1] < in.Width) {
		short = true
	}
	if short {
		r.Edge, r.Size = 0, nil
		f.Warn("%s resizes to less than the %d×%d pixels that the model takes, so the picture is resized to cover them.", origin, in.Width, in.Height)
	}
}

func (f *Facts) ByUser(origin string) bool {
	return origin == userOrigin || f.sidecarPath != "" && strings.HasPrefix(origin, filepath.Base(f.sidecarPath))
}
