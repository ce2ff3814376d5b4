package ort

import (
	"fmt"
	"regexp"
	"strings"

	"picasso/backend/infer"
)

// modelFault says in words why the library refused a model.
func modelFault(name string, err error) error {
	text := err.Error()
	has := func(part string) bool { return strings.Contains(text, part) }
	say := func(what string) error { return &Refused{Model: name, Fault: what, cause: err} }
	switch {
	case outOfMemory(text):
		return fmt.Errorf("%s does not fit into memory; close other programs or use a smaller model: %w", name, infer.ErrOutOfMemory)
	case has("Protobuf parsing failed"), has("ModelProto does not have a graph"):
		return say("it is not an ONNX model, or the file is damaged. Export or download it again")
	case has("No Op registered for"), has("is not a registered function/op"):
		return say("it uses an operator that ONNX Runtime does not know (" + operator(text) + "). Export it with standard operators only")
	case has("Unsupported model IR version"):
		return say("its file format is newer than this ONNX Runtime. Export it with an older opset, or use a newer ONNX Runtime")
	case has("stamped with official released onnx opset"):
		return say("it uses an operator set newer than this ONNX Runtime. Export it with an older opset")
	case has("escapes both model directory"), has("Absolute paths not allowed"), has("External data path"):
		return say("it tries to read its weights from outside its own folder, which is not allowed. Put the weights beside the model and export it again")
	case has("cannot get file size"), has("External data file"), has("external data"), has("External initializer"):
		return say("the file with its weights is missing or too short (" + plain(text) + "). Copy all files of the model into one folder")
	case has("ShapeInferenceError"), has("TypeInferenceError"):
		return say("its layers do not fit together (" + plain(text) + "). Export it again")
	case has("Could not find an implementation for"):
		return say("ONNX Runtime does not compute " + implementation(text) + " in the model's operator set or number type. Convert it to operator set 13 or newer (onnx.version_converter), or export it again with one, in float32")
	case has("This is an invalid model"):
		return say("its graph is not valid (" + plain(text) + "). Export it again")
	case has("OrtValue indexes should have been populated"):
		return say("its graph is empty. Export it again")
	case has("doesn't exist"), has("File doesn't exist"):
		return say("there is no such file")
	}
	return say(plain(text))
}

// Refused says that the library does not take a model.
type Refused struct {
	Model string // file name
	Fault string // why, and what to do
	cause error
}

func (e *Refused) Error() string { return e.Model + " cannot be run: " + e.Fault }

// Unwrap gives the library's own words.
func (e *Refused) Unwrap() error { return e.cause }

var (
	unknownOperator = regexp.MustCompile(`No Op registered for ([\w.]+)`)
	noKernel        = regexp.MustCompile(`Could not find an implementation for ([\w.:]+)\((\d+)\)`)
	unknownFunction = regexp.MustCompile(`([\w.:]+)\(-?\d+\) is not a registered function/op`)
)

// operator finds the name of an operator in the library's complaint about it.
func operator(text string) string {
	for _, pattern := range []*regexp.Regexp{unknownOperator, unknownFunction} {
		if m := pattern.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return plain(text)
}

// implementation is the operator for which there is none, with its version.
func implementation(text string) string {
	if m := noKernel.FindStringSubmatch(text); m != nil {
		return "the operator " + m[1] + " of version " + m[2]
	}
	return "one of its operators"
}

// outOfMemory recognises what allocators of the CPU, CUDA and Direct3D say.
func outOfMemory(text string) bool {
	for _, sign := range []string{
		"out of memory", "Out of memory", "bad_alloc", "bad allocation", "Failed to allocate memory", "BFCArena",
		"CUDNN_STATUS_ALLOC_FAILED", "CUBLAS_STATUS_ALLOC_FAILED", "E_OUTOFMEMORY", "8007000E", "CUDA failure 2:",
		"not enough memory", "Not enough memory", "AllocateRawInternal",
	} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
