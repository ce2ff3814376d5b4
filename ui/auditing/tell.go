package auditing

import (
	"context"
	"fmt"
	"time"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/report/digest"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/cases"
	"picasso/visualizers/audit/store"
)

// IncompleteError says that an audit has not all its rows.
type IncompleteError struct{ Missing, Of int }

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("%d of %d pictures have no row yet; run the missing shards again, or add --allow-missing", e.Missing, e.Of)
}

// Merge tells what all parts of an audit found. Where run, the model is opened and
// the pictures are covered, unless that was done for the same rows.
func (j *Job) Merge(ctx context.Context, run, allowMissing bool) (*Result, error) {
	kept, err := j.kept()
	if err != nil {
		return nil, err
	}
	d, err := j.read(ctx, kept)
	if err != nil {
		return nil, err
	}
	if d.Missing > 0 && !allowMissing {
		return nil, fmt.Errorf("%s: %w", picture.Said(j.Out), &IncompleteError{d.Missing, kept.Manifest.Count})
	}
	s := &subject{store: kept}
	defer func() { s.close() }()
	if j.Folder != "" {
		if err := j.look(ctx, s); err != nil {
			return nil, err
		}
	}
	if run && !d.Analysis.Tried() {
		if err := j.reopen(ctx, s); err != nil {
			return nil, err
		}
	}
	r := &Result{Failed: d.Analysis.Failed + d.Missing, All: kept.Manifest.Count}
	return r, j.tell(ctx, s, d, r)
}

// View reads what an audit found so far, and writes nothing. Where a folder of
// pictures is given, they can be opened. What was read before is not read again.
func (j *Job) View(ctx context.Context) (*Result, error) {
	s := &subject{}
	var err error
	if s.store, err = j.kept(); err != nil {
		return nil, err
	}
	if j.Folder != "" {
		if err := j.look(ctx, s); err != nil {
			return nil, err
		}
	}
	d := j.Known
	if d == nil {
		if d, err = j.read(ctx, s.store); err != nil {
			return nil, err
		}
	}
	r := &Result{Digest: d, Failed: d.Analysis.Failed + d.Missing, All: s.store.Manifest.Count}
	s.list(r)
	return r, nil
}

// Continue makes the rows that an audit lacks, with the settings that it was begun
// with.
func (j *Job) Continue(ctx context.Context) (*Result, error) {
	s := &subject{}
	var err error
	if s.store, err = j.kept(); err != nil {
		return nil, err
	}
	defer func() { s.close() }()
	if err := j.look(ctx, s); err != nil {
		return nil, err
	}
	if s.store.Manifest.Masks && s.masks == nil {
		return nil, wrong("%s: the audit was begun with masks; say where they are", picture.Said(j.Out))
	}
	if err := j.reopen(ctx, s); err != nil {
		return nil, err
	}
	return j.fill(ctx, s, store.Whole)
}

// reopen opens the model that made the rows of an audit, with their settings.
func (j *Job) reopen(ctx context.Context, s *subject) (err error) {
	if j.Folder == "" {
		return wrong("--image is missing: the model is run on the pictures again, to see what covering them changes")
	}
	m := s.store.Manifest
	j.Method, j.Class = m.Visualizer, m.Class
	for key, value := range m.Values {
		j.Sets = append(j.Sets, key+"="+value)
	}
	if s.model, err = j.Host.Model(ctx); err != nil {
		return err
	}
	now, _, err := j.manifest(ctx, s)
	if err != nil {
		return err
	}
	now.Settings.Labels, now.Masks = m.Settings.Labels, m.Masks // they play no part here
	if err := m.Differs(now); err != nil {
		return j.about(err)
	}
	s.auditor.Features = m.Features != ""
	return nil
}

// read reads the rows, and what was tried with them.
func (j *Job) read(ctx context.Context, s *store.Store) (*digest.Digest, error) {
	line := j.Host.Line("audit")
	defer line.Clear()
	ctx = infer.WithProgress(ctx, line.Stage)
	d, err := digest.Read(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", picture.Said(j.Out), err)
	}
	d.Recall(j.Out)
	return d, nil
}

// tell tries the pictures where that can and has still to be done, writes
// everything, and says what to look at.
func (j *Job) tell(ctx context.Context, s *subject, d *digest.Digest, r *Result) error {
	r.Digest = d
	s.list(r)
	if s.model.Model != nil && !d.Analysis.Tried() {
		line, began := j.Host.Line("covering pictures"), time.Now()
		t := audit.Trials{Auditor: s.auditor, Open: s.fitting(r), Progress: func(done, of int) {
			took := time.Since(began)
			p := cases.Progress{Done: done, Of: of, Rate: float64(done) / took.Seconds(), Left: took / time.Duration(done) * time.Duration(of-done)}
			line.Stage(p.String(), p.Share())
		}}
		err := d.Try(ctx, j.Out, t)
		line.Clear()
		if err != nil {
			return err
		}
	}
	var open func(ctx context.Context, i int) (*picture.Image, error)
	if s.found.Cases != nil {
		open = r.Open
	}
	if err := d.Write(ctx, j.Out, open); err != nil {
		return fmt.Errorf("%s: %w", picture.Said(j.Out), err)
	}
	return j.say(d)
}

// say prints the suspicions.
func (j *Job) say(d *digest.Digest) error {
	suspicions := 0
	for _, f := range d.Analysis.Flags {
		if f.Kind.Suspicion() {
			suspicions++
			fmt.Fprintf(j.Host.Stdout, "look at this: %s\n", visible.Text(f.Sentence))
		}
	}
	if suspicions == 0 {
		fmt.Fprintln(j.Host.Stdout, "nothing was found that has no business in the decision; that is no proof that there is nothing")
	}
	arrays := "maps.npy"
	if d.Sample.Features != nil {
		arrays = "maps.npy and features.npy"
	}
	_, err := fmt.Fprintf(j.Host.Stdout, "%s holds report.html, audit.json, rows.csv, rows.jsonl, %s\n", visible.Text(picture.Said(j.Out)), arrays)
	return err
}

// fitting opens pictures that the model is to be run on.
func (s *subject) fitting(r *Result) func(ctx context.Context, i int) (*picture.Image, error) {
	return func(ctx context.Context, i int) (*picture.Image, error) {
		m, err := r.Open(ctx, i)
		if err != nil {
			return nil, err
		}
		return m, s.model.Fit(m.Height, m.Width)
	}
}

// list gives a result the pictures of its rows.
func (s *subject) list(r *Result) {
	at := make(map[store.Item]*cases.Case, len(s.found.Cases))
	for i := range s.found.Cases {
		at[s.found.Cases[i].Item] = &s.found.Cases[i]
	}
	if s.model.Model != nil {
		r.oriented = s.model.Oriented
	}
	r.Cases = make([]*cases.Case, len(s.store.Items))
	for i, it := range s.store.Items {
		r.Cases[i] = at[it]
	}
}
