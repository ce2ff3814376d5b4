//go:build unix

package regular

import "syscall"

// unwaiting opens a pipe at once, in case a file was replaced by one.
const unwaiting = syscall.O_NONBLOCK
