// Package auditing is the work of an audit, in the window and without it: it finds the
// pictures, opens the model, fills a shard, and tells what the rows have in common.
// What is shown of that, flags and exit codes are its caller's.
package auditing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"picasso/backend/files"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/ui/report/digest"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/cases"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/store"
)

// Job is what somebody asked for.
type Job struct {
	Host    Host
	Folder  string   // of pictures
	Paths   []string // those of them that are audited; nil for all
	Out     string   // of the audit
	Method  string   // id, "" to choose
	Sets    []string
	Class   string // [audit.PredictedName], or one class
	Labels  string // see [labels.Read]; "" for none
	Policy  labels.Policy
	Renamed []string // "label=class"
	Masks   string   // their folder, "" for none
	Resume  bool     // an audit must be there
	Retry   bool     // items that failed are tried again
	// Known is what was read of an audit that is viewed; nil reads it.
	Known *digest.Digest
	// Began is told of the folder once there is an audit in it; nil is allowed.
	Began func(out string)

	found *cases.Found // that were looked for already
}

// Model is an open model as an audit uses it.
type Model interface {
	audit.Subject
	Known() metadata.Card
	Provider() string
	// Oriented turns a picture as the model wants it.
	Oriented(*picture.Image) *picture.Image
	// Fit says what is wrong with a picture of that size.
	Fit(height, width int) error
}

// Opened is a model with the file that it came from.
type Opened struct {
	Model
	Path, SHA256 string
	Close        func() // nil where it stays open
}

// Line shows how far some work is.
type Line interface {
	Stage(text string, share float64)
	Clear()
}

// Host is what the caller does for a job.
type Host struct {
	Model   func(ctx context.Context) (Opened, error)
	Find    func(ctx context.Context, id string) (visualizers.Visualizer, error)
	Note    func(text string)         // what somebody should know
	Failed  func(item, reason string) // an item has no row
	Reason  func(error) string        // in one line, without a path
	Line    func(label string) Line
	Stdout  io.Writer // gets what was found, in words
	Version string
}

// UsageError is what is wrong with what was asked for: nothing was done.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *UsageError) Unwrap() error { return e.Err }

func wrong(format string, a ...any) error { return &UsageError{fmt.Errorf(format, a...)} }

// subject is what a job works with once it is open.
type subject struct {
	model   Opened      // without a Model where nothing is run
	found   cases.Found // empty where no folder was given
	auditor audit.Auditor
	store   *store.Store
	masks   *cases.Masks
}

func (s *subject) close() {
	if s.model.Close != nil {
		s.model.Close()
	}
}

// Result is an audit as far as it was done.
type Result struct {
	Digest *digest.Digest
	Cases  []*cases.Case // by row; nil where it is not in the folder, or none was given
	Failed int           // items of the part without a row
	All    int           // items of the whole

	oriented func(*picture.Image) *picture.Image // nil where no model says how
}

// Open gives the picture of a row, of a series the slice that was explained.
func (r *Result) Open(ctx context.Context, row int) (*picture.Image, error) {
	if row < 0 || row >= len(r.Cases) || r.Cases[row] == nil {
		return nil, cases.ErrGone
	}
	m, err := r.Cases[row].Open(ctx, r.Digest.Sample.Rows[row].Slice)
	if err != nil || r.oriented == nil {
		return m, err
	}
	return r.oriented(m), nil
}

// Shows reports whether pictures can be opened.
func (r *Result) Shows() bool {
	return slices.ContainsFunc(r.Cases, func(c *cases.Case) bool { return c != nil })
}

// Run makes the rows of one part, and of the whole also tells what they have in
// common; the result of a part has no digest.
func (j *Job) Run(ctx context.Context, part store.Shard) (*Result, error) {
	s, err := j.open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	return j.fill(ctx, s, part)
}

// fill makes the rows of a part that are missing.
func (j *Job) fill(ctx context.Context, s *subject, part store.Shard) (*Result, error) {
	failed, err := j.pass(ctx, s, part)
	if err != nil {
		return nil, err
	}
	r := &Result{Failed: failed, All: len(s.store.Items)}
	if part != store.Whole {
		_, err = fmt.Fprintf(j.Host.Stdout, "shard %s is done; when all are, `picasso audit merge OUT --model M --image DIR` tells what they found\n", part)
		return r, err
	}
	d, err := j.read(ctx, s.store)
	if err != nil {
		return nil, err
	}
	return r, j.tell(ctx, s, d, r)
}

