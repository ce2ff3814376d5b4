package gradients

import (
	"context"
	"sync"

	"picasso/backend/infer"
)

// manyPictures is the number of pictures from which sessions for lanes are opened:
// opening takes as long as a few gradients.
const manyPictures = 4

// lanes is the number of passes in which that many pictures run beside each other.
// Within one pass the runtime's threads wait for each other at every node, and for
// what one of them does alone; passes with a share of the threads each do not. The
// few pictures that many others leave over use what is open.
func (d *Differentiator) lanes(key planKey, pictures int) int {
	lanes := d.host.GradientLanes()
	if lanes == 1 || pictures >= manyPictures {
		return lanes
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	beside := key
	beside.lane = true
	if d.plans[key] == nil && d.plans[beside] != nil {
		return lanes
	}
	return 1
}

// inLanes runs pictures 0…count−1 in parts that suit the plan, in lanes beside
// each other. The first error ends the others.
func (d *Differentiator) inLanes(ctx context.Context, b *backward, lanes, count int, run func(ctx context.Context, from, to int) error) error {
	onCPU, err := d.onCPU(ctx, b)
	if err != nil {
		return err
	}
	size := d.pictures(b, onCPU)
	if lanes > 1 {
		size = max(1, min(size, (count+lanes-1)/lanes))
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	parts := make(chan int)
	var wait sync.WaitGroup
	for range min(lanes, (count+size-1)/size) {
		wait.Go(func() {
			for from := range parts {
				if err := run(ctx, from, min(from+size, count)); err != nil {
					stop(err)
				}
			}
		})
	}
	for from := 0; from < count && ctx.Err() == nil; from += size {
		parts <- from
	}
	close(parts)
	wait.Wait()
	return context.Cause(ctx)
}

// both runs the forward pass of a batch and the backward pass of every target
// of the group.
func (d *Differentiator) both(ctx context.Context, b *backward, g group, batch []infer.Tensor, found func(i, k int, gradient infer.Tensor)) error {
	p, err := d.forward(ctx, b, batch)
	if err != nil {
		return err
	}
	defer p.close()
	return d.backwards(ctx, b, p, g, found)
}
