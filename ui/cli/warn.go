package cli

import (
	"context"
	"fmt"
	"picasso/backend/score"

	"picasso/backend"
	"picasso/ui/check"
)

// warn says on standard error what looks wrong with the input that a picture
// became, and returns it.
func warn(ctx context.Context, env Env, m *backend.Model, s subject, base score.Scores) []string {
	classes := m.Output.Kind != score.Embedding && m.Output.Kind != score.Regression
	texts := check.Input(ctx, m, s.picture, s.tensor, base, classes)
	for _, text := range texts {
		fmt.Fprintf(env.Stderr, "picasso: %s: note: %s\n", s.label, text)
	}
	return texts
}
