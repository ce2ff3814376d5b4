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
		return &cramped{name: "CPU", room: 100}, nil
	}
	return &cramped{name: "CUDA"}, nil
}

func TestModelsGoOnWithTheCPUWhenTheDeviceIsFull(t *testing.T) {
	var notices []string
	five := []Tensor{{Shape: []int{5, 1}, Data: []float32{1, 2, 3, 4, 5}}}
	r := &rooms{}
	m := &Model{File: &onnx.Model{Graph: &onnx.Graph{}}, opener: r, notice: func(text string) { notices = append(notices, text) }}
	s, err := m.open(t.Context(), Source{})
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
	if s.Provider() != "CPU" || len(r.opened) != 2 || r.opened[1] != CPU || len(notices) == 0 {
		t.Errorf("on %s, opened %v, notices %q", s.Provider(), r.opened, notices)
	}
	if _, ok := Innermost(s).(*cramped); !ok {
		t.Errorf("inside is %T", Innermost(s))
	}
}

// cramped doubles what it is given, as long as a batch is not larger than its
// room.
type cramped struct {
	name string
	room int
}

func (*cramped) Inputs() []Port     { return []Port{{Name: "x"}} }
func (*cramped) Outputs() []Port    { return []Port{{Name: "y"}} }
func (c *cramped) Provider() string { return c.name }
func (*cramped) Close() error       { return nil }

func (c *cramped) Run(_ context.Context, in []Tensor) ([]Tensor, error) {
	if in[0].Shape[0] > c.room {
		return nil, ErrOutOfMemory
	}
	out := in[0].Clone()
	for i := range out.Data {
		out.Data[i] *= 2
	}
	return []Tensor{out}, nil
}
