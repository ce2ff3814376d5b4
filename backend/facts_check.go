package backend

import (
	"math"
	"path/filepath"
	"strings"
)

// preprocessField is one key of "preprocess" and how to move its value.
type preprocessField struct {
	keys []string // that belong together
	move func(dst *Preprocess, src Preprocess)
}

func preprocessFields() []preprocessField {
	return []preprocessField{
		{[]string{"color"}, func(d *Preprocess, s Preprocess) { d.Color = s.Color }},
		{[]string{"channels"}, func(d *Preprocess, s Preprocess) { d.Channels = s.Channels }},
		{[]string{"window", "range", "percentile", "depth"}, func(d *Preprocess, s Preprocess) { d.Intensity = s.Intensity }},
		{[]string{"resize"}, func(d *Preprocess, s Preprocess) { d.Resize = s.Resize }},
		{[]string{"scale"}, func(d *Preprocess, s Preprocess) { d.Scale = s.Scale }},
		{[]string{"clip"}, func(d *Preprocess, s Preprocess) { d.Clip = s.Clip }},
		{[]string{"mean"}, func(d *Preprocess, s Preprocess) { d.Mean = s.Mean }},
		{[]string{"std"}, func(d *Preprocess, s Preprocess) { d.Std = s.Std }},
	}
}

// said is the origin of the first of the keys that has one.
func (f *facts) said(keys []string) string {
	for _, key := range keys {
		if o := f.origin[key]; o != "" {
			return o
		}
	}
	return ""
}

// applyPreset fills in what the source that named the preset does not state
// itself; less trusted sources give way.
func (f *facts) applyPreset(in InputSpec) {
	if f.preset == "" {
		return
	}
	s, err := FindPreset(f.preset)
	if err != nil {
		return // refused where it was read
	}
	all := s.Preprocess(in)
	for _, field := range preprocessFields() {
		if by := f.said(field.keys); by == f.presetOrigin || by == userOrigin {
			continue
		}
		field.move(&f.pre, all)
		for _, key := range field.keys {
			f.origin[key] = f.presetOrigin + " (preset " + s.Name + ")"
		}
	}
}

// discard drops values of files beside the model that do not suit it, such as
// a mean of three values for a grey model. The user's own words stay, so that
// a mistake in them is an error.
func (f *facts) discard(in InputSpec) {
	for _, field := range preprocessFields() {
		origin := f.said(field.keys)
		if origin == "" || f.byUser(origin) {
			continue
		}
		one := Preprocess{Color: RGB, Resize: defaultResize(), Scale: [2]float64{1, 0}}
		if in.Channels == 1 {
			one.Color = Grey
		}
		if in.Channels != 1 && in.Channels != 3 {
			one.Channels = usualChannels(in.Channels, RGB)
		}
		field.move(&one, f.pre)
		err := one.Check(in.Channels)
		if err == nil {
			continue
		}
		field.move(&f.pre, Preprocess{})
		for _, key := range field.keys {
			delete(f.origin, key)
		}
		if !f.fitted(field.keys[0], one, in) {
			f.warn("A value of %s is not used: %v.", origin, err)
		}
	}
}

// settleScale drops a scale to small numbers from a file beside a model that
// takes whole ones: pixels would all become 0 or 1.
func (f *facts) settleScale(in InputSpec) {
	origin := f.origin["scale"]
	if origin == "" || f.byUser(origin) || in.Type.IsFloat() || f.pre.Intensity.set() || math.Abs(f.pre.Scale[0])*255 > bigNumber {
		return
	}
	f.warn("%s scales pixels to small numbers, but the model takes whole numbers (%v): raw pixels are given.", origin, in.Type)
	f.pre.Mean, f.pre.Std = nil, nil
	delete(f.origin, "scale")
	f.origin["mean"], f.origin["std"] = "graph: the input holds whole numbers", "graph: the input holds whole numbers"
}

// fitted makes up for values that files state for colour while the model is
// grey: that is common, and their meaning is clear.
func (f *facts) fitted(key string, one Preprocess, in InputSpec) bool {
	if in.Channels != 1 {
		return false
	}
	switch key {
	case "color":
		return one.Color == RGB || one.Color == BGR // one channel has no order
	}
	return false
}

// settleSize answers sizes that contradict the one that the file itself fixes.
// A crop that would not fill the model's input covers it instead.
func (f *facts) settleSize(in InputSpec) {
	if f.size != [2]int{} && !in.Dynamic && f.size != [2]int{in.Height, in.Width} {
		f.warn("%s says %d×%d pixels, but the model takes exactly %d×%d: these are used.", f.origin["size"], f.size[1], f.size[0], in.Width, in.Height)
	}
	r := &f.pre.Resize
	origin := f.origin["resize"]
	if origin == "" || f.byUser(origin) || r.Mode == Letterbox {
		return
	}
	short := r.Edge > 0 && r.Edge < max(in.Height, in.Width)
	if len(r.Size) == 2 && (r.Size[0] < in.Height || r.Size[1] < in.Width) {
		short = true
	}
	if short {
		r.Edge, r.Size = 0, nil
		f.warn("%s resizes to less than the %d×%d pixels that the model takes: the picture just covers them.", origin, in.Width, in.Height)
	}
}

func (f *facts) byUser(origin string) bool {
	return origin == userOrigin || f.sidecarPath != "" && strings.HasPrefix(origin, filepath.Base(f.sidecarPath))
}
