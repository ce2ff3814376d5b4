// Package opened is a model of package backend as the window uses it: it
// describes the model in words and passes corrections on to it.
package opened

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"strings"

	"picasso/backend"
	"picasso/ui/control"
)

// With is the [control.OpenFunc] of the program: models run by o, with the given
// options for all of them.
func With(o infer.Opener, all backend.ModelOptions) control.OpenFunc {
	return func(ctx context.Context, path string, opt control.OpenOptions, stage func(string)) (control.Model, error) {
		stage("reading the model")
		options := all
		options.Sidecar, options.Labels, options.Set = opt.Sidecar, opt.Labels, opt.Set
		m, err := backend.OpenModel(ctx, o, path, options)
		if err != nil {
			return nil, err
		}
		return model{m}, nil
	}
}

// model adds to a backend model what the window tells about it.
type model struct{ *backend.Model }

// About implements [control.Model].
func (m model) About() control.ModelInfo {
	_, h, w := m.Shape()
	info := control.ModelInfo{
		Path: m.Path, Name: filepath.Base(picture.Said(m.Path)), Provider: m.Provider(),
		Pass: float64(m.Timing().Microseconds()) / 1000, Labels: m.Labels, Warnings: m.Warnings,
	}
	p := m.Model.Preprocess
	info.Facts = []control.Fact{
		fact("Input", fmt.Sprintf("%s: %d×%d pixels, %s, %v", m.Input.Name, w, h, m.Input.Layout, m.Input.Type), ""),
		fact("Output", m.Output.Name+": "+meaning(m.Answer(), m.Output.Classes), m.Output.Origin),
		fact("Colour", p.Color, m.Origins["preprocess.color"]),
		fact("Resize", fmt.Sprintf("%v, %v", p.Resize.Mode, p.Resize.Filter), m.Origins["preprocess.resize"]),
		fact("Scale", fmt.Sprintf("x · %.6g + %.6g", p.Scale[0], p.Scale[1]), m.Origins["preprocess.scale"]),
		fact("Mean", numbers(p.Mean, 0), m.Origins["preprocess.mean"]),
		fact("Standard deviation", numbers(p.Std, 1), m.Origins["preprocess.std"]),
		fact("Labels", labels(m.Labels), m.Origins["labels"]),
	}
	return info
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

func labels(names []string) string {
	if len(names) == 0 {
		return "none; classes are shown by number"
	}
	return fmt.Sprintf("%d names", len(names))
}

var (
	_ control.Adjustable = model{}
	_ control.Describer  = model{}
	_ control.Regional   = model{}
)

// Preparation implements [control.Adjustable].
func (m model) Preparation() control.Preparation {
	return control.Preparation{Preprocess: m.Model.Preprocess, Activation: m.Output.Activation, Origins: maps.Clone(m.Origins)}
}

// Preset implements [control.Adjustable].
func (m model) Preset(name string) (preprocess.Preprocess, error) {
	p, err := preprocess.FindPreset(name)
	if err != nil {
		return preprocess.Preprocess{}, err
	}
	out, now := p.Preprocess(m.Input), m.Model.Preprocess
	out.Orientation, out.Modality, out.Fill = now.Orientation, now.Modality, now.Fill // no preset says them
	return out, nil
}

// Adjust implements [control.Adjustable].
func (m model) Adjust(p control.Preparation) error {
	if err := m.SetPreprocess(p.Preprocess); err != nil {
		return err
	}
	if p.Activation == m.Output.Activation {
		return nil
	}
	return m.SetActivation(p.Activation)
}

// SaveSidecar implements [control.Adjustable].
func (m model) SaveSidecar() (string, []string, error) {
	path := metadata.SidecarPath(m.Path)
	return path, m.Unsaved(path), m.Save(path)
}

func fact(name, value, origin string) control.Fact {
	return control.Fact{Name: name, Value: value, Origin: origin}
}
