//go:build !linux && !windows

package confine

import "os/exec"

// prepare has nothing to do: the child ends by itself when its standard input
// does, and Go marks the descriptors it opens.
func prepare(*exec.Cmd) error { return nil }

func enclose(*exec.Cmd, int64) (release func(), err error) { return func() {}, nil }
