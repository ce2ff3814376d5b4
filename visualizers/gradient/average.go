package gradient

import (
	"context"
	"fmt"
	"sync"

	"picasso/backend/infer"
	"picasso/visualizers"
)

// average sums the gradients of many inputs, in batches, and draws what it
// has after each.
type average struct {
	in      visualizers.Input
	id      string
	total   int
	sample  func(i int, x infer.Tensor) (weight float64) // writes to x
	squares bool                                         // sum the squares too
	draw    func(sums) ([]visualizers.Map, error)
	emit    func(visualizers.Result)
	stage   string
}

// sums are weighted sums of gradients and of their squares, per target.
type sums struct {
	shape  []int
	weight float64
	first  [][]float64
	second [][]float64 // nil unless squares are wanted
}

func (a average) run(ctx context.Context) (visualizers.Result, error) {
	if err := a.in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	d, err := visualizers.AsDifferentiable(a.in.Subject)
	if err != nil {
		return visualizers.Result{}, err
	}
	s := newSums(a.in, a.squares)
	batch := max(1, a.in.Subject.Batch())
	inputs := make([]infer.Tensor, min(batch, a.total)) // written to anew for each batch: new memory is dear
	for i := range inputs {
		inputs[i] = infer.NewTensor(a.in.Tensor.Shape...)
	}
	var maps []visualizers.Map
	for start := 0; start < a.total; start += batch {
		end := min(a.total, start+batch)
		if err := a.add(ctx, d, &s, inputs[:end-start], start); err != nil {
			return visualizers.Result{}, err
		}
		if a.emit != nil || end == a.total {
			if maps, err = a.draw(s); err != nil {
				return visualizers.Result{}, err
			}
		}
		if a.emit != nil && end < a.total {
			a.emit(visualizers.Result{Maps: maps, Done: float64(end) / float64(a.total), Passes: end, Stage: a.stage})
		}
		if err := a.in.Rest(ctx, float64(end)/float64(a.total)); err != nil {
			return visualizers.Result{}, err
		}
	}
	return visualizers.Result{Maps: maps, Done: 1, Passes: a.total, Warnings: visualizers.GradientNotes(a.in.Subject)}, nil
}

// add runs samples from start on, as many as there are inputs to write them to.
func (a average) add(ctx context.Context, d visualizers.Differentiable, s *sums, inputs []infer.Tensor, start int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	weights := make([]float64, len(inputs))
	var wait sync.WaitGroup // noise takes as long as a tenth of the passes
	for i := range inputs {
		wait.Go(func() { weights[i] = a.sample(start+i, inputs[i]) })
	}
	wait.Wait()
	gs, err := d.Gradient(ctx, inputs, a.in.Targets)
	if err != nil {
		return fmt.Errorf("sample %d of %d: %w", start+1, a.total, err)
	}
	for i, g := range gs {
		s.add(g, weights[i])
	}
	return nil
}

func newSums(in visualizers.Input, squares bool) sums {
	s := sums{shape: in.Tensor.Shape}
	for range in.Targets {
		s.first = append(s.first, make([]float64, len(in.Tensor.Data)))
		if squares {
			s.second = append(s.second, make([]float64, len(in.Tensor.Data)))
		}
	}
	return s
}

func (s *sums) add(gradients []infer.Tensor, weight float64) {
	s.weight += weight
	for k, g := range gradients {
		for i, v := range g.Data {
			s.first[k][i] += weight * float64(v)
		}
		if s.second == nil {
			continue
		}
		for i, v := range g.Data {
			s.second[k][i] += weight * float64(v) * float64(v)
		}
	}
}

// attributions are the mean gradient, the mean square or the variance, per
// target.
func (s sums) attributions(kind string) []infer.Tensor {
	out := make([]infer.Tensor, len(s.first))
	for k := range out {
		t := infer.NewTensor(s.shape...)
		for i := range t.Data {
			mean := s.first[k][i] / s.weight
			switch kind {
			case "squared":
				mean = s.second[k][i] / s.weight
			case "variance":
				mean = max(0, s.second[k][i]/s.weight-mean*mean)
			}
			t.Data[i] = float32(mean)
		}
		out[k] = t
	}
	return out
}
