package cli

import (
	"context"
	"errors"
	"fmt"

	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/cli/meter"
	"picasso/ui/report/digest"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/cases"
	"picasso/visualizers/audit/store"
)

// auditMerge puts together what all parts of an audit found.
func auditMerge(ctx context.Context, env Env, args []string) error {
	r := &auditing{}
	var allowMissing bool
	var where texts
	fs := flags("audit merge")
	r.declare(fs)
	fs.BoolVar(&allowMissing, "allow-missing", false, "go on though some pictures have no row yet")
	if err := parse(env, fs, args, &where); err != nil {
		return err
	}
	kept, err := r.kept(where)
	if err != nil {
		return err
	}
	d, err := digest.Read(ctx, kept)
	if err != nil {
		return r.resumable(ctx, fmt.Errorf("%s: %w", picture.Said(r.out), err))
	}
	if d.Missing > 0 && !allowMissing {
		return &failure{SomeFailed, fmt.Errorf("%s: %d of %d pictures have no row yet; run the missing shards again, or add --allow-missing", picture.Said(r.out), d.Missing, kept.Manifest.Count)}
	}
	s, err := r.reopened(ctx, env, kept, d)
	if err != nil {
		return r.resumable(ctx, err)
	}
	if s.model != nil {
		defer s.model.Close()
	}
	if err := r.tell(ctx, env, s, d); err != nil {
		return r.resumable(ctx, err)
	}
	if failed := d.Analysis.Failed + d.Missing; failed > 0 {
		return someFailed(failed, kept.Manifest.Count)
	}
	return nil
}

// kept opens the audit that one word, or --out, names.
func (r *auditing) kept(where texts) (*store.Store, error) {
	if len(where) == 1 && r.out == "" {
		r.out = where[0]
	} else if len(where) > 0 || r.out == "" {
		return nil, wrong("give the folder of one audit")
	}
	s, err := store.Open(r.out)
	if err != nil {
		return nil, wrong("%s: %w", picture.Said(r.out), err)
	}
	return s, nil
}

// reopened has what is needed to run the model again, where the user gave it.
func (r *auditing) reopened(ctx context.Context, env Env, kept *store.Store, d *digest.Digest) (*auditSubject, error) {
	s := &auditSubject{store: kept}
	if r.folder != "" {
		if err := r.look(ctx, env, s); err != nil {
			return nil, err
		}
	}
	if r.model.path == "" || d.Recall(r.out) {
		return s, nil
	}
	if r.folder == "" {
		return nil, wrong("--image is missing: the model is run on the pictures again, to see what covering them changes")
	}
	if err := r.model.check(); err != nil {
		return nil, err
	}
	m := kept.Manifest
	r.method, r.class = m.Visualizer, m.Class
	for key, value := range m.Values {
		r.sets = append(r.sets, key+"="+value)
	}
	var err error
	if s.model, _, err = r.model.open(ctx, env); err != nil {
		return nil, err
	}
	now, _, err := r.manifest(ctx, env, s)
	now.Settings.Labels, now.Masks = m.Settings.Labels, m.Masks
	if err == nil {
		err = m.Differs(now)
		var other *store.MismatchError
		if errors.As(err, &other) {
			err = wrong("%s: %w", picture.Said(r.out), err)
		}
	}
	if err != nil {
		s.model.Close()
		return nil, err
	}
	return s, nil
}

// finish analyses the rows of a whole audit.
func (r *auditing) finish(ctx context.Context, env Env, s *auditSubject) error {
	d, err := digest.Read(ctx, s.store)
	if err != nil {
		return err
	}
	d.Recall(r.out)
	return r.tell(ctx, env, s, d)
}

// tell tries the pictures where that is still to be done, writes everything, and
// says what to look at.
func (r *auditing) tell(ctx context.Context, env Env, s *auditSubject, d *digest.Digest) error {
	if s.model != nil && !d.Analysis.Tried() {
		line := meter.New(env.Stderr, env.Progress, "covering pictures")
		t := audit.Trials{Auditor: s.auditor, Open: s.shown(d), Progress: func(done, of int) {
			line.Stage(fmt.Sprintf("%d of %d", done, of), float64(done)/float64(max(of, 1)))
		}}
		err := d.Try(ctx, r.out, t)
		line.Clear()
		if err != nil {
			return err
		}
	}
	var open func(ctx context.Context, i int) (*picture.Image, error)
	if s.found.Cases != nil {
		open = s.shown(d)
	}
	if err := d.Write(ctx, r.out, open); err != nil {
		return fmt.Errorf("%s: %w", picture.Said(r.out), err)
	}
	suspicions := 0
	for _, f := range d.Analysis.Flags {
		if f.Kind.Suspicion() {
			suspicions++
			fmt.Fprintf(env.Stdout, "look at this: %s\n", visible.Text(f.Sentence))
		}
	}
	if suspicions == 0 {
		fmt.Fprintln(env.Stdout, "nothing was found that has no business in the decision; that is no proof that there is nothing")
	}
	_, err := fmt.Fprintf(env.Stdout, "%s holds report.html, audit.json, rows.csv, rows.jsonl and maps.npy\n", visible.Text(picture.Said(r.out)))
	return err
}

// shown gives the pictures of items, of a series the slice that was explained.
func (s *auditSubject) shown(d *digest.Digest) func(ctx context.Context, i int) (*picture.Image, error) {
	at := map[store.Item]cases.Case{}
	for _, c := range s.found.Cases {
		at[c.Item] = c
	}
	return func(ctx context.Context, i int) (*picture.Image, error) {
		c, ok := at[s.store.Items[i]]
		if !ok {
			return nil, cases.ErrGone
		}
		m, err := c.Open(ctx, d.Sample.Rows[i].Slice)
		if err != nil || s.model == nil {
			return m, err
		}
		return s.ready(m)
	}
}

// auditReport writes everything again from what is there.
func auditReport(ctx context.Context, env Env, args []string) error {
	r := &auditing{}
	var where texts
	fs := flags("audit report")
	fs.StringVar(&r.folder, "image", "", "the `folder` of the pictures, which the page then shows")
	if err := parse(env, fs, args, &where); err != nil {
		return err
	}
	kept, err := r.kept(where)
	if err != nil {
		return err
	}
	d, err := digest.Read(ctx, kept)
	if err != nil {
		return r.resumable(ctx, fmt.Errorf("%s: %w", picture.Said(r.out), err))
	}
	d.Recall(r.out)
	s := &auditSubject{store: kept}
	if r.folder != "" {
		if err := r.look(ctx, env, s); err != nil {
			return err
		}
	}
	return r.resumable(ctx, r.tell(ctx, env, s, d))
}
