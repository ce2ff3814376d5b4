package quarantine

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"sync"

	"picasso/backend"
	"picasso/backend/confine"
	"picasso/backend/metadata"
)

// request is what a child is asked.
type request struct {
	Path    string
	Options options
	Limits  Limits
}

// options are the user's wishes that decide how a model is opened.
type options struct {
	Sidecar       string
	Threads       int
	Choices       metadata.Choices
	PictureMemory int64
}

func wishes(o backend.ModelOptions) options {
	return options{o.Sidecar, o.Threads, o.Choices, o.PictureMemory}
}

// child is the process in which a model is tried.
type child struct {
	cmd     *exec.Cmd
	memory  int64 // bytes that it may be asked for
	in      io.WriteCloser
	log     clipped
	reports chan report // closed when it says nothing more
	release func()
	over    sync.Once
}

// start starts a child that loads a library and waits for a request. It may be
// asked for models that take up to memory bytes.
func (h *Host) start(library string, memory int64) (*child, error) {
	const stages = 4 // ready, opened, ran or failed
	c := &child{cmd: exec.Command(h.Executable, append(h.Arguments[:len(h.Arguments):len(h.Arguments)], library)...), memory: memory, reports: make(chan report, stages)}
	c.cmd.Stderr = &c.log
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if c.release, err = confine.Start(c.cmd, memory); err != nil {
		return nil, err
	}
	go c.listen(out)
	return c, nil
}

// ask sends the request.
func (c *child) ask(r request) error {
	question, err := json.Marshal(r)
	if err == nil {
		// A child that has died already is noticed by its silence.
		_, _ = c.in.Write(append(question, '\n'))
	}
	return err
}

// listen reads reports until the child closes its output, or says nonsense.
func (c *child) listen(out io.Reader) {
	defer close(c.reports)
	const longest = 2*largestAnswer + 1<<20 // in Base64, and words
	d := json.NewDecoder(io.LimitReader(out, longest))
	for range cap(c.reports) {
		var r report
		if d.Decode(&r) != nil {
			return
		}
		c.reports <- r
	}
}

// end kills the child and waits for it.
func (c *child) end() {
	c.over.Do(func() {
		_ = c.cmd.Process.Kill() // it may have ended
		_ = c.in.Close()
		_ = c.cmd.Wait() // says how it ended; see state
		c.release()
	})
}

// state says how the child ended. It is called after end.
func (c *child) state() *os.ProcessState { return c.cmd.ProcessState }

// clipped keeps the beginning of what is written to it.
type clipped struct{ bytes.Buffer }

// Write never fails, so that the writer is not stopped by it.
func (c *clipped) Write(b []byte) (int, error) {
	const most = 16 << 10
	if room := most - c.Len(); room > 0 {
		c.Buffer.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}
