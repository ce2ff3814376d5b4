//go:build unix

package script

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// confineSystem sets the limits of the kernel: memory, no further open files,
// no growing file, no core dump. What is open (the pipes) stays usable.
func confineSystem(memory int64) error {
	limits := []struct {
		resource int
		most     uint64
		name     string
	}{
		{unix.RLIMIT_AS, uint64(memory) + reserved(), "address space"},
		{unix.RLIMIT_DATA, uint64(memory), "data"},
		{unix.RLIMIT_NOFILE, 0, "open files"},
		{unix.RLIMIT_FSIZE, 0, "file size"},
		{unix.RLIMIT_CORE, 0, "core dumps"},
	}
	for _, l := range limits {
		if err := lower(l.resource, l.most); err != nil && !lenient {
			return fmt.Errorf("the sandbox cannot limit its %s: %w", l.name, err)
		}
	}
	return nil
}

// lower sets both limits of a resource, never above what is in force.
func lower(resource int, most uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return err
	}
	now.Max = min(now.Max, most)
	now.Cur = min(now.Cur, most)
	return unix.Setrlimit(resource, &now)
}
