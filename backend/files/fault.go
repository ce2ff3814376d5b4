package files

import (
	"os"
	"sync/atomic"
)

// Step is something that can fail while a file is written.
type Step string

// Steps.
const (
	Make   Step = "make"
	Put    Step = "write"
	Sync   Step = "sync"
	Rename Step = "rename"
	Lock   Step = "lock"
)

var fault atomic.Pointer[func(Step, string) error]

// Fail makes every step of every file written from now on ask decide first,
// whose error it fails with: a full disk, a failing one. It is for tests of
// what the program does then. A write that fails has written a part.
func Fail(decide func(s Step, path string) error) (restore func()) {
	before := fault.Swap(&decide)
	return func() { fault.Store(before) }
}

// step fails where [Fail] wants it.
func step(s Step, path string) error {
	if decide := fault.Load(); decide != nil {
		return (*decide)(s, path)
	}
	return nil
}

// Append writes to the end of a file that its maker names and removes, such as a
// temporary one.
func Append(f *os.File, data []byte) error {
	_, err := stepped{f}.Write(data)
	return err
}

// stepped is a file whose writes are steps.
type stepped struct{ *os.File }

func (f stepped) Write(b []byte) (int, error) {
	if err := step(Put, f.Name()); err != nil {
		n, _ := f.File.Write(b[:len(b)/2])
		return n, err
	}
	return f.File.Write(b)
}
