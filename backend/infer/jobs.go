package infer

import (
	"context"
	"sync"
)

// Jobs is work that many may wait for and that nobody's impatience ends: what
// one caller no longer waits for, the next one finds done. It ends with close.
type Jobs struct {
	life context.Context
	end  context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex
	running map[string]*job
}

type job struct {
	done chan struct{}
	err  error
}

func NewJobs() Jobs {
	life, end := context.WithCancel(context.Background())
	return Jobs{life: life, end: end, running: map[string]*job{}}
}

// Await runs f, or waits for the run under way of the same name, until ctx
// ends. f gets a context that ends with the jobs.
func (j *Jobs) Await(ctx context.Context, name string, f func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	found, err := j.Start(name, f)
	if err != nil {
		return err
	}
	select {
	case <-found.done:
		return found.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (j *Jobs) Start(name string, f func(context.Context) error) (*job, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.life.Err() != nil {
		return nil, ErrClosed
	}
	if found := j.running[name]; found != nil {
		return found, nil
	}
	run := &job{done: make(chan struct{})}
	j.running[name] = run
	j.work.Go(func() {
		run.err = f(j.life)
		j.mu.Lock()
		delete(j.running, name)
		j.mu.Unlock()
		close(run.done)
	})
	return run, nil
}

// Close ends all work and waits for it.
func (j *Jobs) Close() {
	j.mu.Lock()
	j.end()
	j.mu.Unlock()
	j.work.Wait()
}
