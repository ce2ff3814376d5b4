package metadata

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/preprocess"
)

// InputsError says that a model takes more than a picture and nothing tells
// what its inputs get.
type InputsError struct {
	Path   string
	Inputs []InputNeed // all, in the order of the file
	Err    error       // in words, with the remedy
}

func (e *InputsError) Error() string { return e.Err.Error() }

// Unwrap gives the error in words.
func (e *InputsError) Unwrap() error { return e.Err }

// InputNeed is an input of a model and what it gets.
type InputNeed struct {
	Name  string
	Form  string // element type and shape: "float32 1×3×8×8"
	Image bool   // it may take the picture
	// Picture tells that a picture file can be its constant.
	Picture bool
	Value   string // constant that it gets, as in a sidecar; "" where nothing is known
}

// NeedsOf lists the inputs of a model.
func NeedsOf(f *onnx.Model, feeds []*onnx.Value, layout preprocess.Layout) []InputNeed {
	out := make([]InputNeed, len(feeds))
	for i, v := range feeds {
		_, err := inputSpec(f, v, layout)
		out[i] = NeedOf(f, v, "")
		out[i].Image = err == nil && len(v.Shape) >= 3
		if value, known := UsualConstant(v); known {
			out[i].Value, out[i].Image = fmt.Sprint(value), false
		}
	}
	return out
}

// NeedOf describes an input that gets a constant.
func NeedOf(f *onnx.Model, v *onnx.Value, value string) InputNeed {
	_, picture := PictureLike(f, v)
	return InputNeed{Name: v.Name, Form: form(v), Picture: picture, Value: value}
}

// form is what a port holds, in words.
func form(v *onnx.Value) string {
	kind := v.Kind()
	switch {
	case kind == "optional":
		return "an optional value"
	case kind != "" && kind != "tensor":
		return "a " + kind
	case v.Type == 0:
		return "numbers " + dims(v.Shape)
	case v.Shape != nil && len(v.Shape) == 0:
		return fmt.Sprintf("%v, a single value", v.Type)
	}
	return fmt.Sprintf("%v %s", v.Type, dims(v.Shape))
}

// PictureLike is v in the form of a picture's input, and whether it can be
// one: an input of three or four axes, or of two that are height and width.
// Masks may be of truth values.
func PictureLike(f *onnx.Model, v *onnx.Value) (spec preprocess.Input, ok bool) {
	like := onnx.Value{Name: v.Name, Type: v.Type, Shape: slices.Clone(v.Shape)}
	if v.Type == onnx.Bool {
		like.Type = onnx.Uint8
	}
	switch {
	case v.Shape != nil && (len(v.Shape) < 2 || len(v.Shape) > 4):
		return spec, false
	case len(v.Shape) == 2:
		if min(v.Shape[0].Size, v.Shape[1].Size) < 2 {
			return spec, false
		}
		like.Shape = append([]onnx.Dim{{Size: 1}}, like.Shape...)
	case len(v.Shape) == 3 && v.Shape[0].Size < 0:
		like.Shape[0].Size = 1 // a batch of H×W
	}
	spec, err := inputSpec(f, &like, "")
	if v.Type != 0 {
		spec.Type = v.Type
	}
	return spec, err == nil
}

// MaxConstant bounds the elements of a constant input.
const MaxConstant = 1 << 26

// ExampleFor is a constant that an input could get, as a sidecar writes it.
// It fits the input's type and shape.
func ExampleFor(f *onnx.Model, v *onnx.Value) string {
	value := "0"
	switch name := strings.ToLower(v.Name); {
	case v.Type == onnx.Bool:
		value = "true"
	case containsAny(name, "scale", "factor", "ratio", "size", "shape", "width", "height"): // what is divided by
		value = "1"
	}
	spec, ok := PictureLike(f, v)
	whole := !v.Type.IsFloat() && v.Type.Size() > 2 // numbers of things, not grey values
	tiny := func(side int) bool { return len(v.Shape) < 4 && side > 0 && side < leastSide }
	switch {
	case ok && !whole && !tiny(spec.Height) && !tiny(spec.Width):
		return `"other.png"`
	case len(v.Shape) == 1 && v.Shape[0].Size > 1 && v.Shape[0].Size <= listedValues:
		return "[" + strings.Join(slices.Repeat([]string{value}, int(v.Shape[0].Size)), ", ") + "]"
	}
	return value
}

const (
	leastSide    = 8 // sides of what is taken for a picture in an example
	listedValues = 8 // values that an example lists
)

// Examples are constants for inputs, as a sidecar and as the command line
// write them.
func Examples(f *onnx.Model, inputs []*onnx.Value) (sidecar, flags string) {
	var keys, list []string
	for _, v := range inputs {
		example := ExampleFor(f, v)
		keys = append(keys, fmt.Sprintf("%q: %s", v.Name, example))
		plain := strings.ReplaceAll(strings.Trim(example, `"`), " ", "")
		list = append(list, fmt.Sprintf("--input %s=%s", v.Name, plain))
	}
	return strings.Join(keys, ", "), strings.Join(list, " ")
}

// Unknown are the inputs besides the picture's of which nothing tells what they
// get.
func Unknown(feeds []*onnx.Value, picture string, given map[string]GivenInput) []*onnx.Value {
	return slices.DeleteFunc(slices.Clone(feeds), func(v *onnx.Value) bool {
		_, usual := UsualConstant(v)
		_, size := UsualSize(v)
		_, has := given[v.Name]
		return v.Name == picture || usual || size || has
	})
}

// UsualSize knows inputs by their names that take the picture's height and
// width, in the order that the exporter's family uses: PaddleDetection height
// first, RT-DETR width first. They scale boxes, not scores.
func UsualSize(v *onnx.Value) (widthFirst, known bool) {
	if n := len(v.Shape); n < 1 || n > 2 || v.Shape[n-1].Size != 2 {
		return false, false
	}
	switch strings.ToLower(v.Name) {
	case "im_shape", "image_shape", "target_sizes":
		return false, true
	case "orig_target_sizes":
		return true, true
	}
	return false, false
}

// UsualConstant knows inputs by their names: switches of training are off,
// masks let everything through. A mask that looks like a second picture is for
// the user to decide.
func UsualConstant(v *onnx.Value) (value float32, known bool) {
	name := strings.ToLower(v.Name)
	switch {
	case len(v.Shape) > 2 && v.Type.IsFloat():
		return 0, false
	case containsAny(name, "train", "learning_phase", "dropout", "masked"):
		return 0, true
	case containsAny(name, "mask", "keep_prob", "scale_factor"): // PaddleDetection: the picture is not enlarged
		return 1, true
	}
	return 0, false
}
