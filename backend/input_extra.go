package backend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"picasso/backend/jsondoc"
	"picasso/backend/npy"
	"picasso/backend/onnx"
)

// givenInput is a constant that a sidecar gives for an input: a number, true,
// false, a list, or the name of a .npy file in the folder.
type givenInput struct {
	value  *jsondoc.Node
	folder string
}

// maxConstant bounds the elements of a constant input.
const maxConstant = 1 << 26

// fillInputs turns every input but the picture into a constant of the graph,
// so that the rest of the program sees a model of one input. The file on disk
// is not touched.
func (m *Model) fillInputs(found *facts) error {
	feeds := m.File.Graph.Feeds()
	if len(feeds) < 2 && len(found.inputs) == 0 {
		return nil
	}
	file := m.File.Clone()
	var picture *onnx.Value
	for _, v := range feeds {
		if v.Name == m.Input.Name {
			picture = v
		}
	}
	for _, v := range feeds {
		if v == picture {
			continue
		}
		t, err := m.constantInput(found, v)
		if err != nil {
			return err
		}
		file.Fix(t)
	}
	for name := range found.inputs {
		if file.Graph.Index().Initializer(name) == nil {
			return &SidecarError{found.sidecarPath, &KeyError{Key: "inputs." + name, Fault: "is no input of the model but the picture's; it has " + describe(feeds)}}
		}
	}
	m.File, m.edited = file, true
	return nil
}

// constantInput is the constant for one input: the one given, or one that its
// name tells.
func (m *Model) constantInput(found *facts, v *onnx.Value) (*onnx.Tensor, error) {
	given, ok := found.inputs[v.Name]
	key := "inputs." + v.Name
	values, shape, err := given.read()
	if !ok {
		value, known := usualConstant(v)
		if !known {
			err := modelError(m.Path, fmt.Sprintf("takes a second input, %s, for which nothing is known", describe([]*onnx.Value{v})),
				fmt.Sprintf("Write a constant for it into %s: {\"inputs\": {%q: 0}}.", filepath.Base(SidecarPath(m.Path)), v.Name))
			return nil, &InputsError{m.Path, needs(m.File, m.File.Graph.Feeds(), found.layout), err}
		}
		values, shape, err = []float32{value}, nil, nil
		m.warn(fmt.Sprintf("The input %q is filled with %g. Set \"inputs\" in the sidecar for another value.", v.Name, value))
		m.say(key, "guess: its name")
	} else {
		m.say(key, found.sidecarOrigin())
		if m.given == nil {
			m.given = make(map[string]json.RawMessage)
		}
		m.given[v.Name] = given.value.Raw
	}
	need := InputNeed{Name: v.Name, Form: form(v)}
	if ok {
		need.Value = string(given.value.Raw)
	} else if len(values) == 1 {
		need.Value = fmt.Sprint(values[0])
	}
	m.constants = append(m.constants, need)
	if err == nil {
		shape, err = m.constantShape(v, shape, len(values))
	}
	var t *onnx.Tensor
	if err == nil {
		t, err = onnx.NewConstant(v.Name, v.Type, shape, fill(values, Elements(shape)))
	}
	if err != nil {
		return nil, &SidecarError{SidecarPath(m.Path), &KeyError{Key: key, Fault: err.Error()}}
	}
	return t, nil
}

// sidecarOrigin names where constants come from.
func (f *facts) sidecarOrigin() string {
	if f.sidecarPath == "" {
		return userOrigin
	}
	return filepath.Base(f.sidecarPath)
}

// fill repeats a single value.
func fill(values []float32, n int) []float32 {
	if len(values) != 1 {
		return values
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = values[0]
	}
	return out
}

// usualConstant knows inputs by their names: switches of training are off,
// masks let everything through. A mask that looks like a second picture is for
// the user to decide.
func usualConstant(v *onnx.Value) (value float32, known bool) {
	name := strings.ToLower(v.Name)
	switch {
	case len(v.Shape) > 2 && v.Type.IsFloat():
		return 0, false
	case containsAny(name, "train", "learning_phase", "dropout", "masked"):
		return 0, true
	case containsAny(name, "mask", "keep_prob"):
		return 1, true
	}
	return 0, false
}

// constantShape settles the lengths that the file leaves open: those of the
// picture where they have the same name, else what the values need, else 1.
func (m *Model) constantShape(v *onnx.Value, given []int, count int) ([]int, error) {
	shape := make([]int, len(v.Shape))
	open, known := -1, 1
	for i, d := range v.Shape {
		switch n := int(d.Size); {
		case n >= 0:
			shape[i] = n
		case len(given) == len(shape):
			shape[i] = given[i]
		case i == 0:
			shape[i] = 1
		default:
			shape[i] = m.sharedLength(d.Symbol)
			if shape[i] == 0 {
				open, shape[i] = i, 1
			}
		}
		if known *= shape[i]; known > maxConstant {
			return nil, fmt.Errorf("needs more than %d values", maxConstant)
		}
	}
	if v.Shape == nil {
		shape, known = given, Elements(given)
	}
	if open >= 0 && known > 0 && count > 1 && count%known == 0 {
		shape[open], known = count/known, count
	}
	if count != 1 && count != known {
		return nil, fmt.Errorf("has %d values, the input %s takes %d; allowed: one number for all, or a list of %d", count, describe([]*onnx.Value{v}), known, known)
	}
	return shape, nil
}

// sharedLength is the length of the picture's axis with the symbol, 0 when it
// has none.
func (m *Model) sharedLength(symbol string) int {
	for _, v := range m.File.Graph.Feeds() {
		if v.Name != m.Input.Name || symbol == "" || len(v.Shape) != len(m.Input.axes())+1 {
			continue
		}
		for i, n := range m.Input.axes() {
			if v.Shape[i+1].Symbol == symbol {
				return n
			}
		}
	}
	return 0
}

// read gives the values and, for lists and arrays, their shape.
func (g givenInput) read() (values []float32, shape []int, err error) {
	if g.value == nil {
		return nil, nil, nil
	}
	var name string
	if g.value.Kind == jsondoc.String && g.value.Decode(&name) == nil {
		return g.array(name)
	}
	shape, err = flatten(g.value, &values, 0)
	if err == nil && len(values) == 0 {
		err = errors.New("is an empty list")
	}
	return values, shape, err
}

func (g givenInput) array(name string) ([]float32, []int, error) {
	if !filepath.IsLocal(name) {
		return nil, nil, fmt.Errorf("%q must be the name of a .npy file beside the model", name)
	}
	data, err := os.ReadFile(filepath.Join(g.folder, name))
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be read: %w", name, innermost(err))
	}
	a, err := npy.Read(bytes.NewReader(data), 4*maxConstant)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return a.Data, a.Shape, nil
}

// flatten collects the numbers of nested lists, which must be rectangular.
func flatten(n *jsondoc.Node, values *[]float32, depth int) ([]int, error) {
	switch n.Kind {
	case jsondoc.Number:
		var v float32
		if err := n.Decode(&v); err != nil {
			return nil, fmt.Errorf("holds %s, which is no number", n.Short())
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
	return nil, fmt.Errorf("is %s; allowed: a number, true or false, a list, or the name of a .npy file", n.Short())
}
