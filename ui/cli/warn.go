package cli

import (
	"context"
	"picasso/backend/score"

	"picasso/backend"
	"picasso/ui/check"
)

// warn says what looks wrong with the input that a picture
// became, and returns it.
func warn(ctx context.Context, said *remarks, m *backend.Model, s subject, base score.Scores) []string {
	classes := m.Output.Kind != score.Embedding && m.Output.Kind != score.Regression
	texts := check.Input(ctx, m, s.picture, s.tensor, base, classes)
	said.tell(s.item, texts)
	return texts
}
