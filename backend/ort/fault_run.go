package ort

import (
	"fmt"

	"picasso/backend/infer"
)

// fits checks a shape against the port it is for. A port of unknown rank takes
// any.
func fits(p infer.Port, shape []int) error {
	if p.Shape == nil {
		return nil
	}
	wrong := len(p.Shape) != len(shape)
	for i := 0; !wrong && i < len(p.Shape); i++ {
		wrong = p.Shape[i] >= 0 && p.Shape[i] != shape[i]
	}
	if wrong {
		return &infer.ShapeError{Port: p.Name, Want: p.Shape, Have: shape}
	}
	return nil
}

// runFault says in words why a run failed.
func runFault(model string, err error) error {
	text := err.Error()
	if outOfMemory(text) {
		return fmt.Errorf("%s: %w (%s)", model, infer.ErrOutOfMemory, plain(text))
	}
	return &infer.RunError{Model: model, Fault: plain(text)}
}
