package backend

import (
	"context"

	"picasso/backend/infer"
)

// guarded makes a session of the model survive a lack of memory: batches are
// halved, and what does not fit on an accelerator at all goes to the CPU. An
// accelerator gets one batch at a time, for each needs memory of its own.
func (m *Model) guarded(s infer.Session, src infer.Source) infer.Session {
	opt := infer.HalvingOptions{Notice: m.notice}
	if s.Provider() != "CPU" {
		s = infer.Limited(s, 1)
		opt.Fallback = func(ctx context.Context) (infer.Session, error) {
			return m.opener.Open(ctx, src, infer.SessionOptions{Provider: infer.CPU, Threads: m.threads, Prepack: m.prepacks(), Use: infer.Predicting})
		}
	}
	return infer.Halving(s, opt)
}
