package metadata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"picasso/backend/files"
	"picasso/backend/jsondoc"
	"picasso/backend/npy"
	"picasso/backend/preprocess"
)

// GivenInput is a constant that is given for an input: a number, true, false, a
// list, or the name of a file: a picture or an .npy array.
type GivenInput struct {
	Value  *jsondoc.Node
	folder string // that file names start from
	origin string // base name of the sidecar, or userOrigin; "" before it is applied
	File   string // the path that value names, "" where it names none
}

// ParseConstants reads constants for inputs as a command line states them,
// NAME=VALUE: "age=54", "reference=other.png". The names of files start from
// folder.
func ParseConstants(pairs []string, folder string) (map[string]GivenInput, error) {
	out := make(map[string]GivenInput, len(pairs))
	for _, pair := range pairs {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" || text == "" {
			return nil, fmt.Errorf("%q is not a constant for an input: give NAME=VALUE, where VALUE is a number, a list like [1, 2], or a picture or .npy file", pair)
		}
		if _, known := out[name]; known {
			continue
		}
		given, err := ParseConstant(text, folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", userOrigin, &preprocess.KeyError{Key: "inputs." + name, Fault: err.Error(), Cause: err})
		}
		out[name] = given
	}
	return out, nil
}

// ParseConstant reads a constant as the user writes it: a number, true, false,
// a list, or the path of a picture or .npy file, in quotes or without, which
// starts from folder.
func ParseConstant(text, folder string) (GivenInput, error) {
	value, err := jsondoc.Parse([]byte(text))
	if err == nil && value.Kind != jsondoc.String {
		return GivenInput{Value: value}, nil
	}
	path := text
	if err == nil {
		if err := value.Decode(&path); err != nil {
			return GivenInput{}, err
		}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	return FileConstant(path)
}

// FileConstant is a picture or .npy file, by its path, as a constant.
func FileConstant(path string) (GivenInput, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return GivenInput{}, err
	}
	quoted, err := json.Marshal(path)
	if err != nil {
		return GivenInput{}, err
	}
	value, err := jsondoc.Parse(quoted)
	return GivenInput{Value: value}, err
}

// giveInput notes the constant of an input that has not been given before.
func (f *Facts) giveInput(name string, given GivenInput) {
	if f.Inputs == nil {
		f.Inputs = make(map[string]GivenInput)
	}
	if _, known := f.Inputs[name]; !known {
		f.Inputs[name] = given
	}
}

// Blame says where a constant that cannot be used was given.
func (g GivenInput) Blame(name string, err error) error {
	key := &preprocess.KeyError{Key: "inputs." + name, Fault: err.Error(), Cause: err}
	if g.origin == userOrigin {
		return fmt.Errorf("%s: %w", userOrigin, key)
	}
	key.Line = g.Value.Line
	return &SidecarError{g.origin, key}
}

// Locate finds the file that the value names, if it names one. A sidecar names
// files beside it; the user may name any.
func (g *GivenInput) Locate() error {
	var name string
	if g.Value.Kind != jsondoc.String || g.Value.Decode(&name) != nil {
		return nil
	}
	switch {
	case name == "":
		return errors.New("does not name a file")
	case filepath.IsLocal(name):
		g.File = filepath.Join(g.folder, name)
		return nil
	case g.origin != userOrigin:
		return fmt.Errorf("%q must be the name of a picture or .npy file beside the sidecar", name)
	case filepath.IsAbs(name):
		g.File = name
		return nil
	}
	return fmt.Errorf("%q must be the name of a picture or .npy file beside the model, or a full path", name)
}

// IsPicture reports whether the value is a picture file.
func (g GivenInput) IsPicture() bool {
	return g.File != "" && !strings.EqualFold(filepath.Ext(g.File), ".npy")
}

// Read gives the values and, for lists and arrays, their shape.
func (g GivenInput) Read() (values []float32, shape []int, err error) {
	if g.File != "" {
		return g.array()
	}
	shape, err = flatten(g.Value, &values, 0)
	if err == nil && len(values) == 0 {
		err = errors.New("is an empty list")
	}
	return values, shape, err
}

func (g GivenInput) array() ([]float32, []int, error) {
	data, err := files.Read(g.File, 4*MaxConstant+1<<16)
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be read: %w", g.File, err)
	}
	a, err := npy.Read(bytes.NewReader(data), 4*MaxConstant)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", g.File, err)
	}
	return a.Data, a.Shape, nil
}

// saved is the value as a sidecar in the folder writes it; ok is false for a
// file that no sidecar there can name.
func (g GivenInput) saved(folder string) (value json.RawMessage, ok bool) {
	if g.File == "" {
		return g.Value.Raw, true
	}
	name, err := filepath.Rel(folder, g.File)
	if err != nil || !filepath.IsLocal(name) {
		return nil, false
	}
	value, err = json.Marshal(filepath.ToSlash(name))
	return value, err == nil
}

// flatten collects the numbers of nested lists, which must be rectangular.
func flatten(n *jsondoc.Node, values *[]float32, depth int) ([]int, error) {
	switch n.Kind {
	case jsondoc.Number:
		var v float32
		if err := n.Decode(&v); err != nil {
			return nil, fmt.Errorf("contains %s, which is not a number", n.Short())
		}
		*values = append(*values, v)
		return nil, nil
	case jsondoc.Boolean:
		v := float32(0)
		if string(n.Raw) == "true" {
			v = 1
		}
		*values = append(*values, v)
		return nil, nil
	case jsondoc.Array:
		shape := []int{len(n.Items)}
		for i, item := range n.Items {
			inner, err := flatten(item, values, depth+1)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				shape = append(shape, inner...)
			} else if fmt.Sprint(shape[1:]) != fmt.Sprint(inner) && len(shape)+len(inner) > 1 {
				return nil, errors.New("has lists of different lengths")
			}
		}
		return shape, nil
	}
	return nil, fmt.Errorf("is %s; allowed: a number, true or false, a list, or the name of a picture or .npy file", n.Short())
}

// wireGiven is a [GivenInput] on its way to another process.
type wireGiven struct {
	Value          json.RawMessage
	Folder, Origin string
}

// MarshalJSON implements [json.Marshaler]: another process opens the model with
// the same constant.
func (g GivenInput) MarshalJSON() ([]byte, error) {
	w := wireGiven{Folder: g.folder, Origin: g.origin}
	if g.Value != nil {
		w.Value = g.Value.Raw
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what [GivenInput.MarshalJSON] writes.
func (g *GivenInput) UnmarshalJSON(data []byte) error {
	var w wireGiven
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*g = GivenInput{folder: w.Folder, origin: w.Origin}
	if len(w.Value) == 0 || string(w.Value) == "null" {
		return nil
	}
	value, err := jsondoc.Parse(w.Value)
	g.Value = value
	return err
}
