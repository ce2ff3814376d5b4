package backend

import (
	"fmt"

	"picasso/backend/onnx"
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

// needs lists the inputs of a model.
func needs(f *onnx.Model, feeds []*onnx.Value, layout Layout) []InputNeed {
	out := make([]InputNeed, len(feeds))
	for i, v := range feeds {
		_, err := inputSpec(f, v, layout)
		out[i] = need(f, v, "")
		out[i].Image = err == nil && len(v.Shape) >= 3
		if value, known := usualConstant(v); known {
			out[i].Value, out[i].Image = fmt.Sprint(value), false
		}
	}
	return out
}

// need describes an input that gets a constant.
func need(f *onnx.Model, v *onnx.Value, value string) InputNeed {
	_, picture := pictureLike(f, v)
	return InputNeed{Name: v.Name, Form: form(v), Picture: picture, Value: value}
}

func form(v *onnx.Value) string { return fmt.Sprintf("%v %s", v.Type, dims(v.Shape)) }
