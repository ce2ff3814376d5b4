package backend

import (
	"context"
	"errors"
	"math"
	"os"

	"picasso/backend/infer"
)

// maxRepair is the size of a file in bytes up to which its batch is freed on
// the CPU too, where batches bring little and opening twice costs time.
const maxRepair = 256 << 20

// freeBatch lets a model that was exported for one picture take several, where
// a batch of two different pictures gives what two single runs give. Otherwise
// the model stays as it is, and pictures are run one by one.
func (m *Model) freeBatch(ctx context.Context) error {
	if !m.Input.FixedBatch || !m.Input.Batched || m.Input.Pictures > 1 {
		return nil
	}
	if info, err := os.Stat(m.Path); err != nil || info.Size() > maxRepair && m.Provider() == "CPU" {
		return nil
	}
	one, two := m.Input.Pattern(), m.Input.Pattern()
	for i := range two.Data {
		two.Data[i] = one.Data[len(one.Data)-1-i]
	}
	var want [][]infer.Tensor
	for _, x := range []infer.Tensor{one, two} {
		in, err := m.Input.Feed([]infer.Tensor{x})
		if err != nil {
			return err
		}
		out, err := m.forward().Session.Run(ctx, []infer.Tensor{in})
		if err != nil {
			return ctx.Err()
		}
		want = append(want, out)
	}
	kept, edited := m.File, m.edited
	m.File, m.edited = m.File.Clone(), true
	m.File.UnfixBatch("batch")
	opened, err := m.openForward(ctx, m.Output.Name, m.forward().Exposed())
	if err == nil {
		if err = m.sameTogether(ctx, opened, []infer.Tensor{one, two}, want); err == nil {
			m.forward().Session.Close()
			m.main, m.Input.FixedBatch = opened, false
			m.Say("batch", "the batch size of 1 in the file was made variable: two pictures together give the same results as each alone")
			return nil
		}
		opened.Session.Close()
	}
	m.File, m.edited = kept, edited
	m.Say("batch", "the file takes one picture at a time")
	return ctx.Err()
}

// errDiffers says that a batch gives other values than single runs.
var errDiffers = errors.New("a batch gives other values than single pictures do")

// sameTogether compares a batch with single runs.
func (m *Model) sameTogether(ctx context.Context, f *infer.Forward, pictures []infer.Tensor, want [][]infer.Tensor) error {
	in, err := m.Input.Feed(pictures)
	if err != nil {
		return err
	}
	got, err := f.Session.Run(ctx, []infer.Tensor{in})
	if err != nil {
		return err
	}
	for _, slot := range []int{f.Output, f.Logits} {
		if slot < 0 {
			continue
		}
		for i := range pictures {
			part, err := infer.Entry(got[slot], i, m.Input.Batched)
			if err != nil || got[slot].Shape[0] != len(pictures) || !near(part.Data, want[i][slot].Data) {
				return errDiffers
			}
		}
	}
	return nil
}

// near allows for sums in another order.
func near(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	scale := 1e-6
	for _, v := range b {
		scale = max(scale, math.Abs(float64(v)))
	}
	for i := range a {
		if d := math.Abs(float64(a[i] - b[i])); !(d <= 1e-4*scale) && a[i] != b[i] {
			return false
		}
	}
	return true
}
