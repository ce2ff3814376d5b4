package metadata

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"

	"picasso/backend/jsondoc"
	"picasso/backend/preprocess"
)

// PreprocessKeys are the keys of "preprocess" that a model's own values have.
var PreprocessKeys = []string{"color", "channels", "window", "range", "percentile", "depth", "resize", "scale", "clip", "mean", "std", "orientation", "modality", "fill"}

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
	for _, step := range []func(*Facts, string) error{s.applyOutput, s.applyPreprocess} {
		if err := step(f, origin); err != nil {
			return s.locate(err)
		}
	}
	if err := cmp.Or(s.applyPorts(f, path), s.applyReference(f, path)); err != nil {
		return s.locate(err)
	}
	return s.locate(s.applyLabels(f, path))
}

// read decodes a key that no source has stated before; false where there is none.
func (s *Sidecar) read(f *Facts, key string, into any, origin string) (bool, error) {
	n := s.root.At(key)
	if n == nil || !f.Take(key, origin) {
		return false, nil
	}
	if err := n.Decode(into); err != nil {
		return false, &preprocess.KeyError{Key: key, Fault: "cannot be read: " + err.Error()}
	}
	return true, nil
}

// applyPorts reads what concerns the model's inputs.
func (s *Sidecar) applyPorts(f *Facts, path string) error {
	origin := filepath.Base(path)
	var input, output string
	for _, k := range []struct {
		key  string
		into any
	}{{"input", &input}, {"output", &output}, {"size", &f.Size}, {"layout", &f.Layout}} {
		if _, err := s.read(f, k.key, k.into, origin); err != nil {
			return err
		}
	}
	if f.InputName == "" {
		f.InputName = input
	}
	if f.OutputName == "" {
		f.OutputName = output
	}
	if n := s.root.At("inputs"); n != nil {
		for _, name := range n.Keys {
			f.giveInput(name, GivenInput{Value: n.Fields[name], folder: filepath.Dir(path), origin: origin})
		}
	}
	return nil
}

// applyOutput reads what concerns the scores.
func (s *Sidecar) applyOutput(f *Facts, origin string) error {
	var region *jsondoc.Node
	if f.Origin["region"] == "" {
		region = s.root.At("region")
	}
	for _, k := range []struct {
		key  string
		into any
	}{
		{"kind", &f.kind}, {"activation", &f.activation}, {"box", &f.box}, {"skip", &f.skip},
		{"step", &f.step}, {"score", &f.scoreColumn}, {"class", &f.classColumn},
		{"columns", &f.columns}, {"value", &f.value}, {"unit", &f.unit},
	} {
		if _, err := s.read(f, k.key, k.into, origin); err != nil {
			return err
		}
	}
	if region == nil {
		return nil
	}
	f.Origin["region"] = origin
	return f.region.UnmarshalJSON(region.Raw)
}

// applyReference finds the files that embeddings are compared with. A sidecar
// names files beside it; the user may name any.
func (s *Sidecar) applyReference(f *Facts, path string) error {
	n := s.root.At("reference")
	if n == nil {
		return nil
	}
	var names []string
	if n.Kind == jsondoc.String {
		names = make([]string, 1)
		if err := n.Decode(&names[0]); err != nil {
			return &preprocess.KeyError{Key: "reference", Fault: "cannot be read: " + err.Error()}
		}
	} else if err := n.Decode(&names); err != nil {
		return &preprocess.KeyError{Key: "reference", Fault: "cannot be read: " + err.Error()}
	}
	origin := filepath.Base(path)
	for i, name := range names {
		switch {
		case filepath.IsLocal(name):
			names[i] = filepath.Join(filepath.Dir(path), name)
		case origin != userOrigin || !filepath.IsAbs(name):
			return &preprocess.KeyError{Key: "reference", Fault: fmt.Sprintf("%q must be the name of a file beside the sidecar", name)}
		}
	}
	f.setReferences(names, origin)
	return nil
}

func (s *Sidecar) applyLabels(f *Facts, path string) error {
	n := s.root.At("labels")
	if n == nil {
		return nil
	}
	if n.Kind == jsondoc.String {
		var file string
		if err := n.Decode(&file); err != nil {
			return err
		}
		if !filepath.IsLocal(file) {
			return &preprocess.KeyError{Key: "labels", Fault: fmt.Sprintf("%q must be the name of a file beside the sidecar", file)}
		}
		names, err := ReadLabels(filepath.Join(filepath.Dir(path), file))
		if err != nil {
			return &preprocess.KeyError{Key: "labels", Fault: err.Error()}
		}
		f.Labels = append(f.Labels, LabelList{Names: names, Origin: file + ", named by " + filepath.Base(path)})
		return nil
	}
	names, err := jsonLabels(n.Raw)
	if err == nil {
		names, err = CheckLabels(names)
	}
	if err != nil {
		return &preprocess.KeyError{Key: "labels", Fault: err.Error() + `; allowed: ["cat", "dog"], {"0": "cat"} or the name of a label file`}
	}
	f.Labels = append(f.Labels, LabelList{Names: names, Origin: filepath.Base(path)})
	return nil
}

func (s *Sidecar) applyPreprocess(f *Facts, origin string) error {
	pre := s.root.At("preprocess")
	resize := preprocess.DefaultResize()
	for _, k := range []struct {
		key  string
		into any
	}{
		{"preset", &f.preset}, {"color", &f.Pre.Color}, {"channels", &f.Pre.Channels}, {"window", &f.Pre.Window},
		{"range", &f.Pre.Range}, {"percentile", &f.Pre.Percentile}, {"depth", &f.Pre.Depth}, {"scale", &f.Pre.Scale},
		{"clip", &f.Pre.Clip}, {"mean", &f.Pre.Mean}, {"std", &f.Pre.Std},
		{"orientation", &f.Pre.Orientation}, {"modality", &f.Pre.Modality}, {"fill", &f.Pre.Fill},
	} {
		n := pre.At(k.key)
		if n == nil || !f.Take(k.key, origin) {
			continue
		}
		if err := json.Unmarshal(n.Raw, k.into); err != nil {
			return preprocess.NewKeyError(k.key, "cannot be read: "+err.Error())
		}
	}
	if n := pre.At("resize"); n != nil && f.Origin["resize"] == "" {
		if err := n.Decode(&resize); err != nil {
			return preprocess.NewKeyError("resize", "cannot be read: "+err.Error())
		}
		f.SetResize(resize, origin)
	}
	if f.preset != "" {
		if f.presetOrigin == "" {
			f.presetOrigin = origin
		}
		_, err := preprocess.FindPreset(f.preset)
		return err
	}
	return nil
}
