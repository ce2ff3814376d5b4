package survey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"picasso/backend/files"
	"picasso/backend/picture"
	"picasso/ui/auditing"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/report/digest"
	"picasso/visualizers"
	"picasso/visualizers/audit/store"
)

// errNoAudit says that a model cannot be audited.
var errNoAudit = errors.New("this model cannot be audited: it does not tell how pictures are prepared")

// Start begins the audit that was set up, or goes on with the one that is there.
func (s *Controller) Start() {
	setup := s.state.Setup
	if !setup.Ready() || s.state.Progress != nil {
		return
	}
	if s.c.State().Model == nil {
		s.c.Tell("audit the pictures", control.ErrNoModel)
		return
	}
	if !s.Complete() {
		return
	}
	s.keepArrangement()
	s.takeBack()
	s.state.Result, s.state.Out, s.state.Halted = nil, "", ""
	s.began = setup
	s.run(setup, func(ctx context.Context, j *auditing.Job) (*auditing.Result, error) {
		if setup.Out == "" {
			if err := s.temporary(ctx, j); err != nil {
				return nil, err
			}
		}
		return j.Run(ctx, store.Whole)
	})
}

// Proceed does what is asked for first: it goes on with the audit that was stopped, or
// begins the one that was set up.
func (s *Controller) Proceed() {
	if s.state.Halted != "" {
		s.Continue()
		return
	}
	s.Start()
}

// Continue goes on with the audit that was stopped.
func (s *Controller) Continue() {
	if s.state.Out == "" || s.state.Progress != nil {
		return
	}
	if s.c.State().Model == nil {
		s.c.Tell("go on with the audit", control.ErrNoModel)
		return
	}
	setup := s.began
	setup.Out = s.state.Out
	s.run(setup, func(ctx context.Context, j *auditing.Job) (*auditing.Result, error) { return j.Continue(ctx) })
}

// run lends the model to the work of an audit.
func (s *Controller) run(setup Setup, work func(context.Context, *auditing.Job) (*auditing.Result, error)) {
	s.endView()
	s.state.Progress = &Progress{Stage: "audit", Text: "looking for pictures"}
	s.state.Notes, s.state.Failed, s.state.Halted = nil, 0, ""
	methods := map[string]visualizers.Visualizer{} // panels belong to this goroutine
	for _, p := range s.c.State().Panels {
		methods[p.Info.ID] = p.Visualizer
	}
	out, temporary := setup.Out, setup.Out == "" || s.state.Temporary && setup.Out == s.state.Out
	task.Start(s.work, control.Lend(s.c, func(ctx context.Context, m control.Model, tell func(func())) (*auditing.Result, error) {
		model, ok := m.(auditing.Model)
		if !ok {
			return nil, errNoAudit
		}
		about := m.About()
		j := s.job(setup)
		j.Host.Model = func(context.Context) (auditing.Opened, error) {
			return auditing.Opened{Model: model, Path: about.Path, SHA256: about.SHA256}, nil
		}
		j.Host.Find = func(_ context.Context, id string) (visualizers.Visualizer, error) {
			if v, ok := methods[id]; ok {
				return v, nil
			}
			return nil, fmt.Errorf("there is no method %s here", id)
		}
		j.Host.Note = func(text string) { tell(func() { s.state.Notes = append(s.state.Notes, text); s.changed() }) }
		j.Host.Failed = func(string, string) { tell(func() { s.state.Failed++ }) }
		j.Host.Line = func(label string) auditing.Line { return &line{stage: label, tell: tell, s: s} }
		j.Began = func(folder string) {
			tell(func() { s.state.Out, s.state.Temporary, out = folder, temporary, folder })
		}
		return work(ctx, j)
	}), func(r *auditing.Result, err error) {
		s.state.Progress = nil
		if err != nil {
			s.halt("The audit did not end.")
			s.c.Tell("audit the pictures", err)
			s.changed()
			return
		}
		s.show(r, out)
	})
	s.changed()
}

// job is one of the window.
func (s *Controller) job(setup Setup) *auditing.Job {
	return &auditing.Job{
		Folder: setup.Folder, Paths: setup.Paths, Out: setup.Out, Method: setup.Method, Labels: setup.Labels, Masks: setup.Masks, Class: setup.explained(),
		Policy: setup.Policy, Renamed: setup.Renamed,
		Host: auditing.Host{
			Note: func(string) {}, Failed: func(string, string) {}, Reason: reason, Stdout: io.Discard, Version: s.version,
		},
	}
}

