package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"

	"picasso/backend/files"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
)

// checked is standard output: it remembers what went wrong with it, since a
// result that did not arrive is no result.
type checked struct {
	to    io.Writer
	wrote bool
	err   error
}

func (c *checked) Write(b []byte) (int, error) {
	c.wrote = true
	n, err := c.to.Write(b)
	return n, c.failed(err)
}

// failed remembers the first fault, and gives a fault its words.
func (c *checked) failed(err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("standard output cannot be written: %w", named.Bare(err))
	if c.err == nil {
		c.err = err
	}
	return err
}

// close tells whether everything arrived, which some file systems tell only now.
func (c *checked) close() error {
	if f, ok := c.to.(io.Closer); ok && c.wrote {
		_ = c.failed(f.Close()) // remembered
	}
	return c.err
}

// line is a text as part of one line of a terminal.
func line(text string) string {
	return visible.Text(strings.Join(strings.Fields(text), " "))
}

// printLine writes one line, whatever the names in it hold: a line break in one is
// shown as an escape, so that no file can write a line of its own.
func printLine(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintln(w, visible.Text(fmt.Sprintf(format, args...)))
	return err
}

// note says on standard error what somebody should know.
func note(w io.Writer, text string) { fmt.Fprintln(w, "picasso: note:", line(text)) }

// inputs are the files that a command reads.
func inputs(m *modelFlags, items []named.Item, more ...string) *files.Inputs {
	paths := more
	if m != nil {
		paths = append(paths, m.path, metadata.SidecarPath(m.path), m.options.Sidecar, m.flags.LabelFile)
		paths = append(paths, m.references...)
		for _, given := range m.inputs {
			_, value, _ := strings.Cut(given, "=")
			paths = append(paths, value)
		}
	}
	for _, it := range items {
		paths = append(paths, it.Array, it.File)
	}
	var named []string
	for _, path := range paths {
		if path != "" {
			named = append(named, path)
		}
	}
	return files.NewInputs(named)
}

// refused is an error about outputs that are also read, without names that
// tell who a patient is; nil where there is none.
func refused(err error) error {
	var clash *files.OverwriteError
	if !errors.As(err, &clash) {
		return err
	}
	out, in := picture.Said(clash.Output), picture.Said(clash.Input)
	return (&files.OverwriteError{Output: out, Input: in})
}

// abandonable does what cannot be interrupted, and leaves it alone once the user
// does not want it any more.
func abandonable[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		result, err := work()
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// until is a writer that ends with ctx.
type until struct {
	ctx context.Context
	w   io.Writer
}

func (u until) Write(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(b)
}

// encodePNG is a picture as a file.
func encodePNG(img image.Image, notice string) ([]byte, error) {
	var b bytes.Buffer
	err := drawing.WritePNG(&b, img, notice)
	return b.Bytes(), err
}
