package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"picasso/backend"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
)

// remarks says on standard error what was noticed about the pictures of a
// command: by who read and prepared them, and by the methods. What holds for
// many slices of a series is said once; JSON repeats it with each of them.
type remarks struct {
	w        io.Writer
	said     map[remark]bool
	pictures int // that were looked at
	with     int // those of them with remarks
	again    bool
}

// remark is what was said, of a series or a file.
type remark struct{ about, text string }

func newRemarks(env Env) *remarks { return &remarks{w: env.Stderr, said: map[remark]bool{}} }

// sameAs is what equal remarks are said once about.
func sameAs(it named.Item) string {
	if it.Slice != nil {
		return fmt.Sprint("series ", it.Slice.Series)
	}
	return it.Said + it.Name
}

// tell says what is new about an item.
func (r *remarks) tell(it named.Item, texts []string) {
	for _, text := range texts {
		key := remark{sameAs(it), text}
		if r.said[key] {
			r.again = true
			continue
		}
		r.said[key] = true
		where := it.Said
		if it.Slice != nil && slices.Contains(it.Slice.Remarks, text) {
			where = it.Slice.Whole
		}
		fmt.Fprintf(r.w, "picasso: %s: note: %s\n", visible.Text(where), line(text))
	}
}

// look counts a picture and says what was noticed while reading it. The remarks
// are for JSON.
func (r *remarks) look(s subject) []string {
	r.pictures++
	if s.picture == nil || len(s.picture.Notes) == 0 {
		return nil
	}
	r.with++
	r.tell(s.Item, s.picture.Notes)
	return slices.Clone(s.picture.Notes)
}

// count says how many pictures have remarks, where not each was said.
func (r *remarks) count() {
	if r.again && r.with > 0 {
		fmt.Fprintf(r.w, "picasso: %d of %d pictures have remarks; JSON has them with each\n", r.with, r.pictures)
	}
}

// doubts are what looks wrong with the input that a picture became.
func doubts(ctx context.Context, m *backend.Model, s subject, base score.Scores) []string {
	return score.Doubts(ctx, m, s.picture, s.tensor, base, m.OutputKind())
}

// warn says what looks wrong with the input that a picture
// became, and returns it.
func warn(ctx context.Context, said *remarks, m *backend.Model, s subject, base score.Scores) []string {
	texts := doubts(ctx, m, s, base)
	said.tell(s.Item, texts)
	return texts
}
