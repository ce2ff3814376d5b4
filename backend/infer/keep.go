package infer

import (
	"context"
)

// Value is a tensor on its way into or out of a [Keeper]: one of ours, made by
// [Given], or one that a session keeps with the element type of its port.
type Value interface {
	// Shape is the tensor's shape.
	Shape() []int
	// Tensor converts to float32. The data may be shared with the value.
	Tensor() (Tensor, error)
	// Close frees the value; after the last use and only once it is not fed to a
	// running session any more. Closing again does nothing.
	Close() error
}

// Keeper is a session whose outputs can feed another session of the same
// runtime as they are. Nothing is converted in between, so indices of 64 bits
// and masks arrive exactly, which float32 could not promise.
type Keeper interface {
	Session
	// RunKeep is Run for values. The caller closes what it returns; inputs stay
	// the caller's too.
	RunKeep(ctx context.Context, inputs []Value) ([]Value, error)
}

// Recycler is a keeper that can write the outputs of a run over those of an
// earlier one.
type Recycler interface {
	Keeper
	// Recycle closes all outputs of one RunKeep. Their memory is used again, so
	// the caller must have let go of data it got from [Value.Tensor].
	Recycle(outputs []Value)
}

// Recycle closes the outputs of one run of s, for use again where s can. The
// caller must not read their data any more.
func Recycle(s Session, outputs []Value) {
	if k, ok := AsKeeper(s); ok {
		if r, ok := k.(Recycler); ok {
			r.Recycle(outputs)
			return
		}
	}
	closeValues(outputs)
}

func closeValues(values []Value) {
	for _, v := range values {
		_ = v.Close()
	}
}

// RunKeep runs a session on values, which stay in the runtime where it can keep
// them. [Recycle] takes the outputs back.
func RunKeep(ctx context.Context, s Session, inputs []Value) ([]Value, error) {
	if k, ok := AsKeeper(s); ok {
		return k.RunKeep(ctx, inputs)
	}
	tensors := make([]Tensor, len(inputs))
	for i, v := range inputs {
		t, err := v.Tensor()
		if err != nil {
			return nil, err
		}
		tensors[i] = t
	}
	outputs, err := s.Run(ctx, tensors)
	if err != nil {
		return nil, err
	}
	values := make([]Value, len(outputs))
	for i, t := range outputs {
		values[i] = Given(t)
	}
	return values, nil
}

// AsKeeper finds the keeper inside a session and its decorators.
func AsKeeper(s Session) (Keeper, bool) {
	k, ok := Innermost(s).(Keeper)
	return k, ok
}

// Innermost is the session inside all decorators.
func Innermost(s Session) Session {
	for {
		outer, ok := s.(interface{ Unwrap() Session })
		if !ok {
			return s
		}
		s = outer.Unwrap()
	}
}

// Given is a value that holds one of our tensors, without copying it.
func Given(t Tensor) Value { return given{t} }

type given struct{ tensor Tensor }

func (g given) Shape() []int { return g.tensor.Shape }

func (g given) Tensor() (Tensor, error) { return g.tensor, nil }

func (g given) Close() error { return nil }
