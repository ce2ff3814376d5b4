package cli

import (
	"context"
	"fmt"
	"picasso/backend/score"

	"picasso/backend"
)

// warn says on standard error what looks wrong with the input that a picture
// became, and returns it.
func warn(ctx context.Context, env Env, m *backend.Model, s subject, base score.Scores) []string {
	texts := score.Doubts(ctx, m, s.picture, s.tensor, base, m.OutputKind())
	for _, text := range texts {
		fmt.Fprintf(env.Stderr, "picasso: %s: note: %s\n", s.label, text)
	}
	return texts
}
