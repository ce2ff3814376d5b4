package comparison

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"picasso/backend"
	"picasso/ui/control"
	"picasso/ui/control/task"
)

// beside is the second model, with the work that still uses it.
type beside struct {
	control.Model
	users  sync.WaitGroup
	closed chan struct{} // once its sessions are gone
}

// release closes the model once its last user has left, in the background.
func (b *beside) release() {
	go func() {
		defer close(b.closed)
		b.users.Wait()
		b.Close()
	}()
}

// wait waits until the model is closed. b may be nil.
func (b *beside) wait(ctx context.Context) {
	if b == nil {
		return
	}
	select {
	case <-b.closed:
	case <-ctx.Done():
	}
}

// second is the second model: which one, and whether it is open. It is held only
// while the view of two models is shown, and never beside a third: it rests while
// the window opens another one.
type second struct {
	*task.Task
	path   string  // "" for none
	before bool    // it is the one before the newest in the followed folder
	model  *beside // nil while it is not open
	gone   *beside // that was closed last
	stage  string  // of opening it, in words
	err    error   // why it cannot be opened
}

// Second is the second model.
type Second struct {
	Path   string // "" for none
	Name   string
	Before bool          // it is the one before the newest in the followed folder
	Model  control.Model // nil while it is not open
	Stage  string        // of opening it, in words
	Err    error         // why it cannot be opened
}

// Second is the second model.
func (m *Controller) Second() Second {
	b := &m.pairs.b
	s := Second{Path: b.path, Name: filepath.Base(b.path), Before: b.before, Stage: b.stage, Err: b.err}
	if b.model != nil {
		s.Model, s.Name = b.model.Model, b.model.About().Name
	}
	return s
}

// CompareWith makes the model in a file, or the newest in a folder, the second one;
// "" for none.
func (m *Controller) CompareWith(path string) {
	newest, err := backend.NewestModel(path)
	if path != "" && err != nil {
		m.c.Tell("compare with "+filepath.Base(path), err)
		return
	}
	if path == "" {
		newest = ""
	}
	m.compareWith(newest, false)
}

// CompareWithBefore makes the model that was the newest one in the followed folder
// before the present one the second model, and does so whenever another one lands.
func (m *Controller) CompareWithBefore() {
	path, err := m.former()
	if err != nil {
		m.c.Tell("compare with the model before", err)
		return
	}
	m.compareWith(path, true)
}

// former is the newest model of the followed folder beside the open one.
func (m *Controller) former() (string, error) {
	s := m.c.State()
	if s.Watched == "" {
		return "", errors.New("no folder of checkpoints is followed; choose File, Follow a folder of checkpoints first")
	}
	return backend.NewestBeside(s.Watched, s.About.Path)
}

func (m *Controller) compareWith(path string, before bool) {
	b := &m.pairs.b
	if path == b.path && b.err == nil {
		b.before = before
		m.announce()
		return
	}
	m.pairs.drop(m)
	b.path, b.before, b.err = path, before, nil
	m.follow()
	m.announce()
}

// rest closes the second model until it is wanted again.
func (b *second) rest() {
	b.Stop()
	b.stage = ""
	if b.model != nil {
		b.model.release()
		b.gone, b.model = b.model, nil
	}
}

// wake opens the second model, once the one before it is closed.
func (b *second) wake(m *Controller) {
	if b.path == "" || b.model != nil || b.Running() || b.err != nil {
		return
	}
	open, gone := m.c.OpenBeside(b.path), b.gone
	b.stage = "reading the file"
	task.Start(b.Task, func(ctx context.Context, tell func(func())) (control.Model, error) {
		if gone.wait(ctx); ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return open(ctx, func(words string) {
			tell(func() {
				b.stage = words
				m.announce()
			})
		})
	}, func(model control.Model, err error) {
		b.stage, b.gone = "", nil
		if err != nil {
			b.err = err
			m.announce()
			return
		}
		b.model = &beside{Model: model, closed: make(chan struct{})}
		m.follow()
		m.announce()
	})
	m.announce()
}
