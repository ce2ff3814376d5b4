package backend

import (
	"context"
	"fmt"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
)

// openForward opens the model so that output and, where not empty, logits come
// out of every run.
func (m *Model) openForward(ctx context.Context, output, logits string) (*infer.Forward, error) {
	return m.openForwardOf(ctx, m.File, m.edited, output, logits)
}

// openForwardOf is openForward for a graph that is the file's unless edited.
func (m *Model) openForwardOf(ctx context.Context, file *onnx.Model, edited bool, output, logits string) (*infer.Forward, error) {
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
func (m *Model) forwardFrom(ctx context.Context, src infer.Source, output, logits string) (*infer.Forward, error) {
	s, err := m.open(ctx, src)
	if err != nil {
		return nil, err
	}
	f := infer.NewForward(s, src, output, logits)
	if f.Output < 0 {
		s.Close()
		return nil, metadata.ModelError(m.Path, fmt.Sprintf("does not give the output %q when run", output), "Choose another output.")
	}
	return f, nil
}

func (m *Model) open(ctx context.Context, src infer.Source) (infer.Session, error) {
	s, err := m.opener.Open(ctx, src, infer.SessionOptions{Provider: m.provider, Threads: m.threads, Prepack: m.prepacks(), Mapped: m.mapped})
	if err != nil {
		return nil, err
	}
	return m.guarded(s, src), nil
}

func (m *Model) sourceOf(file *onnx.Model, edited bool, tensors []string) (infer.Source, error) {
	if len(tensors) == 0 && !edited {
		return infer.Source{Path: m.Path}, nil
	}
	small, folder, err := file.Detach()
	if err != nil {
		return infer.Source{}, err
	}
	if err := small.Graph.Expose(tensors...); err != nil {
		return infer.Source{}, err
	}
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
