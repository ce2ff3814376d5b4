package infer

import (
	"context"
	"errors"
	"math"
	"testing"
)

// fixed is a session with one answer.
type fixed struct {
	name   string
	answer []float32
	closed int
}

func (f *fixed) Inputs() []Port { return nil }

func (f *fixed) Outputs() []Port { return []Port{{Name: "logits"}} }

func (f *fixed) Provider() string { return f.name }

func (f *fixed) Close() error { f.closed++; return nil }

func (f *fixed) Run(context.Context, []Tensor) ([]Tensor, error) {
	return []Tensor{{Shape: []int{len(f.answer)}, Data: f.answer}}, nil
}

func TestVerify(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, c := range map[string]struct {
		have, want []float32
		diff       float64
		agree      bool
	}{
		"equal":                 {[]float32{1, 2}, []float32{1, 2}, 0, true},
		"small numbers":         {[]float32{0.0005}, []float32{0}, 0.0005, true},
		"too far":               {[]float32{0.5, 0.502}, []float32{0.5, 0.5}, 0.002, false},
		"relative when large":   {[]float32{100.05}, []float32{100}, 0.0005, true},
		"NaN in one":            {[]float32{nan}, []float32{0}, math.Inf(1), false},
		"NaN in both":           {[]float32{nan, 1}, []float32{nan, 1}, 0, true},
		"infinite in one":       {[]float32{inf}, []float32{1}, math.Inf(1), false},
		"infinite in reference": {[]float32{1}, []float32{inf}, math.Inf(1), false},
		"infinite in both":      {[]float32{inf}, []float32{inf}, 0, true},
		"another shape":         {[]float32{1}, []float32{1, 2}, math.Inf(1), false},
	} {
		diff, err := Verify(t.Context(), &fixed{name: "CUDA", answer: c.have}, &fixed{name: "CPU", answer: c.want}, nil)
		if math.Abs(diff-c.diff) > 1e-5 && diff != c.diff {
			t.Errorf("%s: difference %g, want %g", name, diff, c.diff)
		}
		var doubt *DisagreementError
		if errors.As(err, &doubt) == c.agree {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type opener struct {
	session *fixed
	opened  []ProviderName
}

func (o *opener) Block() int64 { return 0 }

func (o *opener) Open(_ context.Context, _ Source, opt SessionOptions) (Session, error) {
	o.opened = append(o.opened, opt.Provider)
	return o.session, nil
}

func TestVerifyProviderAsksTheCPUOnce(t *testing.T) {
	cpu := &opener{session: &fixed{name: "CPU", answer: []float32{1}}}
	if _, err := VerifyProvider(t.Context(), cpu, Source{}, &fixed{name: "CPU"}, nil); err != nil || len(cpu.opened) != 0 {
		t.Errorf("the CPU was compared with itself: %v", err)
	}
	_, err := VerifyProvider(t.Context(), cpu, Source{}, &fixed{name: "CUDA", answer: []float32{2}}, nil)
	var doubt *DisagreementError
	if !errors.As(err, &doubt) || doubt.Provider != "CUDA" || doubt.Reference != "CPU" || doubt.Output != "logits" {
		t.Errorf("got %v", err)
	}
	if len(cpu.opened) != 1 || cpu.opened[0] != CPU || cpu.session.closed != 1 {
		t.Errorf("opened %v, closed %d times", cpu.opened, cpu.session.closed)
	}
}
