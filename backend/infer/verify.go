package infer

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Tolerance is how far an accelerator's numbers may be from the CPU's, relative
// to the larger of 1 and the output's largest magnitude. Different orders of
// summation explain differences up to about 1e-4.
const Tolerance = 1e-3

// DisagreementError says that two providers compute different numbers.
type DisagreementError struct {
	Provider  string // whose numbers are in doubt
	Reference string // whose numbers are trusted
	Output    string // the output that differs most
	Diff      float64
}

func (e *DisagreementError) Error() string {
	return fmt.Sprintf("%s and %s disagree about this model: output %q differs by %.2g (allowed: %g). Use %[2]s for results you can trust",
		e.Provider, e.Reference, e.Output, e.Diff, Tolerance)
}

// Verify runs two sessions of one model on the same inputs and returns the
// largest difference of any output, relative as in [Tolerance]. Beyond the
// tolerance the error is a [*DisagreementError]. A number that is NaN in only
// one of the two differs infinitely.
func Verify(ctx context.Context, suspect, reference Session, inputs []Tensor) (float64, error) {
	have, err := suspect.Run(ctx, inputs)
	if err != nil {
		return 0, err
	}
	want, err := reference.Run(ctx, inputs)
	if err != nil {
		return 0, err
	}
	if len(have) != len(want) {
		return 0, fmt.Errorf("%s returns %d outputs and %s %d", suspect.Provider(), len(have), reference.Provider(), len(want))
	}
	worst := DisagreementError{Provider: suspect.Provider(), Reference: reference.Provider(), Diff: -1}
	for i := range want {
		if d := difference(have[i], want[i]); d > worst.Diff {
			worst.Diff, worst.Output = d, suspect.Outputs()[i].Name
		}
	}
	if worst.Diff > Tolerance {
		return worst.Diff, &worst
	}
	return max(worst.Diff, 0), nil
}

// VerifyProvider compares a session with the same model on the CPU, which it
// opens for this one run. A session that runs on the CPU is right by
// definition.
func VerifyProvider(ctx context.Context, o Opener, src Source, s Session, inputs []Tensor) (float64, error) {
	if s.Provider() == "CPU" {
		return 0, nil
	}
	reference, err := o.Open(ctx, src, SessionOptions{Provider: CPU})
	if err != nil {
		return 0, err
	}
	defer reference.Close()
	return Verify(ctx, s, reference, inputs)
}

func difference(have, want Tensor) float64 {
	if !slices.Equal(have.Shape, want.Shape) {
		return math.Inf(1)
	}
	var diff float64
	size := 1.0
	for i, w := range want.Data {
		h := have.Data[i]
		if h == w || h != h && w != w {
			continue // covers equal infinities and NaN in both
		}
		d := math.Abs(float64(h) - float64(w))
		if d != d {
			return math.Inf(1)
		}
		diff = max(diff, d)
		if !math.IsInf(float64(w), 0) {
			size = max(size, math.Abs(float64(w)))
		}
	}
	return diff / size
}
