package visualizers

import (
	"context"
)

// coarsest bounds the first level to this part of all points, so that a first
// map is there after a tenth of the time, drawing it included.
const coarsest = 12

// Rest waits while the user still moves one of the settings, once a share of the
// work is done that shows what there is: a run that will be replaced goes no
// further. A method that gets finer calls it after each partial result.
func (in Input) Rest(ctx context.Context, done float64) error {
	if in.Settled == nil || done*coarsest < 1 {
		return ctx.Err()
	}
	select {
	case <-in.Settled:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
