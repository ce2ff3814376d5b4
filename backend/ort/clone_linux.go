//go:build cgo

package ort

import (
	"os"

	"golang.org/x/sys/unix"
)

// cloneFile makes an empty file share the blocks of another one, ioctl_ficlone(2):
// in one step, and only within a file system such as Btrfs or XFS.
func cloneFile(to, from *os.File) error {
	return unix.IoctlFileClone(int(to.Fd()), int(from.Fd()))
}
