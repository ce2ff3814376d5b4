package script

import (
	"fmt"
	"slices"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/script/wire"
)

// Script is a visualization that a Starlark file declares. It is a value
// without state: every run starts a sandbox of its own.
type Script struct {
	name, text string
	host       *Host
	info       visualizers.Info
	needs      []string
	returns    []string
	settings   []visualizers.Setting
}

var (
	_ visualizers.Visualizer = (*Script)(nil)
	_ visualizers.Requirer   = (*Script)(nil)
	_ visualizers.Versioned  = (*Script)(nil)
)

// Name is the base name of the file, Text what it says.
func (s *Script) Name() string { return s.name }

// Text is the script itself.
func (s *Script) Text() string { return s.text }

// Version is that of the text.
func (s *Script) Version() string { return Fingerprint(s.text) }

// Returns lists the kinds of results: map, image, table, text.
func (s *Script) Returns() []string { return slices.Clone(s.returns) }

// Info is what the script declares.
func (s *Script) Info() visualizers.Info { return s.info }

// Settings are those the script declares.
func (s *Script) Settings() []visualizers.Setting { return s.settings }

// Require says what the model lacks of what the script needs.
func (s *Script) Require(m visualizers.Subject) error {
	if slices.Contains(s.needs, wire.NeedLogits) && !m.HasLogits() {
		return visualizers.ErrNoLogits
	}
	layers, gradients := slices.Contains(s.needs, wire.NeedLayers), slices.Contains(s.needs, wire.NeedGradients)
	if layers {
		if err := visualizers.RequireLayers(m); err != nil {
			return err
		}
	}
	if layers && gradients {
		return visualizers.RequireLayerGradient(m)
	}
	if gradients {
		return visualizers.RequireGradient(m)
	}
	return nil
}

// adopt takes over a declaration, if it is complete and within bounds.
func (s *Script) adopt(d *wire.Declaration) error {
	if err := s.check(d); err != nil {
		return &Error{File: s.name, Message: err.Error()}
	}
	s.info = visualizers.Info{ID: d.ID, Title: d.Title, About: d.About, Link: d.Link, Group: visualizers.Yours, Order: d.Order, Volumes: d.Volumes}
	if !d.Volumes {
		s.info.Flat = "its script does not declare visualizer(…, volumes=True)"
	}
	if d.Logit {
		s.info.Score = score.Logit
	}
	s.needs, s.returns = d.Needs, d.Returns
	for _, w := range d.Settings {
		set, err := setting(w)
		if err != nil {
			return &Error{File: s.name, Message: err.Error()}
		}
		s.settings = append(s.settings, set)
	}
	if err := visualizers.Check([]visualizers.Visualizer{s}); err != nil {
		return &Error{File: s.name, Message: err.Error()}
	}
	return nil
}

// setting makes a declared setting one of the program's own.
func setting(w wire.Setting) (visualizers.Setting, error) {
	f := visualizers.Field{ID: w.Key, Title: w.Title, Doc: w.Doc, Unit: w.Unit}
	switch w.Kind {
	case wire.SettingInt:
		return visualizers.Int{Field: f, Min: int(w.Min), Max: int(w.Max), Step: max(1, int(w.Step)), Default: int(w.Number)}, nil
	case wire.SettingFloat:
		return visualizers.Float{Field: f, Min: w.Min, Max: w.Max, Step: w.Step, Default: w.Number}, nil
	case wire.SettingChoice:
		return visualizers.Choice{Field: f, Options: w.Options, Default: w.Word}, nil
	case wire.SettingToggle:
		return visualizers.Toggle{Field: f, Default: w.On}, nil
	case wire.SettingExtent:
		return visualizers.Extent{Field: f, Share: w.Number}, nil
	case wire.SettingLayer:
		return visualizers.LayerChoice(f), nil
	}
	return nil, fmt.Errorf("setting %q has the unknown kind %q", w.Key, w.Kind)
}

// chosen turns a setting's value into what the script gets.
func chosen(set visualizers.Setting, in visualizers.Input) any {
	_, height, width := in.Subject.Shape()
	depth := visualizers.DepthOf(in.Subject)
	height /= max(depth, 1)
	switch set := set.(type) {
	case visualizers.Int:
		return float64(set.In(in.Values))
	case visualizers.Float:
		return set.In(in.Values)
	case visualizers.Toggle:
		return set.In(in.Values)
	case visualizers.Extent:
		if depth > 0 {
			p := set.InVolume(in.Values, [3]int{depth, height, width})
			return []int{min(p[0], depth), min(p[1], height), min(p[2], width)}
		}
		p := set.In(in.Values, width, height)
		return []int{min(p.Y, height), min(p.X, width)}
	case visualizers.Choice:
		word := set.In(in.Values)
		if l, ok := in.Subject.(visualizers.Layered); ok && set.From != nil && word == "last" {
			return l.LastLayer()
		}
		return word
	}
	return nil
}
