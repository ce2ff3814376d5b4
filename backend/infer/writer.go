package infer

import (
	"context"
	"fmt"
	"slices"
)

// Writer is a session that writes what it computes into the caller's memory.
type Writer interface {
	Session
	// RunInto is Run with outputs of the right shapes. After an error their
	// memory must not be used again: a run that was stopped may still write.
	RunInto(ctx context.Context, inputs, outputs []Tensor) error
}

// RunInto runs s and puts what it computes into outputs of known shapes,
// without a copy where s can.
func RunInto(ctx context.Context, s Session, inputs, outputs []Tensor) error {
	if w, ok := Innermost(s).(Writer); ok {
		return w.RunInto(ctx, inputs, outputs)
	}
	results, err := s.Run(ctx, inputs)
	if err != nil {
		return err
	}
	for i := range outputs {
		if i >= len(results) || !slices.Equal(results[i].Shape, outputs[i].Shape) {
			return fmt.Errorf("output %d does not have the shape %v", i, outputs[i].Shape)
		}
		copy(outputs[i].Data, results[i].Data)
	}
	return nil
}
