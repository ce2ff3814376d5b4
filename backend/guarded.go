package backend

import "context"

// guarded makes a session of the model survive a lack of memory: batches are
// halved, and what does not fit on an accelerator at all goes to the CPU. An
// accelerator gets one batch at a time, for each needs memory of its own.
func (m *Model) guarded(s Session, src Source) Session {
	opt := HalvingOptions{Notice: m.notice}
	if s.Provider() != "CPU" {
		s = Limited(s, 1)
		opt.Fallback = func(ctx context.Context) (Session, error) {
			return m.opener.Open(ctx, src, SessionOptions{Provider: CPU, Threads: m.threads, Prepack: m.prepacks()})
		}
	}
	return Halving(s, opt)
}
