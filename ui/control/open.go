package control

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
)

// Opened is the [OpenFunc] of the program: a model of package backend, run by
// o with the given options for all models.
func Opened(o infer.Opener, all backend.ModelOptions) OpenFunc {
	return func(ctx context.Context, path string, opt OpenOptions, stage func(string)) (Model, error) {
		stage("reading the model")
		options := all
		options.Sidecar, options.Labels, options.Set = opt.Sidecar, opt.Labels, opt.Set
		m, err := backend.OpenModel(ctx, o, path, options)
		if err != nil {
			return nil, err
		}
		return opened{m}, nil
	}
}

// opened adds to a backend model what the window tells about it.
type opened struct{ *backend.Model }

// About implements [Model].
func (m opened) About() ModelInfo {
	_, h, w := m.Shape()
	info := ModelInfo{
		Path: m.Path, Name: m.Name, Provider: m.Provider(),
		Pass: float64(m.Timing().Microseconds()) / 1000, Labels: m.Labels, Warnings: m.Warnings,
	}
	p := m.Model.Preprocess
	info.Facts = []Fact{
		{"Input", fmt.Sprintf("%s: %d×%d pixels, %s, %v", m.Input.Name, w, h, m.Input.Layout, m.Input.Type), ""},
		{"Output", m.Output.Name + ": " + m.Answer().meaning(m.Output.Classes), m.Output.Origin},
		{"Colour", p.Color, m.Origins["preprocess.color"]},
		{"Resize", fmt.Sprintf("%v, %v", p.Resize.Mode, p.Resize.Filter), m.Origins["preprocess.resize"]},
		{"Scale", fmt.Sprintf("x · %.6g + %.6g", p.Scale[0], p.Scale[1]), m.Origins["preprocess.scale"]},
		{"Mean", numbers(p.Mean, 0), m.Origins["preprocess.mean"]},
		{"Deviation", numbers(p.Std, 1), m.Origins["preprocess.std"]},
		{"Labels", labels(m.Labels), m.Origins["labels"]},
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
		return "none: classes are shown by number"
	}
	return fmt.Sprintf("%d names", len(names))
}

var _ Adjustable = opened{}

// Preparation implements [Adjustable].
func (m opened) Preparation() Preparation {
	return Preparation{m.Model.Preprocess, m.Output.Activation, maps.Clone(m.Origins)}
}

// Preset implements [Adjustable].
func (m opened) Preset(name string) (preprocess.Preprocess, error) {
	p, err := preprocess.FindPreset(name)
	if err != nil {
		return preprocess.Preprocess{}, err
	}
	return p.Preprocess(m.Input), nil
}

// Adjust implements [Adjustable].
func (m opened) Adjust(p Preparation) error {
	if err := m.SetPreprocess(p.Preprocess); err != nil {
		return err
	}
	if p.Activation == m.Output.Activation {
		return nil
	}
	return m.SetActivation(p.Activation)
}

// SaveSidecar implements [Adjustable].
func (m opened) SaveSidecar() (string, []string, error) {
	path := metadata.SidecarPath(m.Path)
	return path, m.Unsaved(path), m.Save(path)
}
