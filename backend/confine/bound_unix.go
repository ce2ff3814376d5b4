//go:build unix

package confine

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// bounds are the limits of the kernel: memory, processor time, open files, no
// growing file, no core dump. What is open (the pipes) stays usable.
func bounds(p Policy, l Limits) (set func() error) {
	limits := []limit{
		{unix.RLIMIT_CORE, 0, "core dumps"},
		{unix.RLIMIT_FSIZE, 0, "file size"},
	}
	if l.Memory > 0 {
		limits = append(limits, memory(l.Memory)...)
	}
	if l.CPU > 0 {
		limits = append(limits, limit{unix.RLIMIT_CPU, uint64((l.CPU + time.Second - 1) / time.Second), "processor time"})
	}
	if p == Compute {
		limits = append(limits, limit{unix.RLIMIT_NOFILE, 0, "open files"})
	}
	return func() error {
		for _, l := range limits {
			if err := lower(l); err != nil && !lenient {
				return fmt.Errorf("the sandbox cannot limit its %s: %w", l.name, err)
			}
		}
		return nil
	}
}

type limit struct {
	resource int
	most     uint64
	name     string
}

// lower sets both limits of a resource, never above what is in force.
func lower(l limit) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(l.resource, &now); err != nil {
		return err
	}
	now.Max = min(now.Max, l.most)
	now.Cur = min(now.Cur, l.most)
	return unix.Setrlimit(l.resource, &now)
}