// line tells ten times a second at most how far some work is.
type line struct {
	s     *Controller
	stage string
	tell  func(func())
	last  time.Time
}

// Stage implements [auditing.Line].
func (l *line) Stage(text string, share float64) {
	if now := time.Now(); now.Sub(l.last) >= 100*time.Millisecond || share == 1 {
		l.last = now
		p := &Progress{Stage: l.stage, Text: text, Share: share}
		if l.stage != "audit" {
			p.Text = l.stage + ", " + text
		}
		l.tell(func() {
			l.s.state.Progress = p
			l.s.changed()
		})
	}
}

// Clear implements [auditing.Line].
func (l *line) Clear() {}

// end stops the audit; its rows stay, and it can be gone on with.
func (s *Controller) end() {
	running := s.work.Running()
	s.work.Stop()
	if running && s.state.Progress != nil {
		s.halt("The audit was stopped.")
		s.state.Progress = nil
		s.changed()
	}
}

// endView stops the reading of an audit; what was shown before stays.
func (s *Controller) endView() {
	running := s.viewing.Running()
	s.viewing.Stop()
	if running {
		s.state.Progress = nil
		s.changed()
	}
}

// halt says that the audit is not whole, if it was begun.
func (s *Controller) halt(why string) {
	if s.state.Out != "" {
		s.state.Halted = why + " Its rows are kept."
	}
}

// Open shows the audit in a folder.
func (s *Controller) Open(out string) { s.view(Setup{Out: out, Policy: usualPolicy}, nil) }

// ShowSoFar shows what the audit that was stopped has found.
func (s *Controller) ShowSoFar() {
	setup := s.began
	setup.Out = s.state.Out
	s.view(setup, nil)
}

// Locate says where the pictures of the audit are, whose folder does not tell that.
func (s *Controller) Locate(folder string) {
	if s.state.Out == "" {
		return
	}
	setup := s.began
	setup.Folder, setup.Paths, setup.Out = folder, nil, s.state.Out
	var known *digest.Digest
	if r := s.state.Result; r != nil {
		known = r.Digest
	}
	s.view(setup, known)
}

// view reads an audit, except what is known of it.
func (s *Controller) view(setup Setup, known *digest.Digest) {
	s.end()
	same := setup.Out == s.state.Out
	s.state.Progress = &Progress{Stage: "audit", Text: "reading what was found"}
	task.Start(s.viewing, func(ctx context.Context, tell func(func())) (*auditing.Result, error) {
		j := s.job(setup)
		j.Known = known
		j.Host.Line = func(label string) auditing.Line { return &line{stage: label, tell: tell, s: s} }
		return j.View(ctx)
	}, func(r *auditing.Result, err error) {
		s.state.Progress = nil
		if err != nil {
			s.c.Tell("open the audit", err)
			s.changed()
			return
		}
		s.began = setup
		s.state.Temporary = s.state.Temporary && same
		s.state.Notes = nil
		s.show(r, setup.Out)
	})
	s.changed()
}

// show makes a result the one that is looked at.
func (s *Controller) show(r *auditing.Result, out string) {
	st := &s.state
	st.Result, st.Out, st.Halted, st.Failed = r, out, "", r.Failed
	if d := r.Digest; d.Missing > 0 {
		st.Halted = fmt.Sprintf("%d of %d pictures have no row yet.", d.Missing, d.Manifest.Count)
	}
	st.Serial++
	st.Current = -1
	s.small.Clear()
	s.large, s.largest = nil, wish{}
	clear(s.failing)
	s.wishes = nil
	s.compare()
	s.begin()
}

// Close goes back to setting up another audit; what is kept in its folder stays.
func (s *Controller) Close() {
	s.end()
	s.endView()
	s.keepArrangement()
	st := &s.state
	st.Result, st.Out, st.Halted, st.Foreign, st.Notes = nil, "", "", "", nil
	st.Serial++
	st.Subset, st.Current, st.Listed = Subset{}, -1, nil
	s.changed()
}

// reason is an error in one line that names no path.
func reason(err error) string {
	var p *picture.Error
	if errors.As(err, &p) {
		bare := *p
		bare.Path = ""
		err = &bare
	}
	return strings.TrimPrefix(strings.Join(strings.Fields(files.Innermost(err).Error()), " "), ": ")
}

// Name is what the folder of pictures, or of the audit, is called.
func Name(path string) string { return filepath.Base(picture.Said(path)) }
