package backend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Sidecar is the file MODEL.picasso.json beside a model: what the user, or the
// maker of the model, wrote down about its use. Every key may be missing. Keys
// that the program does not know are kept when it is saved.
//
//	{
//	  "input": "data",                  name of the picture input
//	  "size": [224, 224],               height and width, where the file leaves them open
//	  "output": "prob",                 name of the class output
//	  "activation": "softmax",          "softmax", "sigmoid" or "none"
//	  "box": 19,                        detection: the box whose classes are scored
//	  "labels": ["cat", "dog"],         or the name of a label file beside the sidecar
//	  "preprocess": { … }               see [Preprocess]
//	}
type Sidecar struct {
	keys map[string]json.RawMessage // of the whole file
	pre  map[string]json.RawMessage // of "preprocess"
}

const maxSidecar = 16 << 20

// SidecarPath is where the sidecar of a model lies: MODEL.picasso.json, the
// extension of the model left out.
func SidecarPath(model string) string { return base(model) + ".picasso.json" }

// SidecarError is a mistake in a sidecar.
type SidecarError struct {
	Path string
	Err  error
}

func (e *SidecarError) Error() string {
	return fmt.Sprintf("%s: %v", filepath.Base(e.Path), e.Err)
}

// Unwrap gives the mistake, often a *[KeyError].
func (e *SidecarError) Unwrap() error { return e.Err }

// sidecarFile is the sidecar the user named, or else the one beside the model.
type sidecarFile struct{ path string }

func (s sidecarFile) find(f *facts) error {
	path := s.path
	if path == "" {
		path = SidecarPath(f.path)
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil
		}
	}
	data, err := readBounded(path, maxSidecar)
	if err != nil {
		return &SidecarError{path, fmt.Errorf("cannot be read: %w", err)}
	}
	sidecar, err := parseSidecar(data)
	if err == nil {
		err = sidecar.apply(f, path)
	}
	if err != nil {
		return &SidecarError{path, err}
	}
	f.sidecar, f.sidecarPath = sidecar, path
	return nil
}

func parseSidecar(data []byte) (*Sidecar, error) {
	s := &Sidecar{}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := json.Unmarshal(data, &s.keys); err != nil {
		return nil, jsonFault(data, err)
	}
	if raw, ok := s.keys["preprocess"]; ok {
		if err := json.Unmarshal(raw, &s.pre); err != nil {
			return nil, &KeyError{"preprocess", "must be an object: {\"color\": …, \"resize\": …, \"scale\": …}"}
		}
	}
	return s, nil
}

// jsonFault adds the line to a syntax error.
func jsonFault(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("is no valid JSON in line %d: %w", line, err)
	}
	return fmt.Errorf("must be a JSON object {…}: %w", err)
}

// rootKeys and preprocessKeys are the keys that the program knows.
var (
	rootKeys       = []string{"input", "size", "output", "activation", "box", "labels", "preprocess"}
	preprocessKeys = []string{"color", "resize", "scale", "clip", "mean", "std"}
)

// apply takes over every key that is there.
func (s *Sidecar) apply(f *facts, path string) error {
	origin := filepath.Base(path)
	read := func(key string, v any, form string) (bool, error) {
		raw, ok := s.keys[key]
		if !ok {
			return false, nil
		}
		if err := json.Unmarshal(raw, v); err != nil {
			return false, &KeyError{key, "must be " + form}
		}
		return f.take(key, origin), nil
	}
	var name string
	if ok, err := read("input", &name, "the name of an input"); err != nil {
		return err
	} else if ok && f.input == "" {
		f.input = name
	}
	name = ""
	if ok, err := read("output", &name, "the name of an output"); err != nil {
		return err
	} else if ok && f.output == "" {
		f.output = name
	}
	size := []int{}
	if ok, err := read("size", &size, "[height, width]"); err != nil {
		return err
	} else if ok {
		if len(size) != 2 || !sideOK(size[0]) || !sideOK(size[1]) {
			return &KeyError{"size", fmt.Sprintf("must be [height, width], each from 1 to %d", maxSide)}
		}
		f.size = [2]int{size[0], size[1]}
	}
	if _, err := read("activation", &f.activation, `"softmax", "sigmoid" or "none"`); err != nil {
		return err
	}
	if f.activation != "" && !slices.Contains([]Activation{Softmax, Sigmoid, Identity}, f.activation) {
		return &KeyError{"activation", fmt.Sprintf("%q is unknown, allowed: \"softmax\", \"sigmoid\", \"none\"", f.activation)}
	}
	if _, err := read("box", &f.box, "the number of a box, from 0"); err != nil {
		return err
	}
	if f.box != nil && *f.box < 0 {
		return &KeyError{"box", "must not be negative"}
	}
	if err := s.applyLabels(f, path); err != nil {
		return err
	}
	s.warnUnknown(f, origin)
	return s.applyPreprocess(f, origin)
}

func (s *Sidecar) applyLabels(f *facts, path string) error {
	raw, ok := s.keys["labels"]
	if !ok {
		return nil
	}
	var file string
	if json.Unmarshal(raw, &file) == nil {
		if !filepath.IsLocal(file) {
			return &KeyError{"labels", fmt.Sprintf("%q must be the name of a file beside the sidecar", file)}
		}
		names, err := ReadLabels(filepath.Join(filepath.Dir(path), file))
		if err != nil {
			return &KeyError{"labels", err.Error()}
		}
		f.labels = append(f.labels, labelList{names: names, origin: file + ", named by " + filepath.Base(path)})
		return nil
	}
	names, err := jsonLabels(bytes.TrimSpace(raw))
	if err == nil {
		names, err = checkLabels(names)
	}
	if err != nil {
		return &KeyError{"labels", err.Error() + `; allowed: ["cat", "dog"], {"0": "cat"} or the name of a label file`}
	}
	f.labels = append(f.labels, labelList{names: names, origin: filepath.Base(path)})
	return nil
}

func (s *Sidecar) applyPreprocess(f *facts, origin string) error {
	f.pre.Resize = defaultResize()
	for _, k := range []struct {
		key  string
		into any
		form string
	}{
		{"color", &f.pre.Color, `"rgb", "bgr" or "grey"`},
		{"resize", &f.pre.Resize, `{"mode": "stretch" | "crop" | "letterbox", "filter": "bilinear", …}`},
		{"scale", &f.pre.Scale, "[factor, offset], for example [0.00392156862745098, 0]"},
		{"clip", &f.pre.Clip, "[lowest, highest]"},
		{"mean", &f.pre.Mean, "a list with one number per channel"},
		{"std", &f.pre.Std, "a list with one number per channel"},
	} {
		raw, ok := s.pre[k.key]
		if !ok {
			continue
		}
		if err := json.Unmarshal(raw, k.into); err != nil {
			return keyError(k.key, "must be "+k.form)
		}
		f.take(k.key, origin)
	}
	return nil
}

// warnUnknown names keys that may be typing mistakes.
func (s *Sidecar) warnUnknown(f *facts, origin string) {
	for _, group := range []struct {
		prefix string
		have   map[string]json.RawMessage
		known  []string
	}{{"", s.keys, rootKeys}, {"preprocess.", s.pre, preprocessKeys}} {
		for key := range group.have {
			if !slices.Contains(group.known, key) {
				f.warnings = append(f.warnings, fmt.Sprintf("%s: the key %q is not known and has no effect; known are %s.",
					origin, group.prefix+key, strings.Join(group.known, ", ")))
			}
		}
	}
}
