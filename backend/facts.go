package backend

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/picture"
)

// facts are what the sources found out about how to use a model. The first
// source that knows a value has the say; origin remembers which it was.
type facts struct {
	file   *onnx.Model
	path   string
	input  string
	inputs map[string]givenInput // constants for the inputs that take no picture
	layout Layout
	output string
	size   [2]int // height, width
	pre    Preprocess
	// preset is the name of one that fills in what its source does not state.
	preset, presetOrigin string
	// What follows is the word of a source against what the graph says.
	kind        OutputKind
	activation  Activation
	box, skip   *int
	columns     *bool
	region      Region
	value, unit string
	references  []string
	labels      []labelList // candidates, best first
	origin      map[string]string
	warnings    []string
	sidecar     *Sidecar

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
	Find(f *facts) error
}

// Wishes are what the user says about a model. The zero value leaves
// everything to be found.
type Wishes struct {
	Sidecar    string   // path of the sidecar, "" for MODEL.picasso.json where it exists
	Labels     string   // path of a label file, "" for one beside the model
	InputName  string   // which input takes the picture, "" to find it
	OutputName string   // which output holds the classes, "" to find it
	Width      int      // of the picture, where the file leaves it open; 0 to find it
	Height     int      // as Width
	References []string // files that embeddings are compared with
	Inputs     []string // constants for other inputs as NAME=VALUE
	Set        []string // values of the sidecar as KEY=VALUE, which go before the file's
}

// gather asks the sources that need nothing but the file, in order of trust:
// the user, the sidecar, the given ones, label files beside the model.
func gather(file *onnx.Model, path string, opt Wishes, others []source) (*facts, error) {
	f := &facts{file: file, path: path, input: opt.InputName, output: opt.OutputName, origin: make(map[string]string)}
	if (opt.Height != 0 || opt.Width != 0) && !(sideOK(opt.Height) && sideOK(opt.Width)) {
		return nil, fmt.Errorf("%s: %w", userOrigin, &KeyError{Key: "size", Fault: fmt.Sprintf("%d×%d pixels are not possible; allowed: each side from 1 to %d", opt.Width, opt.Height, maxSide)})
	}
	f.setSize(opt.Height, opt.Width, userOrigin)
	if n := len(opt.References); n > maxReferences {
		return nil, fmt.Errorf("%d references are too many; give at most %d", n, maxReferences)
	}
	f.setReferences(opt.References, userOrigin)
	first := []source{labelFile{opt.Labels}, userInputs(opt.Inputs), overrides(opt.Set), sidecarFile{opt.Sidecar}}
	for _, s := range slices.Concat(first, others, []source{labelsBeside{}}) {
		if err := s.Find(f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// complete asks the sources that look at the opened model, down to the guess.
func (f *facts) complete(c *Card, file *onnx.Model) {
	f.applyPreset(c.Input)
	f.discard(c.Input)
	f.settleSize(c.Input)
	f.settleScale(c.Input)
	readStem(f, c.Input, file)
	guess(f, c)
	c.Warnings = append(c.Warnings, f.warnings...)
}

// guess fills in what nobody knew, and says so.
func guess(f *facts, c *Card) {
	const origin = "guess: nothing in or beside the file says it"
	if f.pre.windowed() && f.take("scale", "what a window, range, percentile or depth makes 0…1 needs no other scale") {
		f.pre.Scale = [2]float64{1, 0}
		f.pre.Channels = f.pre.allMapped()
	}
	guessColor(f, c.Input, origin)
	guessResize(f, c.Input, origin)
	if f.take("scale", origin) {
		guessScale(f, c)
	}
	f.take("mean", origin)
	f.take("std", origin)
}

// guessResize stretches pictures to the model's size. Grey models of which
// nothing is known are mostly relatives of MNIST; the first Picasso reduced
// pictures for its own by Lanczos.
func guessResize(f *facts, in InputSpec, origin string) {
	r := defaultResize()
	if in.Channels == 1 && f.origin["scale"] == "" {
		r.Filter = picture.Lanczos
	}
	f.setResize(r, origin)
}

func guessColor(f *facts, in InputSpec, origin string) {
	switch n := in.Channels; {
	case f.origin["channels"] != "":
		f.setColor(RGB, f.origin["channels"])
	case n == 1:
		f.setColor(Grey, "graph: the input has one channel")
	case n == 3:
		f.setColor(RGB, origin)
	default:
		f.setColor(RGB, origin)
		f.take("channels", origin)
		f.pre.Channels = usualChannels(n, f.pre.Color)
		f.warn("The model takes %d channels: %s are given. Set \"channels\" under \"preprocess\" in the sidecar for others.", n, listChannels(f.pre.Channels))
	}
}

func listChannels(list []Channel) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.String()
	}
	return strings.Join(names, ", ")
}

// imageNetClasses is the number of classes of the data set that most published
// classifiers were trained on.
const imageNetClasses = 1000

// guessScale divides by 255. A channels-first model of 1000 classes is most
// likely an ImageNet model out of PyTorch, where pictures are also normalised.
func guessScale(f *facts, c *Card) {
	f.pre.Scale = [2]float64{1.0 / 255, 0}
	_, mean := f.origin["mean"]
	_, std := f.origin["std"]
	what := "pixel values are divided by 255, nothing else"
	if c.Output.Classes == imageNetClasses && c.Input.Channels == 3 && c.Input.Layout == NCHW && !mean && !std {
		f.pre.Mean, f.pre.Std = imageNetMean(), imageNetStd()
		what = "1000 classes are taken for ImageNet as torchvision prepares it (÷255, then its mean and deviation)"
		f.origin["mean"] = "guess: 1000 classes look like ImageNet"
		f.origin["std"] = f.origin["mean"]
	}
	f.warn("How pictures must be prepared is a guess: %s. If the predictions look wrong, set the model's own preprocessing.", what)
}

// base is a path without its extension.
func base(path string) string { return path[:len(path)-len(filepath.Ext(path))] }
