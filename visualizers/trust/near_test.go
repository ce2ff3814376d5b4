package trust

import (
	"context"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/score"
	"picasso/visualizers"
)

// copied is a model of volumes that scores copies by what differs, and checks that
// nothing else does.
type copied struct {
	*function
	t     *testing.T
	base  infer.Tensor
	boxes int
}

func (c *copied) Depth() int { return 4 }

func (c *copied) Copies(_ context.Context, base infer.Tensor, _ []perturb.Box, _ *perturb.Occluder, _ perturb.Engine) (perturb.Copies, error) {
	c.base = base
	return c, nil
}

func (c *copied) Score(ctx context.Context, batch []infer.Tensor, changed []perturb.Box) ([]score.Scores, error) {
	for i, x := range batch {
		restored := x.Clone()
		changed[i].Lines(1, perturb.Size{4, 4, 4}, func(from, to int) { copy(restored.Data[from:to], c.base.Data[from:to]) })
		for k, v := range restored.Data {
			if v != c.base.Data[k] {
				c.t.Fatalf("voxel %d differs outside of the box %v", k, changed[i])
			}
		}
	}
	c.boxes += len(batch)
	return c.Predict(ctx, batch)
}

func (c *copied) Stats() perturb.Stats { return perturb.Stats{} }
func (c *copied) Close()               {}

// The curves of a volume are the same whether small changes are scored as boxes or
// all of it is run.
func TestCellsOfVolumesAreBoxes(t *testing.T) {
	f := &function{height: 16, width: 4, of: func(x []float32) (sum float64) {
		for i, v := range x {
			sum += float64(i%7) * float64(v)
		}
		return sum
	}}
	x := make([]float32, 64)
	for i := range x {
		x[i] = float32(i%5) + 1
	}
	in := ask(t, f, x...)
	c := &copied{function: f, t: t}
	var curves [2]*curve
	for k, subject := range []visualizers.Subject{solidOnly{f}, c} {
		in.Subject = subject
		b, err := newBench(in, cells{counts: [3]int{2, 2, 2}, size: [3]int{4, 4, 4}, solid: true}, measureOf(in, in.Targets[0]))
		if err != nil {
			t.Fatal(err)
		}
		s, err := b.substrate(t.Context(), Black)
		if err != nil {
			t.Fatal(err)
		}
		curves[k] = b.cells.newCurve([]int{5, 4, 0, 2, 7, 1, 3, 6}, 8, b.whole, s.covered)
		var jobs []job
		for step := 1; step < 8; step++ {
			jobs = append(jobs, job{curves[k], false, step}, job{curves[k], true, step})
		}
		if err := b.run(t.Context(), s, jobs, (&references{}).store); err != nil {
			t.Fatal(err)
		}
	}
	if c.boxes != 4 { // one and two cells of eight, beside each other, covered and shown
		t.Errorf("%d copies were scored as boxes", c.boxes)
	}
	for k := range curves[0].deletion {
		near(t, "deletion", curves[1].deletion[k].value, curves[0].deletion[k].value, 1e-12)
		near(t, "insertion", curves[1].insertion[k].value, curves[0].insertion[k].value, 1e-12)
	}
}

// solidOnly is a model of volumes that runs every copy whole.
type solidOnly struct{ *function }

func (solidOnly) Depth() int { return 4 }
