package cli

import (
	"context"
	"fmt"

	"picasso/backend"
	"picasso/backend/visible"
	"picasso/visualizers"
)

// tellCost says on standard error what a run will take that takes long.
func tellCost(ctx context.Context, env Env, m *backend.Model, v visualizers.Visualizer, values visualizers.Values, s subject) error {
	p, ok := v.(visualizers.Previewer)
	if !ok {
		return nil
	}
	cost := p.Preview(m, values)
	if cost.Long() && cost.Learn != nil {
		if err := cost.Learn(ctx); err != nil {
			return err
		}
		cost = p.Preview(m, values)
	}
	if cost.Long() {
		fmt.Fprintf(env.Stderr, "picasso: %s: %s: %s\n", visible.Text(s.said), v.Info().ID, cost)
	}
	return nil
}
