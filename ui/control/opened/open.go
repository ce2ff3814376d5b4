// Package opened is a model of package backend as the window uses it: it
// describes the model in words and passes corrections on to it.
package opened

import (
	"context"
	"fmt"
	"path/filepath"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"strings"

	"picasso/backend"
	"picasso/ui/control"
	"picasso/visualizers/trust/sanity"
)

// With is the [control.OpenFunc] of the program: models run by o, with the given
// options for all of them.
func With(o infer.Opener, all backend.ModelOptions) control.OpenFunc {
	return func(ctx context.Context, path string, opt control.OpenOptions, stage func(string)) (control.Model, error) {
		stage("reading the model")
		options := all
		options.Sidecar, options.Choices, options.PictureMemory = opt.Sidecar, opt.Choices, opt.PictureMemory
		m, err := backend.OpenModel(ctx, o, path, options)
		if err != nil {
			return nil, err
		}
		runtime := ""
		if v, ok := o.(interface{ Version() string }); ok {
			runtime = v.Version()
		}
		return model{m, runtime}, nil
	}
}

// model adds to a backend model what the window tells about it.
type model struct {
	*backend.Model
	runtime string // its version, "" where it is not known
}

// Weights implements [control.Shufflable].
func (m model) Weights() sanity.Model { return sanity.Of(m.Model) }

// About implements [control.Model].
func (m model) About() control.ModelInfo {
	card := m.Known()
	s := metadata.Summarize(m.File, &card)
	p, said := s.Preprocessing, func(key string) string { return s.Origins["preprocess."+key] }
	return control.ModelInfo{
		Path: m.Path, Name: filepath.Base(picture.Said(m.Path)), Provider: m.Provider(),
		SHA256: m.SHA256, Runtime: m.runtime,
		Pass: float64(m.Timing().Microseconds()) / 1000, Labels: card.Labels, Warnings: s.Warnings,
		Facts: []control.Fact{
			fact("Input", fmt.Sprintf("%s: %d×%d pixels, %s, %s", s.Image.Name, s.Image.Width, s.Image.Height, s.Image.Layout, s.Image.Type), ""),
			fact("Output", s.Score.Output+": "+s.Score.Meaning(), s.Score.Origin),
			fact("Colour", p.Color, said("color")),
			fact("Resize", fmt.Sprintf("%v, %v", p.Resize.Mode, p.Resize.Filter), said("resize")),
			fact("Scale", fmt.Sprintf("x · %.6g + %.6g", p.Scale[0], p.Scale[1]), said("scale")),
			fact("Mean", numbers(p.Mean, 0), said("mean")),
			fact("Standard deviation", numbers(p.Std, 1), said("std")),
			fact("Labels", labels(s.Labels), s.Origins["labels"]),
		},
	}
}

func numbers(x []float64, none float64) string {
	if len(x) == 0 {
		return fmt.Sprintf("%g", none)
	}
	text := make([]string, len(x))
	for i, v := range x {
		text[i] = fmt.Sprintf("%.4g", v)
	}
	return strings.Join(text, ", ")
}

func labels(count int) string {
	if count == 0 {
		return "none; classes are shown by number"
	}
	return fmt.Sprintf("%d names", count)
}

var (
	_ control.Adjustable  = model{}
	_ control.Describer   = model{}
	_ control.Ported      = model{}
	_ control.Foresighted = model{}
)

// Card implements [control.Adjustable].
func (m model) Card() metadata.Card { return m.Known() }

// Ports implements [control.Ported].
func (m model) Ports() (inputs, outputs []string) {
	for _, v := range m.File.Graph.Feeds() {
		inputs = append(inputs, v.Name)
	}
	for _, n := range m.Constants {
		inputs = append(inputs, n.Name)
	}
	for _, v := range m.File.Graph.Outputs {
		outputs = append(outputs, v.Name)
	}
	return inputs, outputs
}

// SaveSidecar implements [control.Adjustable].
func (m model) SaveSidecar() (string, []string, error) {
	path := metadata.SidecarPath(m.Path)
	return path, m.Unsaved(path), m.Save(path)
}

func fact(name, value, origin string) control.Fact {
	return control.Fact{Name: name, Value: value, Origin: origin}
}
