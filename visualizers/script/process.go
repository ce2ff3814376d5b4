package script

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"picasso/backend/confine"
	"picasso/visualizers/script/wire"
)

// process is one running sandbox.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	log     *clipped
	limits  Limits
	left    time.Duration // of the script's own time
	release func()        // of what encloses it
	unwatch func() bool   // stops waiting for ctx

	mu      sync.Mutex
	expired bool
}

// start runs the sandbox on a script; it is killed when ctx ends.
func (h *Host) start(ctx context.Context, src wire.Source) (*process, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cmd := exec.Command(h.Executable, h.Arguments...)
	cmd.Env = []string{} // nothing of the environment is handed on
	cmd.Dir = os.TempDir()
	p := &process{cmd: cmd, log: &clipped{}, limits: h.Limits, left: h.Limits.Time}
	cmd.Stderr = p.log
	var err error
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReaderSize(out, 1<<16)
	if p.release, err = confine.Start(cmd, h.Limits.Memory+slack); err != nil {
		return nil, fmt.Errorf("the process for scripts cannot be started: %w", err)
	}
	p.unwatch = context.AfterFunc(ctx, func() { cmd.Process.Kill() })
	// A process that has died already says so at the first read.
	_ = p.send(&wire.Message{Kind: wire.Declare, Source: &src, Limits: h.Limits.wire()})
	return p, nil
}

// end kills the process, as every sandbox ends, and waits for it.
func (p *process) end() {
	p.unwatch()
	p.in.Close()
	p.cmd.Process.Kill()
	_ = p.cmd.Wait() // says how it was killed; see obituary
	p.release()
}

func (p *process) send(m *wire.Message) error { return wire.Write(p.in, m) }

// receive reads the next message. The time until it comes is the script's own
// and is taken from its allowance.
func (p *process) receive() (*wire.Message, error) {
	began := time.Now()
	late := time.AfterFunc(p.left, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.expired = true
		p.cmd.Process.Kill()
	})
	m, err := wire.Read(p.out)
	late.Stop()
	p.left -= time.Since(began)
	return m, err
}

// obituary says in one sentence why the process ended by itself. It is called
// after end.
func (p *process) obituary(err error) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := p.log.String()
	switch {
	case p.expired:
		return fmt.Sprintf("stopped after %s; is there an endless loop?", p.limits.Time)
	case confine.Starved(p.cmd.ProcessState, text, p.limits.Memory+slack):
		return fmt.Sprintf("stopped because it used more than %d MB of memory", p.limits.Memory>>20)
	case strings.Contains(text, "stack exceeds"):
		return "stopped because its calls or expressions are nested too deeply"
	case errors.Is(err, wire.ErrFrame):
		return "stopped because its results are too large or damaged"
	}
	return strings.TrimSuffix(fmt.Sprintf("its process ended unexpectedly (%v): %s", p.cmd.ProcessState, cut(lastWords(text), 200)), ": ")
}

// lastWords is the line of a process's log that says why it died: the head of
// a report of Go, or the last line.
func lastWords(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	for _, line := range lines {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return line
		}
	}
	return lines[len(lines)-1]
}

// clipped keeps the beginning of what is written to it.
type clipped struct{ bytes.Buffer }

// Write never fails, so that the writer is not stopped by it.
func (c *clipped) Write(b []byte) (int, error) {
	const most = 8 << 10
	if room := most - c.Len(); room > 0 {
		c.Buffer.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}
