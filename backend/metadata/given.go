package metadata

import (
	"bytes"
	"cmp"
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
	origin string // base name of the sidecar, or userOrigin
	File   string // the path that value names, "" where it names none
}

// userInputs are constants as the user gives them on the command line:
// "age=54", "reference=other.png". Files are named by any path.
type userInputs []string

func (u userInputs) Find(f *Facts) error {
	for _, pair := range u {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" || text == "" {
			return fmt.Errorf("%q is not a constant for an input: give NAME=VALUE, where VALUE is a number, a list like [1, 2], or a picture or .npy file", pair)
		}
		value, err := jsondoc.Parse([]byte(text))
		if err != nil || value.Kind == jsondoc.String {
			path, errPath := filepath.Abs(text)
			quoted, errText := json.Marshal(path)
			if err = cmp.Or(errPath, errText); err == nil {
				value, err = jsondoc.Parse(quoted)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", userOrigin, &preprocess.KeyError{Key: "inputs." + name, Fault: err.Error()})
			}
		}
		f.giveInput(name, GivenInput{Value: value, origin: userOrigin})
	}
	return nil
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
	key := &preprocess.KeyError{Key: "inputs." + name, Fault: err.Error()}
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
