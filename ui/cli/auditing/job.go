// Package auditing is the work of `picasso audit`: it finds the pictures, opens the
// model, fills a shard, and tells what the rows have in common. Flags and exit codes
// are its caller's.
package auditing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"picasso/backend"
	"picasso/backend/files"
	"picasso/backend/picture"
	"picasso/ui/cli/meter"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/cases"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/store"
)

// Job is what somebody asked for.
type Job struct {
	Host    Host
	Folder  string // of pictures
	Out     string // of the audit
	Method  string // id, "" to choose
	Sets    []string
	Class   string // [audit.PredictedName], or one class
	Labels  string // see [labels.Read]; "" for none
	Policy  labels.Policy
	Renamed []string // "label=class"
	Masks   string   // their folder, "" for none
	Resume  bool     // an audit must be there
	Retry   bool     // items that failed are tried again
}

// Host is what the command line does for a job.
type Host struct {
	Model   func(ctx context.Context) (*backend.Model, error)
	Find    func(ctx context.Context, id string) (visualizers.Visualizer, error)
	Note    func(text string)         // what somebody should know
	Failed  func(item, reason string) // an item has no row
	Reason  func(error) string        // in one line, without a path
	Meter   func(label string) *meter.Meter
	Stdout  io.Writer
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
	model   *backend.Model // nil where nothing is run
	found   cases.Found    // empty where no folder was given
	auditor audit.Auditor
	store   *store.Store
	masks   *cases.Masks
}

func (s *subject) close() {
	if s.model != nil {
		s.model.Close()
	}
}

// Run makes the rows of one part, and of the whole also tells what they have in
// common. failed counts the items of the part without a row, of all.
func (j *Job) Run(ctx context.Context, part store.Shard) (failed, all int, err error) {
	s, err := j.open(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer s.close()
	if failed, err = j.pass(ctx, s, part); err != nil {
		return 0, 0, err
	}
	all = len(s.store.Items)
	if part != store.Whole {
		_, err = fmt.Fprintf(j.Host.Stdout, "shard %s is done; when all are, `picasso audit merge OUT --model M --image DIR` tells what they found\n", part)
		return failed, all, err
	}
	d, err := j.read(ctx, s.store)
	if err != nil {
		return 0, 0, err
	}
	return failed, all, j.tell(ctx, s, d)
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

// look finds the pictures and the masks.
func (j *Job) look(ctx context.Context, s *subject) (err error) {
	if s.found, err = cases.Find(ctx, j.Folder); err != nil {
		return wrong("%s: the folder cannot be read: %w", picture.Said(j.Folder), files.Innermost(err))
	}
	for _, text := range s.found.Notes {
		j.Host.Note(picture.Said(j.Folder) + ": " + text)
	}
	if len(s.found.Cases) == 0 {
		return wrong("%s: the folder contains no pictures; choose one that does", picture.Said(j.Folder))
	}
	if j.Masks == "" {
		return nil
	}
	if s.masks, err = cases.FindMasks(ctx, j.Masks); err != nil {
		return wrong("--masks: %w", err)
	}
	if s.masks.Len() == 0 {
		return wrong("--masks: the folder contains no pictures")
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
	line := j.Host.Meter("audit")
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
		return 0, fmt.Errorf("%s: %w; the same command goes on from there", picture.Said(j.Out), err)
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
