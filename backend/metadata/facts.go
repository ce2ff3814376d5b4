package metadata

import (
	"path/filepath"
	"slices"

	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Facts are what the sources found out about how to use a model. The first
// source that knows a value decides; origin remembers which it was.
type Facts struct {
	File       *onnx.Model
	path       string
	InputName  string
	Inputs     map[string]GivenInput // constants for the inputs that take no picture
	Layout     preprocess.Layout
	OutputName string
	Size       [2]int // height, width
	Depth      int    // slices of a volume, 0 where nobody says
	Pre        preprocess.Preprocess
	// preset is the name of one that fills in what its source does not state.
	preset, presetOrigin string
	// What follows is the word of a source against what the graph says.
	kind       score.OutputKind
	activation score.Activation
	box, skip  *int
	step       *int
	// Numbers of a selected box, from 0.
	scoreColumn, classColumn *int
	columns                  *bool
	region                   score.Region
	value, unit              string
	references               []string
	Labels                   []LabelList // candidates, best first
	Origin                   map[string]string
	warnings                 Warnings
	Sidecar                  *Sidecar

	sidecarPath string
}

// LabelList is a list of labels from one place.
type LabelList struct {
	Names    []string
	Origin   string
	explicit bool // the user named it: a wrong count is an error
}

// Take reports whether no source has stated the value yet, and notes who does now.
func (f *Facts) Take(key, origin string) bool {
	if _, known := f.Origin[key]; known {
		return false
	}
	f.Origin[key] = origin
	return true
}

// Source is one place where facts about a model may be found. A source that
// has nothing to say returns nil; one that cannot be read leaves a warning,
// or returns an error where the user asked for it by name.
type Source interface {
	Find(f *Facts) error
}

// Wishes are what the user says about a model. The zero value leaves
// everything to be found.
type Wishes struct {
	Sidecar string // path of the sidecar, "" for MODEL.picasso.json where it exists
	Choices Choices
}

// Find asks the sources that need nothing but the file, in order of trust:
// the user, the sidecar, the given ones, label files beside the model.
func Find(file *onnx.Model, path string, opt Wishes, others []Source) (*Facts, error) {
	f := &Facts{File: file, path: path, Origin: make(map[string]string)}
	first := []Source{usersChoices{opt.Choices}, sidecarFile{opt.Sidecar}}
	for _, s := range slices.Concat(first, others, []Source{labelsBeside{}}) {
		if err := s.Find(f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Complete asks the sources that look at the opened model, down to the guess.
func (f *Facts) Complete(c *Card, file *onnx.Model) {
	f.applyPreset(c.Input)
	f.discard(c.Input)
	f.settleSize(c.Input)
	f.settleScale(c.Input)
	scaleByFirstLayers(f, c.Input, file)
	guess(f, c)
	c.Warnings = append(c.Warnings, f.warnings...)
}

// guess fills in what no source states, and says so.
func guess(f *Facts, c *Card) {
	const origin = "guess: nothing in the file or beside it states this"
	if f.Pre.Windowed() && f.Take("scale", "after a window, range, percentile, depth or standard, values are already in the units of the model") {
		f.Pre.Scale = [2]float64{1, 0}
		f.Pre.Channels = f.Pre.AllMapped()
	}
	guessColor(f, c.Input, origin)
	guessResize(f, c.Input, origin)
	if f.Take("scale", origin) {
		guessScale(f, c)
	}
	f.Take("mean", origin)
	f.Take("std", origin)
}

// guessResize stretches pictures to the model's size. Grey models of which
// nothing is known are mostly relatives of MNIST; the first Picasso reduced
// pictures for its own by Lanczos.
func guessResize(f *Facts, in preprocess.Input, origin string) {
	r := preprocess.DefaultResize()
	if in.Depth > 0 { // not used
		f.SetResize(r, "volumes are cut to the size of the model, not stretched")
		return
	}
	if in.Channels == 1 && f.Origin["scale"] == "" {
		r.Filter = picture.Lanczos
	}
	f.SetResize(r, origin)
}

func guessColor(f *Facts, in preprocess.Input, origin string) {
	switch n := in.Channels; {
	case f.Origin["channels"] != "":
		f.SetColor(preprocess.RGB, f.Origin["channels"])
	case n == 1:
		f.SetColor(preprocess.Grey, "graph: the input has one channel")
	case in.Depth > 0:
		f.SetColor(preprocess.RGB, "graph: the channels of a volume are no colours")
	case n == 3:
		f.SetColor(preprocess.RGB, origin)
	case n != 4:
		f.SetColor(preprocess.RGB, origin)
		f.Warn("The model takes %d channels; pictures have 1 (grey), 3 (colour) or 4 (with alpha). An .npy array of the model's input can be given as it is, and so can a file of as many volumes. For pictures, state in %s what each channel gets: {\"preprocess\": {\"channels\": [{\"source\": \"grey\"}, …]}}, %d entries.",
			n, filepath.Base(SidecarPath(f.path)), n)
	default:
		f.SetColor(preprocess.RGB, origin)
		f.Take("channels", origin)
		f.Pre.Channels = preprocess.UsualChannels(n, f.Pre.Color)
		f.guess("The model takes %d channels and gets %s. To change this, set \"channels\" under \"preprocess\" in the sidecar.", n, preprocess.ListChannels(f.Pre.Channels))
	}
}

// imageNetClasses is the number of classes of the data set that most published
// classifiers were trained on.
const imageNetClasses = 1000

// guessScale divides by 255. A channels-first model of 1000 classes is most
// likely an ImageNet model out of PyTorch, where pictures are also normalised.
func guessScale(f *Facts, c *Card) {
	if c.Input.Depth > 0 {
		f.Pre.Scale = [2]float64{1, 0}
		f.guess("The preprocessing is a guess: the values of volumes reach the model as they are, at the spacing of the file. State window, range or standard, and the spacing, under \"preprocess\" in the sidecar.")
		return
	}
	f.Pre.Scale = [2]float64{1.0 / 255, 0}
	_, mean := f.Origin["mean"]
	_, std := f.Origin["std"]
	what := "pixel values are only divided by 255"
	if c.Output.Classes == imageNetClasses && c.Input.Channels == 3 && c.Input.Layout == preprocess.NCHW && !mean && !std {
		f.Pre.Mean, f.Pre.Std = preprocess.ImageNetMean(), preprocess.ImageNetStd()
		what = "a model with 1000 classes is assumed to use ImageNet preprocessing as in torchvision (÷255, then mean and standard deviation)"
		f.Origin["mean"] = "guess: 1000 classes look like ImageNet"
		f.Origin["std"] = f.Origin["mean"]
	}
	f.guess("The preprocessing is a guess: %s. If the predictions look wrong, correct it.", what)
}

// base is a path without its extension.
func base(path string) string { return path[:len(path)-len(filepath.Ext(path))] }

// SetIntensity maps raw values by an intensity and then to low…high.
func (f *Facts) SetIntensity(i preprocess.Intensity, low, high float64, clip bool, origin string) {
	for _, key := range []string{"window", "range", "percentile", "depth", "standard", "scale"} {
		if f.Origin[key] != "" {
			return
		}
	}
	key := "range"
	switch {
	case i.Percentile != nil:
		key = "percentile"
	case i.Standard:
		key = "standard"
	}
	f.Take(key, origin)
	if i.NonZero {
		f.Take("nonzero", origin)
	}
	f.Pre.Intensity = i
	f.SetScale([2]float64{high - low, low}, origin)
	if clip && f.Take("clip", origin) {
		f.Pre.Clip = []float64{min(low, high), max(low, high)}
	}
}
