package backend

import (
	"context"
	"testing"

	"picasso/backend/onnx"
)

// rooms opens sessions with little room, except on the CPU.
type rooms struct{ opened []ProviderName }

func (r *rooms) Open(_ context.Context, _ Source, opt SessionOptions) (Session, error) {
	r.opened = append(r.opened, opt.Provider)
	if opt.Provider == CPU {
		return &narrow{name: "CPU", room: 100}, nil
	}
	return &narrow{name: "CUDA"}, nil
}

func TestModelsGoOnWithTheCPUWhenTheDeviceIsFull(t *testing.T) {
	var notices []string
	r := &rooms{}
	m := &Model{File: &onnx.Model{Graph: &onnx.Graph{}}, opener: r, notice: func(text string) { notices = append(notices, text) }}
	s, err := m.open(t.Context(), Source{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := (&narrow{room: 5}).Run(t.Context(), batch(5))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Run(t.Context(), batch(5)); err != nil || !same(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if s.Provider() != "CPU" || len(r.opened) != 2 || r.opened[1] != CPU || len(notices) == 0 {
		t.Errorf("on %s, opened %v, notices %q", s.Provider(), r.opened, notices)
	}
	if _, ok := Innermost(s).(*narrow); !ok {
		t.Errorf("inside is %T", Innermost(s))
	}
}
