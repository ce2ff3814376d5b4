package metadata

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"picasso/backend/labelfile"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Choices are what somebody says about the use of a model: the user, or a
// sidecar. They go before whatever is found in and beside the file. The zero
// value says nothing: everything is found.
//
// A sidecar and the command line write choices as text, which
// [ParseChoices] reads; the window makes the same values without any text.
type Choices struct {
	Input  string            // name of the input that takes the picture
	Layout preprocess.Layout // of that input
	Size   [2]int            // its height and width, where the model leaves them open
	Depth  int               // slices of its volumes, said together with Size; 0 for pictures
	Inputs map[string]GivenInput
	Output string // name of the output that is explained

	Kind       score.OutputKind
	Activation score.Activation
	Box        *int // of a detection; −1 is the best one
	Skip       *int // numbers before the class scores of a box
	Step       *int // of a sequence; −1 is the best one
	// ScoreColumn and ClassColumn are numbers of a selected box, from 0.
	ScoreColumn, ClassColumn *int
	Columns                  *bool
	Region                   *score.Region // of a segmentation
	Value                    *string       // name of a regression's value
	Unit                     *string
	// References are files that embeddings are compared with. An empty list
	// that is not nil says that there are none.
	References []string

	Labels    []string // names of the classes
	LabelFile string   // or the path of the file that holds them

	Preset string // name of one of [preprocess.Presets]
	// Preprocess holds what Stated names, keys of [PreprocessKeys].
	Preprocess preprocess.Preprocess
	Stated     []string
}

// Merge lets newer choices replace these. A newer constant that is the zero
// value takes the former one back.
func (c Choices) Merge(newer Choices) Choices {
	out := c
	out.Input, out.Output = cmp.Or(newer.Input, c.Input), cmp.Or(newer.Output, c.Output)
	out.Layout, out.Kind, out.Activation = cmp.Or(newer.Layout, c.Layout), cmp.Or(newer.Kind, c.Kind), cmp.Or(newer.Activation, c.Activation)
	if newer.Size != [2]int{} {
		out.Size, out.Depth = newer.Size, newer.Depth
	}
	out.Box, out.Skip, out.Columns, out.Region = cmp.Or(newer.Box, c.Box), cmp.Or(newer.Skip, c.Skip), cmp.Or(newer.Columns, c.Columns), cmp.Or(newer.Region, c.Region)
	out.Step, out.ScoreColumn, out.ClassColumn = cmp.Or(newer.Step, c.Step), cmp.Or(newer.ScoreColumn, c.ScoreColumn), cmp.Or(newer.ClassColumn, c.ClassColumn)
	out.Value, out.Unit = cmp.Or(newer.Value, c.Value), cmp.Or(newer.Unit, c.Unit)
	if newer.References != nil {
		out.References = newer.References
	}
	if newer.Labels != nil || newer.LabelFile != "" {
		out.Labels, out.LabelFile = newer.Labels, newer.LabelFile
	}
	out.Preset = cmp.Or(newer.Preset, c.Preset)
	out.Stated = slices.Concat(c.Stated, newer.Stated)
	for _, key := range newer.Stated {
		moveKey(key, &out.Preprocess, newer.Preprocess)
	}
	out.Inputs = maps.Clone(c.Inputs)
	for name, given := range newer.Inputs {
		if out.Inputs == nil {
			out.Inputs = make(map[string]GivenInput)
		}
		if out.Inputs[name] = given; given.Value == nil {
			delete(out.Inputs, name)
		}
	}
	return out
}

// NeedSession reports choices that an open model cannot take over: it has to be
// opened with them. [Card.With] takes over the others.
func (c Choices) NeedSession() bool {
	return c.Input != "" || c.Layout != "" || c.Size != [2]int{} || c.Inputs != nil || c.Output != "" || c.Kind != "" ||
		c.Skip != nil || c.ScoreColumn != nil || c.ClassColumn != nil || c.Columns != nil || c.Value != nil || c.Unit != nil || c.References != nil
}

// usersChoices are what the user says before the model is opened.
type usersChoices struct{ Choices }

func (c usersChoices) Find(f *Facts) error {
	err := c.apply(f, userOrigin, filepath.Dir(f.path))
	var file *labelfile.Error
	if err != nil && !errors.As(err, &file) { // which names its place itself
		return fmt.Errorf("%s: %w", userOrigin, err)
	}
	return err
}

// apply takes over what is said and nobody has said before. Names of files
// start from folder; those of the user may be any.
func (c Choices) apply(f *Facts, origin, folder string) error {
	if err := cmp.Or(c.applyPreprocess(f, origin), c.applyInput(f, origin, folder)); err != nil {
		return err
	}
	c.applyOutput(f, origin)
	return cmp.Or(c.applyReferences(f, origin, folder), c.applyLabels(f, origin, folder))
}

func (c Choices) applyInput(f *Facts, origin, folder string) error {
	if c.Input != "" && f.Take("input", origin) {
		f.InputName = c.Input
	}
	if c.Layout != "" && f.Take("layout", origin) {
		f.Layout = c.Layout
	}
	if h, w := c.Size[0], c.Size[1]; h != 0 || w != 0 {
		if !preprocess.SideOK(h) || !preprocess.SideOK(w) {
			return &preprocess.KeyError{Key: "size", Fault: fmt.Sprintf("%d×%d pixels are not possible; allowed: each side from 1 to %d", w, h, preprocess.MaxSide)}
		}
		if c.Depth != 0 && !preprocess.SideOK(c.Depth) {
			return &preprocess.KeyError{Key: "size", Fault: fmt.Sprintf("%d slices are not possible; allowed: from 1 to %d", c.Depth, preprocess.MaxSide)}
		}
		f.SetVolumeSize(c.Depth, h, w, origin)
		f.SetSize(h, w, origin)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Inputs)) {
		given := c.Inputs[name]
		if given.Value == nil {
			continue
		}
		given.folder, given.origin = cmp.Or(given.folder, folder), origin
		f.giveInput(name, given)
	}
	return nil
}

