package metadata

import (
	"encoding/json"
	"path/filepath"

	"picasso/backend/jsondoc"
	"picasso/backend/labelfile"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// PreprocessKeys are the keys of "preprocess" that a model's own values have.
var PreprocessKeys = []string{"color", "channels", "window", "range", "percentile", "depth", "standard", "nonzero", "resize", "scale", "clip", "mean", "std", "orientation", "modality", "fill", "volume"}

// apply takes over every key that is there. The schema has been checked.
func (s *Sidecar) apply(f *Facts, path string) error {
	origin := filepath.Base(path)
	const named = 10 // of keys that may be typing mistakes
	unknown := s.unknown()
	for _, p := range unknown[:min(len(unknown), named)] {
		f.Warn("%s, line %d: the key %.100q %s.", origin, p.Line, p.Path, p.Fault)
	}
	if more := len(unknown) - named; more > 0 {
		f.Warn("%s: %d more keys are not known and have no effect, the first of them %.100q.", origin, more, unknown[named].Path)
	}
	c, err := s.choices()
	if err == nil {
		err = c.apply(f, origin, filepath.Dir(path))
	}
	return s.locate(err)
}

// choices are what the sidecar says.
func (s *Sidecar) choices() (Choices, error) {
	var c Choices
	for _, k := range []struct {
		key  string
		into any
	}{
		{"input", &c.Input}, {"output", &c.Output}, {"layout", &c.Layout},
		{"kind", &c.Kind}, {"activation", &c.Activation}, {"box", &c.Box}, {"skip", &c.Skip},
		{"columns", &c.Columns}, {"value", &c.Value}, {"unit", &c.Unit},
		{"step", &c.Step}, {"score", &c.ScoreColumn}, {"class", &c.ClassColumn},
	} {
		if n := s.root.At(k.key); n != nil && n.Decode(k.into) != nil {
			return c, badKey(k.key, n.Decode(k.into))
		}
	}
	if err := s.readSize(&c); err != nil {
		return c, err
	}
	if n := s.root.At("region"); n != nil {
		c.Region = new(score.Region)
		if err := c.Region.UnmarshalJSON(n.Raw); err != nil {
			return c, err
		}
	}
	if n := s.root.At("inputs"); n != nil {
		c.Inputs = make(map[string]GivenInput, len(n.Keys))
		for _, name := range n.Keys {
			c.Inputs[name] = GivenInput{Value: n.Fields[name]}
		}
	}
	for _, step := range []func(*Choices) error{s.readReference, s.readLabels, s.readPreprocess} {
		if err := step(&c); err != nil {
			return c, err
		}
	}
	return c, nil
}

func badKey(key string, err error) error {
	return &preprocess.KeyError{Key: key, Fault: "cannot be read: " + err.Error()}
}

// readSize reads height and width, and before them the depth of volumes.
func (s *Sidecar) readSize(c *Choices) error {
	var sides []int
	n := s.root.At("size")
	if n == nil {
		return nil
	}
	if err := n.Decode(&sides); err != nil || len(sides) < 2 || len(sides) > 3 {
		return &preprocess.KeyError{Key: "size", Fault: "must be [height, width], or [depth, height, width] for volumes"}
	}
	if len(sides) == 3 {
		c.Depth, sides = sides[0], sides[1:]
	}
	c.Size = [2]int(sides)
	return nil
}

// readReference reads one name or a list of names.
func (s *Sidecar) readReference(c *Choices) error {
	n := s.root.At("reference")
	if n == nil {
		return nil
	}
	var err error
	if n.Kind == jsondoc.String {
		c.References = make([]string, 1)
		err = n.Decode(&c.References[0])
	} else {
		err = n.Decode(&c.References)
	}
	if err != nil {
		return badKey("reference", err)
	}
	return nil
}

// readLabels reads names, or the name of the file that holds them.
func (s *Sidecar) readLabels(c *Choices) error {
	n := s.root.At("labels")
	if n == nil {
		return nil
	}
	if n.Kind == jsondoc.String {
		return n.Decode(&c.LabelFile)
	}
	names, err := labelfile.FromJSON(n.Raw)
	if err != nil {
		return &preprocess.KeyError{Key: "labels", Fault: err.Error() + allowedLabels}
	}
	c.Labels = names
	return nil
}

func (s *Sidecar) readPreprocess(c *Choices) error {
	pre := s.root.At("preprocess")
	p := &c.Preprocess
	p.Resize = preprocess.DefaultResize()
	for _, k := range []struct {
		key  string
		into any
	}{
		{"color", &p.Color}, {"channels", &p.Channels}, {"window", &p.Window}, {"range", &p.Range},
		{"percentile", &p.Percentile}, {"depth", &p.Depth}, {"standard", &p.Standard}, {"nonzero", &p.NonZero}, {"resize", &p.Resize}, {"scale", &p.Scale},
		{"clip", &p.Clip}, {"mean", &p.Mean}, {"std", &p.Std},
		{"orientation", &p.Orientation}, {"modality", &p.Modality}, {"fill", &p.Fill}, {"volume", &p.Volume},
	} {
		n := pre.At(k.key)
		if n == nil {
			continue
		}
		if err := json.Unmarshal(n.Raw, k.into); err != nil {
			return preprocess.NewKeyError(k.key, "cannot be read: "+err.Error())
		}
		c.Stated = append(c.Stated, k.key)
	}
	if n := pre.At("preset"); n != nil {
		if err := n.Decode(&c.Preset); err != nil {
			return preprocess.NewKeyError("preset", "cannot be read: "+err.Error())
		}
	}
	return nil
}