// open finds the pictures, opens the model, and begins the audit or joins it.
func (j *Job) open(ctx context.Context) (*subject, error) {
	if j.Resume {
		if _, err := j.kept(); err != nil {
			return nil, err
		}
	}
	s := &subject{}
	if err := j.look(ctx, s); err != nil {
		return nil, err
	}
	var err error
	if s.model, err = j.Host.Model(ctx); err != nil {
		return nil, err
	}
	if err := j.begin(ctx, s); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// Count looks for the pictures, and tells how many there are.
func (j *Job) Count(ctx context.Context) (int, error) {
	s := &subject{}
	if err := j.look(ctx, s); err != nil {
		return 0, err
	}
	return len(s.found.Cases), nil
}

// find finds the pictures, once.
func (j *Job) find(ctx context.Context) (found cases.Found, err error) {
	if j.found != nil {
		return *j.found, nil
	}
	if j.Paths != nil {
		found, err = cases.Among(ctx, j.Folder, j.Paths)
	} else {
		found, err = cases.Find(ctx, j.Folder)
	}
	if err == nil {
		j.found = &found
	}
	return found, err
}

// look finds the pictures and the masks.
func (j *Job) look(ctx context.Context, s *subject) (err error) {
	again := j.found != nil
	if s.found, err = j.find(ctx); err != nil {
		return wrong("%s: the folder cannot be read: %w", picture.Said(j.Folder), files.Innermost(err))
	}
	for _, text := range s.found.Notes {
		if again {
			break
		}
		j.Host.Note(picture.Said(j.Folder) + ": " + text)
	}
	if len(s.found.Cases) == 0 {
		return wrong("%s: the folder contains no pictures; choose one that does", picture.Said(j.Folder))
	}
	if j.Masks == "" {
		return nil
	}
	if s.masks, err = cases.FindMasks(ctx, j.Masks); err != nil {
		return wrong("the masks: %w", err)
	}
	if s.masks.Len() == 0 {
		return wrong("the folder of masks contains no pictures")
	}
	return nil
}

// begin freezes what the rows depend on, or compares it with what is there.
func (j *Job) begin(ctx context.Context, s *subject) error {
	m, frozen, err := j.manifest(ctx, s)
	if err != nil {
		return err
	}
	var items []store.Item
	for _, c := range s.found.Cases {
		items = append(items, c.Item)
	}
	if s.store, err = store.Begin(j.Out, m, items, frozen); err != nil {
		return j.about(err)
	}
	s.keepFeatures(m, j.Host.Note)
	frozenItems := map[store.Item]bool{}
	for _, it := range s.store.Items {
		frozenItems[it] = true
	}
	late := slices.DeleteFunc(items, func(it store.Item) bool { return frozenItems[it] })
	if len(late) > 0 {
		j.Host.Note(fmt.Sprintf("%d pictures came after the audit was begun and are no part of it", len(late)))
	}
	return nil
}

// keepFeatures makes rows as the audit has them, which an earlier version may have
// begun.
func (s *subject) keepFeatures(now store.Manifest, note func(string)) {
	was := s.store.Manifest
	s.auditor.Features = was.Features != ""
	switch {
	case was.Features == "" && now.Features != "":
		note("the audit was begun without the network's features and goes on without them; a new one has them")
	case was.Features == "":
		note("no features of the network are kept: " + was.Without)
	}
}

// about is an error of the store, which follows the folder.
func (j *Job) about(err error) error {
	var other *store.MismatchError
	if errors.As(err, &other) || errors.Is(err, store.ErrNone) {
		return wrong("%s: %w", picture.Said(j.Out), err)
	}
	return fmt.Errorf("%s: %w", picture.Said(j.Out), err)
}

// kept opens the audit that is there.
func (j *Job) kept() (*store.Store, error) {
	s, err := store.Open(j.Out)
	if err != nil {
		return nil, j.about(err)
	}
	return s, nil
}

// pass makes the rows of one part; failed counts all that have none.
func (j *Job) pass(ctx context.Context, s *subject, part store.Shard) (failed int, err error) {
	if j.Began != nil {
		j.Began(j.Out)
	}
	line := j.Host.Line("audit")
	defer line.Clear()
	p := cases.Pass{
		Auditor: s.auditor, Store: s.store, Cases: s.found.Cases, Masks: s.masks, Ready: s.ready, Reason: j.Host.Reason, RetryErrors: j.Retry, Provider: s.model.Provider(),
		Progress: func(p cases.Progress) {
			if p.Reason != "" {
				line.Clear()
				j.Host.Failed(p.Item.Name, p.Reason)
			}
			line.Stage(p.String(), p.Share())
		},
	}
	if _, err := p.Run(ctx, part); err != nil {
		return 0, fmt.Errorf("%s: %w; its rows are kept, and the audit can be gone on with", picture.Said(j.Out), err)
	}
	states, err := s.store.States(ctx)
	for i, state := range states {
		if part.Has(i) && state == store.Failed {
			failed++
		}
	}
	return failed, err
}

// ready is a picture as the model takes it.
func (s *subject) ready(img *picture.Image) (*picture.Image, error) {
	img = s.model.Oriented(img)
	return img, s.model.Fit(img.Height, img.Width)
}
