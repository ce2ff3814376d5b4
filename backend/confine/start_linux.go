package confine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

func prepare(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return keepDescriptors()
}

// keepDescriptors marks everything that is open in this process so that no
// child inherits it: descriptors that came from whoever started the program
// are not marked by themselves.
func keepDescriptors() error {
	const first = 3
	if unix.CloseRange(first, ^uint(0), unix.CLOSE_RANGE_CLOEXEC) == nil {
		return nil
	}
	entries, err := os.ReadDir("/proc/self/fd") // before Linux 5.11
	if err != nil {
		return err
	}
	for _, e := range entries {
		if fd, err := strconv.Atoi(filepath.Base(e.Name())); err == nil && fd >= first {
			unix.CloseOnExec(fd)
		}
	}
	return nil
}

func enclose(*exec.Cmd, int64) (release func(), err error) { return func() {}, nil }