func (c Choices) applyOutput(f *Facts, origin string) {
	if c.Output != "" && f.Take("output", origin) {
		f.OutputName = c.Output
	}
	if c.Kind != "" && f.Take("kind", origin) {
		f.kind = c.Kind
	}
	if c.Activation != "" && f.Take("activation", origin) {
		f.activation = c.Activation
	}
	if c.Box != nil && f.Take("box", origin) {
		f.box = c.Box
	}
	if c.Skip != nil && f.Take("skip", origin) {
		f.skip = c.Skip
	}
	if c.Step != nil && f.Take("step", origin) {
		f.step = c.Step
	}
	if c.ScoreColumn != nil && f.Take("score", origin) {
		f.scoreColumn = c.ScoreColumn
	}
	if c.ClassColumn != nil && f.Take("class", origin) {
		f.classColumn = c.ClassColumn
	}
	if c.Columns != nil && f.Take("columns", origin) {
		f.columns = c.Columns
	}
	if c.Region != nil && f.Take("region", origin) {
		f.region = *c.Region
	}
	if c.Value != nil && f.Take("value", origin) {
		f.value = *c.Value
	}
	if c.Unit != nil && f.Take("unit", origin) {
		f.unit = *c.Unit
	}
}

// applyReferences finds the files that embeddings are compared with.
func (c Choices) applyReferences(f *Facts, origin, folder string) error {
	if n := len(c.References); n > maxReferences {
		return &preprocess.KeyError{Key: "reference", Fault: fmt.Sprintf("%d references are too many; give at most %d", n, maxReferences)}
	}
	paths := slices.Clone(c.References)
	for i, name := range paths {
		switch {
		case filepath.IsLocal(name):
			paths[i] = filepath.Join(folder, name)
		case origin != userOrigin || !filepath.IsAbs(name):
			return &preprocess.KeyError{Key: "reference", Fault: fmt.Sprintf("%q must be the name of a file beside the sidecar", name)}
		}
	}
	if paths != nil && f.Take("reference", origin) {
		f.references = paths
	}
	return nil
}

func (c Choices) applyLabels(f *Facts, origin, folder string) error {
	switch {
	case c.Labels != nil:
		names, err := labelfile.Check(slices.Clone(c.Labels))
		if err != nil {
			return &preprocess.KeyError{Key: "labels", Fault: err.Error() + allowedLabels}
		}
		f.Labels = append(f.Labels, LabelList{Names: names, Origin: origin})
	case c.LabelFile != "" && origin == userOrigin:
		path := c.LabelFile
		if !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
		names, err := labelfile.Read(path)
		if err != nil {
			return err
		}
		f.Labels = append(f.Labels, LabelList{names, filepath.Base(path), true})
	case c.LabelFile != "":
		if !filepath.IsLocal(c.LabelFile) {
			return &preprocess.KeyError{Key: "labels", Fault: fmt.Sprintf("%q must be the name of a file beside the sidecar", c.LabelFile)}
		}
		names, err := labelfile.Read(filepath.Join(folder, c.LabelFile))
		if err != nil {
			return &preprocess.KeyError{Key: "labels", Fault: err.Error()}
		}
		f.Labels = append(f.Labels, LabelList{Names: names, Origin: c.LabelFile + ", named by " + origin})
	}
	return nil
}

const allowedLabels = `; allowed: ["cat", "dog"], {"0": "cat"} or the name of a label file`

func (c Choices) applyPreprocess(f *Facts, origin string) error {
	for _, key := range c.Stated {
		if f.Take(key, origin) {
			moveKey(key, &f.Pre, c.Preprocess)
		}
	}
	if c.Preset == "" || !f.Take("preset", origin) {
		return nil
	}
	f.preset, f.presetOrigin = c.Preset, origin
	_, err := preprocess.FindPreset(c.Preset)
	return err
}

// moveKey copies the value of one of [PreprocessKeys].
func moveKey(key string, dst *preprocess.Preprocess, src preprocess.Preprocess) {
	switch key {
	case "color":
		dst.Color = src.Color
	case "channels":
		dst.Channels = src.Channels
	case "window":
		dst.Window = src.Window
	case "range":
		dst.Range = src.Range
	case "percentile":
		dst.Percentile = src.Percentile
	case "depth":
		dst.Depth = src.Depth
	case "resize":
		dst.Resize = src.Resize
	case "scale":
		dst.Scale = src.Scale
	case "clip":
		dst.Clip = src.Clip
	case "mean":
		dst.Mean = src.Mean
	case "std":
		dst.Std = src.Std
	case "orientation":
		dst.Orientation = src.Orientation
	case "modality":
		dst.Modality = src.Modality
	case "fill":
		dst.Fill = src.Fill
	case "standard":
		dst.Standard = src.Standard
	case "nonzero":
		dst.NonZero = src.NonZero
	case "volume":
		dst.Volume = src.Volume
	}
}
