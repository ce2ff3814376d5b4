package backend

import (
	"context"
	"fmt"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
)

// openForward opens the model so that the tensors come out of every run, and
// nothing else that the file gives: what is not read costs time, and text or
// lists cannot be fetched.
func (m *Model) openForward(ctx context.Context, tensors ...string) (*infer.Forward, error) {
	return m.openForwardOf(ctx, m.File, m.edited, tensors...)
}

// openForwardOf is openForward for a graph that is the file's unless edited.
func (m *Model) openForwardOf(ctx context.Context, file *onnx.Model, edited bool, tensors ...string) (*infer.Forward, error) {
	src, err := m.sourceOf(file, edited, tensors)
	if err != nil {
		return nil, err
	}
	return m.forwardFrom(ctx, src, tensors...)
}

// forwardFrom opens a form of the model that gives the tensors.
func (m *Model) forwardFrom(ctx context.Context, src infer.Source, tensors ...string) (*infer.Forward, error) {
	s, err := m.open(ctx, src, infer.Predicting)
	if err != nil {
		return nil, err
	}
	return m.forwardOf(s, src, tensors...)
}

// forwardOf takes over a session that is to give the tensors.
func (m *Model) forwardOf(s infer.Session, src infer.Source, tensors ...string) (*infer.Forward, error) {
	f := infer.NewForward(s, src, tensors...)
	for _, name := range tensors {
		if !f.Gives(name) {
			s.Close()
			return nil, metadata.ModelError(m.Path, fmt.Sprintf("does not return the output %q when it runs", name), "Choose another output.")
		}
	}
	return f, nil
}

func (m *Model) open(ctx context.Context, src infer.Source, use infer.Use) (infer.Session, error) {
	s, err := m.opener.Open(ctx, src, infer.SessionOptions{Provider: m.provider, Threads: m.threads, Prepack: m.prepacks(), Mapped: m.mapped, Use: use})
	if err != nil {
		return nil, err
	}
	return m.guarded(s, src), nil
}

// sourceOf is the file itself where it gives the tensors and no others, else a
// copy of its graph that does.
func (m *Model) sourceOf(file *onnx.Model, edited bool, tensors []string) (infer.Source, error) {
	if outputs := file.Graph.Outputs; !edited && len(outputs) == len(tensors) &&
		!slices.ContainsFunc(outputs, func(v *onnx.Value) bool { return !slices.Contains(tensors, v.Name) }) {
		return infer.Source{Path: m.Path}, nil
	}
	small, folder, err := file.Detach()
	if err != nil {
		return infer.Source{}, err
	}
	if err := small.Graph.Expose(tensors...); err != nil {
		return infer.Source{}, metadata.ModelError(m.Path, fmt.Sprintf("has its scores in a tensor that cannot be read: %v", err), "Export it with the class scores as output.")
	}
	small.Graph.KeepOutputs(tensors...)
	small.Graph.Prune()
	data, err := small.Encode()
	return infer.Source{Bytes: data, Folder: folder}, err
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
	m.jobs.Close()
	m.mu.Lock()
	all := m.derived()
	m.mu.Unlock()
	return all.close()
}
