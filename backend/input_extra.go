package backend

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
)

// fillInputs turns every input but the picture into a constant of the graph,
// so that the rest of the program sees a model of one input. The file on disk
// is not touched.
func (m *Model) fillInputs(ctx context.Context, found *metadata.Facts) error {
	feeds := m.File.Graph.Feeds()
	if len(feeds) < 2 && len(found.Inputs) == 0 {
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
		t, err := m.constantInput(ctx, found, v)
		if err != nil {
			return err
		}
		file.Fix(t)
	}
	for name, given := range found.Inputs {
		if file.Graph.Index().Initializer(name) == nil {
			return given.Blame(name, errors.New("is not an input of the model that takes a constant; those are "+metadata.DescribePorts(feeds)))
		}
	}
	m.File, m.edited = file, true
	return nil
}

// constantInput is the constant for one input: the one given, or one that its
// name tells.
func (m *Model) constantInput(ctx context.Context, found *metadata.Facts, v *onnx.Value) (*onnx.Tensor, error) {
	given, ok := found.Inputs[v.Name]
	if !ok {
		return m.usualInput(found, v)
	}
	t, err := m.givenConstant(ctx, found, v, &given)
	if err != nil {
		return nil, given.Blame(v.Name, err)
	}
	m.Give(v.Name, given, metadata.NeedOf(m.File, v, string(given.Value.Raw)))
	return t, nil
}

// usualInput is the constant for an input for which none is given.
func (m *Model) usualInput(found *metadata.Facts, v *onnx.Value) (*onnx.Tensor, error) {
	if v.Type.Size() == 0 {
		return nil, metadata.ModelError(m.Path, fmt.Sprintf("takes another input, %s, which cannot be filled", metadata.DescribePorts([]*onnx.Value{v})), "Export the model without it: inputs other than the picture can only get numbers.")
	}
	if widthFirst, ok := metadata.UsualSize(v); ok {
		return m.sizeInput(found, v, widthFirst)
	}
	value, known := metadata.UsualConstant(v)
	if !known {
		missing := metadata.Unknown(m.File.Graph.Feeds(), m.Input.Name, found.Inputs)
		example, flags := metadata.Examples(m.File, missing)
		fault, constants := fmt.Sprintf("takes a second input, %s, whose value is not known", metadata.DescribePorts(missing)), "a constant for it"
		if len(missing) > 1 {
			fault, constants = fmt.Sprintf("takes %d more inputs whose values are not known: %s", len(missing), metadata.DescribePorts(missing)), "constants for them"
		}
		err := metadata.ModelError(m.Path, fault,
			fmt.Sprintf("Add %s to %s: {\"inputs\": {%s}}; on the command line %s.", constants, filepath.Base(metadata.SidecarPath(m.Path)), example, flags))
		return nil, &metadata.InputsError{Path: m.Path, Inputs: metadata.NeedsOf(m.File, m.File.Graph.Feeds(), found.Layout), Err: err}
	}
	m.Warn(fmt.Sprintf("The input %q is filled with %g. To change this, set \"inputs\" in the sidecar.", v.Name, value))
	m.Say("inputs."+v.Name, "guess: its name")
	m.Constants = append(m.Constants, metadata.NeedOf(m.File, v, fmt.Sprint(value)))
	t, err := m.constantOf(v, []float32{value}, nil)
	if err != nil {
		return nil, metadata.ModelError(m.Path, fmt.Sprintf("takes the input %s, which cannot be filled: it %v", metadata.DescribePorts([]*onnx.Value{v}), err), "Export the model without it.")
	}
	return t, nil
}

// sizeInput is the constant of an input that takes the picture's size.
func (m *Model) sizeInput(found *metadata.Facts, v *onnx.Value, widthFirst bool) (*onnx.Tensor, error) {
	height, width := m.expectedSize(found)
	values, what := []float32{float32(height), float32(width)}, "height and width"
	if widthFirst {
		slices.Reverse(values)
		what = "width and height"
	}
	text := fmt.Sprintf("[%g, %g]", values[0], values[1])
	m.Warn(fmt.Sprintf("The input %q is filled with the picture's %s as the model sees it, %s. Set \"inputs\" in the sidecar for other values.", v.Name, what, text))
	m.Say("inputs."+v.Name, "guess: its name")
	m.Constants = append(m.Constants, metadata.NeedOf(m.File, v, text))
	return m.constantOf(v, values, nil)
}

// givenConstant is the constant that is given. How pictures are prepared is not
// known yet: theirs is made again later.
func (m *Model) givenConstant(ctx context.Context, found *metadata.Facts, v *onnx.Value, given *metadata.GivenInput) (*onnx.Tensor, error) {
	if err := given.Locate(); err != nil {
		return nil, err
	}
	if given.IsPicture() {
		slot, err := m.newPictureInput(ctx, found, v, *given)
		if err != nil {
			return nil, err
		}
		m.slots.list = append(m.slots.list, slot)
		return slot.constant(plainPreparation(slot.spec), slot.spec)
	}
	if given.File != "" {
		if err := m.affords(given.File); err != nil {
			return nil, err
		}
	}
	values, shape, err := given.Read()
	if err != nil {
		return nil, err
	}
	return m.constantOf(v, values, shape)
}

// constantOf makes an input's constant of values, or of one for all.
func (m *Model) constantOf(v *onnx.Value, values []float32, shape []int) (*onnx.Tensor, error) {
	shape, err := m.constantShape(v, shape, len(values))
	if err != nil {
		return nil, err
	}
	return onnx.NewConstant(v.Name, v.Type, shape, fill(values, infer.Elements(shape)))
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
		if known *= shape[i]; known > metadata.MaxConstant {
			return nil, fmt.Errorf("needs more than %d values", metadata.MaxConstant)
		}
	}
	if v.Shape == nil {
		shape, known = given, infer.Elements(given)
	}
	if open >= 0 && known > 0 && count > 1 && count%known == 0 {
		shape[open], known = count/known, count
	}
	if count != 1 && count != known {
		return nil, fmt.Errorf("has %d values, but the input %s takes %d; allowed: one number for all, or a list of %d", count, metadata.DescribePorts([]*onnx.Value{v}), known, known)
	}
	return shape, nil
}

// sharedLength is the length of the picture's axis with the symbol, 0 when it
// has none.
func (m *Model) sharedLength(symbol string) int {
	for _, v := range m.File.Graph.Feeds() {
		if v.Name != m.Input.Name || symbol == "" || len(v.Shape) != len(m.Input.Axes())+1 {
			continue
		}
		for i, n := range m.Input.Axes() {
			if v.Shape[i+1].Symbol == symbol {
				return n
			}
		}
	}
	return 0
}
