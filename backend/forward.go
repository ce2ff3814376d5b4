package backend

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/onnx"
)

// forward is the session that predicts: the user's model as it is, with the
// logit tensor as a further output where it is not one already.
type forward struct {
	session Session
	source  Source
	output  int // place of the class output
	logits  int // place of the logit output, −1 where there is none
}

// openForward opens the model so that output and, where not empty, logits come
// out of every run.
func (m *Model) openForward(ctx context.Context, output, logits string) (*forward, error) {
	return m.openForwardOf(ctx, m.File, m.edited, output, logits)
}

// openForwardOf is openForward for a graph that is the file's unless edited.
func (m *Model) openForwardOf(ctx context.Context, file *onnx.Model, edited bool, output, logits string) (*forward, error) {
	var extra []string
	idx := file.Graph.Index()
	for _, name := range []string{output, logits} {
		if name != "" && idx.Output(name) == nil {
			extra = append(extra, name)
		}
	}
	src, err := m.sourceOf(file, edited, extra)
	if err != nil {
		return nil, err
	}
	return m.forwardFrom(ctx, src, output, logits)
}

// forwardFrom opens a form of the model that gives output and, where not
// empty, logits.
func (m *Model) forwardFrom(ctx context.Context, src Source, output, logits string) (*forward, error) {
	s, err := m.open(ctx, src)
	if err != nil {
		return nil, err
	}
	f := &forward{session: s, source: src, output: portIndex(s.Outputs(), output), logits: -1}
	if logits != "" {
		f.logits = portIndex(s.Outputs(), logits)
	}
	if f.output < 0 {
		s.Close()
		return nil, modelError(m.Path, fmt.Sprintf("does not give the output %q when run", output), "Choose another output.")
	}
	return f, nil
}

func portIndex(ports []Port, name string) int {
	return slices.IndexFunc(ports, func(p Port) bool { return p.Name == name })
}

func (m *Model) open(ctx context.Context, src Source) (Session, error) {
	s, err := m.opener.Open(ctx, src, SessionOptions{Provider: m.provider, Threads: m.threads, Prepack: m.prepacks()})
	if err != nil {
		return nil, err
	}
	return m.guarded(s, src), nil
}

// Source is the user's model with further tensors as outputs, ready for an
// [Opener]. Without any it is the file itself, else a small copy whose weights
// stay in the file.
func (m *Model) Source(tensors []string) (Source, error) {
	return m.sourceOf(m.graph(), m.edited, tensors)
}

func (m *Model) sourceOf(file *onnx.Model, edited bool, tensors []string) (Source, error) {
	if len(tensors) == 0 && !edited {
		return Source{Path: m.Path}, nil
	}
	small, folder, err := file.Detach()
	if err != nil {
		return Source{}, err
	}
	if err := addOutputs(small.Graph, tensors); err != nil {
		return Source{}, err
	}
	data, err := small.Encode()
	return Source{Bytes: data, Folder: folder}, err
}

// addOutputs lets tensors of the graph leave it. Their types are left to the
// runtime, which derives them.
func addOutputs(g *onnx.Graph, tensors []string) error {
	idx := g.Index()
	for _, name := range tensors {
		if idx.Output(name) != nil {
			continue
		}
		if n, _ := idx.Producer(name); n == nil && idx.Input(name) == nil {
			return fmt.Errorf("the model has no tensor %q", name)
		}
		v := &onnx.Value{Name: name}
		if known := idx.Value(name); known != nil {
			v.Type, v.Shape = known.Type, known.Shape
		}
		g.Outputs = append(g.Outputs, v)
	}
	return nil
}

// Expose returns a session of the user's model whose outputs are the file's
// own and then the given tensors (those that are no outputs already). It is
// opened once, shared between callers, and closed by [Model.Close], not by
// them.
func (m *Model) Expose(ctx context.Context, tensors []string) (Session, error) {
	if err := m.current(ctx); err != nil {
		return nil, err
	}
	key := strings.Join(tensors, "\x00")
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	if s := m.extra[key]; s != nil {
		return s, nil
	}
	src, err := m.Source(tensors)
	if err != nil {
		return nil, err
	}
	s, err := m.open(ctx, src)
	if err != nil {
		return nil, fmt.Errorf("inner tensors of %s cannot be read: %w", filepath.Base(m.Path), err)
	}
	if m.extra == nil {
		m.extra = make(map[string]Session)
	}
	m.extra[key] = s
	return s, nil
}

// Close ends the model's sessions; runs in progress stop with an error.
// Closing again does nothing.
func (m *Model) Close() error {
	m.mu.Lock()
	closed := m.closed
	m.closed = true
	m.mu.Unlock()
	if closed {
		return nil
	}
	m.jobs.close()
	m.mu.Lock()
	all := m.derived()
	m.mu.Unlock()
	return all.close()
}
