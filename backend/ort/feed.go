//go:build cgo

package ort

import (
	"fmt"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
)

// fed are the inputs of one run, in the ports' own types.
type fed struct {
	values  []onnxruntime.Value
	into    []onnxruntime.Value // outputs to write to; nil where the library makes them
	release []func()            // to be called when the library no longer reads them
}

func (f *fed) done() {
	for _, release := range f.release {
		release()
	}
}

// feed checks the inputs' shapes and brings them into the ports' types. A value
// kept from an earlier run goes in as it is when its type is the port's.
func (s *session) feed(inputs []infer.Value) (*fed, error) {
	if len(inputs) != len(s.inputs) {
		return nil, fmt.Errorf("%s has %d inputs, but got %d tensors", s.model, len(s.inputs), len(inputs))
	}
	f := &fed{}
	for i, v := range inputs {
		if err := f.add(s.inputs[i], v); err != nil {
			f.done()
			return nil, fmt.Errorf("%s: %w", s.model, err)
		}
	}
	return f, nil
}

func (f *fed) add(p infer.Port, v infer.Value) error {
	if err := fits(p, v.Shape()); err != nil {
		return err
	}
	if k, ok := v.(*kept); ok && k.kind == p.Type {
		inner, err := k.borrow()
		if err != nil {
			return fmt.Errorf("input %q: %w", p.Name, err)
		}
		f.values = append(f.values, inner)
		f.release = append(f.release, k.giveBack)
		return nil
	}
	t, err := v.Tensor()
	if err == nil {
		err = t.Check()
	}
	if err != nil {
		return fmt.Errorf("input %q: %w", p.Name, err)
	}
	inner, err := newValue(t, p.Type)
	if err != nil {
		return fmt.Errorf("input %q: %w", p.Name, err)
	}
	f.values = append(f.values, inner)
	f.release = append(f.release, func() { _ = inner.Destroy() })
	return nil
}
