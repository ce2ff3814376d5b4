//go:build !windows

package script

import "os/exec"

// enclose has nothing to do where the process confines itself.
func enclose(*exec.Cmd, Limits) (release func(), err error) { return func() {}, nil }
