package backend

import (
	"context"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// rooms opens sessions with little room, except on the CPU.
type rooms struct{ opened []infer.ProviderName }

func (r *rooms) Block() int64 { return 0 }

func (r *rooms) Open(_ context.Context, _ infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	r.opened = append(r.opened, opt.Provider)
	if opt.Provider == infer.CPU {
		return &cramped{name: "CPU", room: 100}, nil
	}
	return &cramped{name: "CUDA"}, nil
}

func TestModelsGoOnWithTheCPUWhenTheDeviceIsFull(t *testing.T) {
	var notices []string
	five := []infer.Tensor{{Shape: []int{5, 1}, Data: []float32{1, 2, 3, 4, 5}}}
	r := &rooms{}
	m := &Model{File: &onnx.Model{Graph: &onnx.Graph{}}, opener: r, notice: func(text string) { notices = append(notices, text) }}
	s, err := m.open(t.Context(), infer.Source{}, infer.Predicting)
	if err != nil {
		t.Fatal(err)
	}
	want, err := (&cramped{room: 5}).Run(t.Context(), five)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Run(t.Context(), five); err != nil || len(got[0].Data) != 5 || got[0].Data[4] != want[0].Data[4] {
		t.Errorf("%v, %v", got, err)
	}
	if s.Provider() != "CPU" || len(r.opened) != 2 || r.opened[1] != infer.CPU || len(notices) == 0 {
		t.Errorf("on %s, opened %v, notices %q", s.Provider(), r.opened, notices)
	}
	if _, ok := infer.Innermost(s).(*cramped); !ok {
		t.Errorf("inside is %T", infer.Innermost(s))
	}
}

// cramped doubles what it is given, as long as a batch is not larger than its
// room.
type cramped struct {
	name string
	room int
}

func (*cramped) Inputs() []infer.Port { return []infer.Port{{Name: "x"}} }

func (*cramped) Outputs() []infer.Port { return []infer.Port{{Name: "y"}} }

func (c *cramped) Provider() string { return c.name }

func (*cramped) Close() error { return nil }

func (c *cramped) Run(_ context.Context, in []infer.Tensor) ([]infer.Tensor, error) {
	if in[0].Shape[0] > c.room {
		return nil, infer.ErrOutOfMemory
	}
	out := in[0].Clone()
	for i := range out.Data {
		out.Data[i] *= 2
	}
	return []infer.Tensor{out}, nil
}
