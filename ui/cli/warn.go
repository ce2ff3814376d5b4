package cli

import (
	"context"
	"picasso/backend/score"

	"picasso/backend"
)

// warn says what looks wrong with the input that a picture
// became, and returns it.
func warn(ctx context.Context, said *remarks, m *backend.Model, s subject, base score.Scores) []string {
	texts := score.Doubts(ctx, m, s.picture, s.tensor, base, m.OutputKind())
	said.tell(s.item, texts)
	return texts
}
