package infer

import (
	"fmt"
	"slices"
)

// Forward is a session that predicts: it gives the tensors that scores are
// made from.
type Forward struct {
	Session Session
	Source  Source
	// Tensors are those that the session was asked for, the output first. It
	// may give others too.
	Tensors []string
}

// NewForward is a forward of a session for the named tensors.
func NewForward(s Session, src Source, tensors ...string) *Forward {
	return &Forward{Session: s, Source: src, Tensors: tensors}
}

// Gives reports whether a tensor comes out of the session.
func (f *Forward) Gives(tensor string) bool { return PortIndex(f.Session.Outputs(), tensor) >= 0 }

// Tensor is what a run of the session returned under a name.
func (f *Forward) Tensor(outputs []Tensor, name string) (Tensor, error) {
	at := PortIndex(f.Session.Outputs(), name)
	if at < 0 || at >= len(outputs) {
		return Tensor{}, fmt.Errorf("the model does not return %q when it runs", name)
	}
	return outputs[at], nil
}

// Picture cuts picture i out of the named outputs, with a batch axis of 1.
// batched reports whether their first axis is the batch.
func (f *Forward) Picture(outputs []Tensor, i int, batched bool, names ...string) ([]Tensor, error) {
	parts := make([]Tensor, len(names))
	for k, name := range names {
		t, err := f.Tensor(outputs, name)
		if err == nil {
			parts[k], err = Entry(t, i, batched)
		}
		if err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// Entry cuts picture i out of one output, with a batch axis of 1.
func Entry(t Tensor, i int, batched bool) (Tensor, error) {
	if !batched {
		if len(t.Shape) == 0 || t.Shape[0] != 1 {
			t.Shape = append([]int{1}, t.Shape...)
		}
		return t, nil
	}
	if len(t.Shape) == 0 || i >= t.Shape[0] {
		return Tensor{}, fmt.Errorf("an output with the shape %v has no entry for picture %d of the batch", t.Shape, i+1)
	}
	one := t.Slice(i)
	one.Shape = append([]int{1}, one.Shape...)
	return one, nil
}

// PortIndex is the place of a port by its name, −1 where there is none.
func PortIndex(ports []Port, name string) int {
	return slices.IndexFunc(ports, func(p Port) bool { return p.Name == name })
}
