package ort

import (
	"fmt"

	"picasso/backend"
)

// fits checks a tensor against the port it is for.
func fits(p backend.Port, t backend.Tensor) error {
	if err := t.Check(); err != nil {
		return fmt.Errorf("input %q: %w", p.Name, err)
	}
	wrong := len(p.Shape) != len(t.Shape)
	for i := 0; !wrong && i < len(p.Shape); i++ {
		wrong = p.Shape[i] >= 0 && p.Shape[i] != t.Shape[i]
	}
	if wrong {
		return &backend.ShapeError{Port: p.Name, Want: p.Shape, Have: t.Shape}
	}
	return nil
}

// runFault says in words why a run failed.
func runFault(model string, err error) error {
	text := err.Error()
	if outOfMemory(text) {
		return fmt.Errorf("%s: %w (%s)", model, backend.ErrOutOfMemory, plain(text))
	}
	return fmt.Errorf("%s could not be run: %s", model, plain(text))
}
