package backend

import (
	"fmt"
	"path/filepath"

	"picasso/backend/onnx"
	"picasso/backend/picture"
)

// facts are what the sources found out about how to use a model. The first
// source that knows a value has the say; origin remembers which it was.
type facts struct {
	file   *onnx.Model
	path   string
	input  string
	output string
	size   [2]int // height, width
	pre    Preprocess
	// activation and box are the user's word against what the graph says.
	activation Activation
	box        *int
	labels     []labelList // candidates, best first
	origin     map[string]string
	warnings   []string
	sidecar    *Sidecar

	sidecarPath string
}

// labelList is a list of labels from one place.
type labelList struct {
	names    []string
	origin   string
	explicit bool // the user named it: a wrong count is an error
}

// take reports whether nobody has said a value yet, and notes who does now.
func (f *facts) take(key, origin string) bool {
	if _, known := f.origin[key]; known {
		return false
	}
	f.origin[key] = origin
	return true
}

// source is one place where facts about a model may be found. A source that
// has nothing to say returns nil; one that cannot be read leaves a warning,
// or returns an error where the user asked for it by name.
type source interface {
	find(f *facts) error
}

// gather asks the sources that need nothing but the file, in order of trust.
func gather(m *Model, opt ModelOptions) (*facts, error) {
	f := &facts{file: m.File, path: m.Path, input: opt.InputName, output: opt.OutputName, origin: make(map[string]string)}
	for _, s := range []source{
		labelFile{opt.Labels},
		sidecarFile{opt.Sidecar},
		metadata{},
		labelsBeside{},
	} {
		if err := s.find(f); err != nil {
			return nil, err
		}
	}
	m.sidecar = f.sidecar
	return f, nil
}

// complete asks the sources that look at the opened model, down to the guess.
func complete(f *facts, m *Model) {
	readStem(f, m)
	guess(f, m)
	m.Warnings = append(m.Warnings, f.warnings...)
}

// bigNumber separates values meant for pixels 0…255 from those meant for 0…1.
const bigNumber = 16

// readStem learns the scale of the input from its type and first layers.
func readStem(f *facts, m *Model) {
	unit := [2]float64{1.0 / 255, 0}
	raw := [2]float64{1, 0}
	set := func(scale [2]float64, origin string) {
		if f.take("scale", "graph: "+origin) {
			f.pre.Scale = scale
		}
	}
	switch m.Input.Type {
	case onnx.Uint8:
		set(raw, "the input holds 8-bit pixels, 0…255")
	case onnx.Int8:
		set([2]float64{1, -128}, "the input holds signed 8-bit pixels, −128…127")
	case onnx.Uint16:
		set([2]float64{257, 0}, "the input holds 16-bit pixels, 0…65535")
	}
	if !m.Input.Type.IsFloat() {
		set(raw, "the input holds whole numbers: pixels 0…255 are taken")
		return
	}
	s := traceStem(m.File, m.Input.Name)
	switch {
	case s.divides >= bigNumber || s.subtracts >= bigNumber || s.multiplies > 0 && s.multiplies <= 1.0/bigNumber:
		set(raw, "the first layers normalise pixels 0…255 themselves")
	case s.subtracts > 0 && s.subtracts <= 2:
		set(unit, "the first layers normalise values 0…1 themselves")
	}
}

// guess fills in what nobody knew, and says so.
func guess(f *facts, m *Model) {
	const origin = "guess: nothing in or beside the file says it"
	if m.Input.Channels == 1 {
		if f.take("color", "graph: the input has one channel") {
			f.pre.Color = Grey
		}
	} else if f.take("color", origin) {
		f.pre.Color = RGB
	}
	if f.take("resize", origin) {
		f.pre.Resize = Resize{Mode: Stretch, Filter: picture.Bilinear}
	}
	if f.take("scale", origin) {
		guessScale(f, m)
	}
	f.take("mean", origin)
	f.take("std", origin)
}

// imageNetClasses is the number of classes of the data set that most published
// classifiers were trained on.
const imageNetClasses = 1000

// guessScale divides by 255. A channels-first model of 1000 classes is most
// likely an ImageNet model out of PyTorch, where pictures are also normalised.
func guessScale(f *facts, m *Model) {
	f.pre.Scale = [2]float64{1.0 / 255, 0}
	_, mean := f.origin["mean"]
	_, std := f.origin["std"]
	what := "pixel values are divided by 255, nothing else"
	if m.Output.Classes == imageNetClasses && m.Input.Channels == 3 && m.Input.Layout == NCHW && !mean && !std {
		f.pre.Mean, f.pre.Std = []float64{0.485, 0.456, 0.406}, []float64{0.229, 0.224, 0.225}
		what = "1000 classes are taken for ImageNet as torchvision prepares it (÷255, then its mean and deviation)"
		f.origin["mean"] = "guess: 1000 classes look like ImageNet"
		f.origin["std"] = f.origin["mean"]
	}
	f.warnings = append(f.warnings, "How pictures must be prepared is a guess: "+what+
		". If the predictions look wrong, set the model's own preprocessing.")
}

// applyOutput takes over activation and box from the sources.
func (m *Model) applyOutput(f *facts) error {
	if f.box != nil {
		m.Output.Box = *f.box
		m.say("box", f.origin["box"])
	}
	if f.activation != "" {
		m.setActivation(f.activation)
		m.say("activation", f.origin["activation"])
	}
	return nil
}

// chooseLabels takes the first list whose length is that of the classes.
func (m *Model) chooseLabels(f *facts) error {
	for _, l := range f.labels {
		names, err := fitLabels(l.names, m.Output)
		if err == nil {
			m.Labels = names
			m.say("labels", l.origin)
			return nil
		}
		if l.explicit {
			return fmt.Errorf("%s: %w", l.origin, err)
		}
		m.warn(fmt.Sprintf("The labels of %s are not used: %v.", l.origin, err))
	}
	m.say("labels", "none found")
	return nil
}

// fitLabels checks the number of labels. A binary model may have one label,
// that of "yes".
func fitLabels(names []string, out OutputSpec) ([]string, error) {
	n := out.Classes
	switch {
	case len(names) == n:
		return names, nil
	case out.Binary && len(names) == 1:
		return []string{"no " + names[0], names[0]}, nil
	case len(names) == n+1:
		return nil, fmt.Errorf("there are %d labels for %d classes; if the first is a background class, remove it", len(names), n)
	}
	return nil, fmt.Errorf("there are %d labels for %d classes; use the list the model was trained with", len(names), n)
}

// base is a path without its extension.
func base(path string) string { return path[:len(path)-len(filepath.Ext(path))] }
