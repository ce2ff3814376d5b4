package script

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"picasso/backend/files"
	"picasso/backend/visible"
	"picasso/visualizers/script/wire"
)

// Host starts sandboxes.
type Host struct {
	Executable string   // that calls [Serve]
	Arguments  []string // with which it does
	Limits     Limits
	// Log gets what scripts print, a line at a time and safe to show; nil drops
	// it. It is called from the goroutine that runs the script.
	Log func(id, text string)
}

// NewHost uses this program itself, which must call [Serve] for [Command].
func NewHost() (*Host, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("scripts cannot be run: %w", err)
	}
	return &Host{Executable: executable, Arguments: []string{Command}, Limits: DefaultLimits()}, nil
}

// Open reads a script from a file and loads it.
func (h *Host) Open(ctx context.Context, path string) (*Script, error) {
	text, err := readSource(path)
	if err != nil {
		return nil, err
	}
	return h.Load(ctx, filepath.Base(path), text)
}

// readSource reads a file that should be a script.
func readSource(path string) (string, error) {
	text, err := files.Read(path, maxSource)
	if err != nil {
		return "", &Error{File: filepath.Base(path), Message: fmt.Sprintf("the script cannot be read: %v", err)}
	}
	return string(text), checkSource(filepath.Base(path), string(text))
}

func checkSource(name, text string) error {
	switch {
	case len(text) > maxSource:
		return &Error{File: name, Message: fmt.Sprintf("the file is larger than %d kB; a visualizer must be smaller", maxSource>>10)}
	case !utf8.ValidString(text):
		return &Error{File: name, Message: "the file is not UTF-8 text; save it as UTF-8"}
	}
	return nil
}

// Load runs the top level of a script in a sandbox to learn what it declares.
// Faults of the script are an [*Error].
func (h *Host) Load(ctx context.Context, name, text string) (*Script, error) {
	if err := checkSource(name, text); err != nil {
		return nil, err
	}
	s := &Script{name: name, text: text, host: h}
	p, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.declared(ctx, p)
	p.end()
	if err != nil {
		return nil, s.verdict(ctx, p, err)
	}
	return s, s.adopt(d)
}

func (s *Script) start(ctx context.Context) (*process, error) {
	return s.host.start(ctx, wire.Source{Name: s.name, Text: s.text})
}

// declared waits for the declaration.
func (s *Script) declared(ctx context.Context, p *process) (*wire.Declaration, error) {
	for printed := 0; ; {
		m, err := p.receive()
		if err != nil {
			return nil, &lost{err}
		}
		switch m.Kind {
		case wire.Print:
			s.print(m.Text, &printed)
		case wire.Failed:
			return nil, newError(s.name, m.Fault)
		case wire.Declared:
			if m.Declaration != nil {
				return m.Declaration, nil
			}
			return nil, &lost{wire.ErrFrame}
		default:
			return nil, &lost{wire.ErrFrame}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// print hands on what a script printed, up to its limit.
func (s *Script) print(text string, printed *int) {
	const mark = 64 // room for the line that says that something was dropped
	if *printed += len(text) + 1; *printed > s.host.Limits.Print+mark || s.host.Log == nil {
		return
	}
	id := s.info.ID
	if id == "" {
		id = s.name
	}
	for line := range strings.SplitSeq(text, "\n") {
		s.host.Log(id, visible.Text(line))
	}
}

// lost is the end of the connection to a sandbox.
type lost struct{ err error }

func (l *lost) Error() string { return "the connection to the script's process was lost" }
func (l *lost) Unwrap() error { return l.err }

// verdict is the error of a run after its process has ended: that of ctx, of
// the model or of the script, or why the process died.
func (s *Script) verdict(ctx context.Context, p *process, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var l *lost
	if errors.As(err, &l) {
		return &Error{File: s.name, Message: p.obituary(l.err)}
	}
	return err
}
