package infer

import (
	"fmt"
	"slices"
)

// Forward is a session that predicts: a model's output with its classes and,
// where they are another tensor, its logits.
type Forward struct {
	Session Session
	Source  Source
	Output  int // place of the class output, −1 where the session does not give it
	Logits  int // place of the logit output, −1 where there is none
}

// NewForward finds the outputs of a session by their names; logits may be "".
func NewForward(s Session, src Source, output, logits string) *Forward {
	f := &Forward{Session: s, Source: src, Output: PortIndex(s.Outputs(), output), Logits: -1}
	if logits != "" {
		f.Logits = PortIndex(s.Outputs(), logits)
	}
	return f
}

// Separate reports whether the logits are another tensor than the output.
func (f *Forward) Separate() bool { return f.Logits >= 0 && f.Logits != f.Output }

// Exposed is the tensor that the session gives besides the output, "" for none.
func (f *Forward) Exposed() string {
	if !f.Separate() {
		return ""
	}
	return f.Session.Outputs()[f.Logits].Name
}

// Picture cuts picture i out of the session's outputs, with a batch axis of 1.
// batched reports whether the model has a batch axis.
func (f *Forward) Picture(outputs []Tensor, i int, batched bool) (output, logits Tensor, err error) {
	if output, err = Entry(outputs[f.Output], i, batched); err != nil || f.Logits < 0 {
		return output, Tensor{}, err
	}
	logits, err = Entry(outputs[f.Logits], i, batched)
	return output, logits, err
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
