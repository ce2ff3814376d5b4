package quarantine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// Host is a runtime that tries models in children of this program before it
// opens them: it implements [backend.Quarantine].
type Host struct {
	infer.Runtime
	// Executable calls [Serve] when it is started with Arguments and, behind
	// them, the path of the library.
	Executable string
	Arguments  []string
	Library    string // path of ONNX Runtime, as the program loaded it; "" before Around
	// Innocent tells of models that need no trial, by the SHA-256 of their file:
	// those that come with the program. Nil is none.
	Innocent func(sum string) bool
	// Limits bound the trial of a model: [LimitsOf], unless set otherwise.
	Limits func(*onnx.Model) Limits

	known known
	spare spare
}

var _ backend.Quarantine = (*Host)(nil)

// New makes a quarantine, which [Host.Around] puts around a runtime. The children
// are this program itself, which must call [Serve] for [Command]. list is the file
// that remembers the models that passed, which need not exist.
func New(list string, innocent func(sum string) bool) (*Host, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("models cannot be tried: %w", err)
	}
	return &Host{Executable: executable, Arguments: []string{Command}, Innocent: innocent, Limits: LimitsOf, known: known{path: list}}, nil
}

// Around puts the quarantine around a runtime whose library lies at a path, before
// anything is opened.
func (h *Host) Around(r infer.Runtime, library string) *Host {
	h.Runtime, h.Library, h.known.runtime = r, library, r.Version()
	return h
}

// Try implements [backend.Quarantine].
func (h *Host) Try(file *onnx.Model, opt backend.ModelOptions, sum func() (string, error)) backend.Trial {
	t := &trial{host: h, name: filepath.Base(file.Path), stamp: stampOf(file.Path), limits: h.Limits(file), excused: make(chan struct{})}
	if _, ok := h.known.stamped(t.stamp); ok {
		t.old = true
		t.excuse()
		return t
	}
	recognise := func() {
		if s, err := sum(); err == nil && (h.known.has(s) || h.Innocent != nil && h.Innocent(s)) {
			t.excuse()
		}
	}
	if fileSize(file.Path) > soonRead || h.spare.waiting(t.limits.Memory) {
		go recognise()
	} else if recognise(); t.isExcused() {
		return t
	}
	if t.child, t.fault = h.some(t.limits.Memory); t.fault == nil {
		t.fault = t.child.ask(request{Path: file.Path, Options: wishes(opt), Limits: t.limits})
	}
	return t
}

// soonRead is the size in bytes of a file whose checksum is there before a
// process could be started.
const soonRead = 8 << 20

// trial is the trial of one model. Its methods are called one after the other.
type trial struct {
	host    *Host
	name    string // of the file
	stamp   string
	limits  Limits
	old     bool          // known by its stamp
	excused chan struct{} // closed by excuse
	once    sync.Once     // for excuse
	child   *child        // nil where none was started
	fault   error         // why not
	answer  *answer       // of its first run, nil where it gave none
}

// excuse lets the model pass without a trial, or without the rest of it.
func (t *trial) excuse() { t.once.Do(func() { close(t.excused) }) }

func (t *trial) isExcused() bool {
	select {
	case <-t.excused:
		return true
	default:
		return false
	}
}

// Opened implements [backend.Trial].
func (t *trial) Opened(ctx context.Context) error { return t.reach(ctx, opened, t.limits.Open) }

// Ran implements [backend.Trial].
func (t *trial) Ran(ctx context.Context) error {
	err := t.reach(ctx, ran, t.limits.Run)
	go t.Close() // what it would still do is done here now
	return err
}

// Answer implements [backend.Trial].
func (t *trial) Answer(in infer.Tensor, outputs []infer.Port) []infer.Tensor {
	return t.answer.to(in, outputs)
}

// reach waits for a stage of the child.
func (t *trial) reach(ctx context.Context, wanted stage, within time.Duration) error {
	if t.isExcused() {
		return nil
	}
	if t.fault != nil {
		return fmt.Errorf("%s is not opened, for it cannot be tried in a process of its own: %w. Start the program again", t.name, t.fault)
	}
	late := time.NewTimer(within)
	defer late.Stop()
	for {
		select {
		case <-t.excused:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			return t.slow(wanted, within)
		case r, ok := <-t.child.reports:
			switch {
			case !ok:
				return t.obituary()
			case r.Stage == ready && r.Library != t.host.Library:
				t.fault = errors.New("another library was installed meanwhile")
				return t.reach(ctx, wanted, within) // which says so
			case r.Stage == failed:
				return t.verdict(r)
			case r.Stage == wanted:
				t.answer = r.Answer
				return nil
			}
		}
	}
}

// Passed implements [backend.Trial].
func (t *trial) Passed(sum string) {
	if !t.old {
		t.host.known.add(sum, t.stamp)
	}
}

// Close implements [backend.Trial].
func (t *trial) Close() {
	if t.child != nil {
		t.child.end()
		time.AfterFunc(replacing, t.host.replaceSpare)
	}
}
