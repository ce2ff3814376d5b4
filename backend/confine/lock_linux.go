package confine

import (
	"fmt"
	"os"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// shutOut hides the file system and the network, as far as the kernel has
// Landlock.
func shutOut(p Policy) error {
	config := landlock.V7.BestEffort()
	var rules []landlock.Rule
	if p == ReadFiles {
		rules = append(rules, landlock.RODirs("/"))
	}
	if err := config.Restrict(rules...); err != nil {
		return fmt.Errorf("the sandbox cannot shut out the file system: %w", err)
	}
	return nil
}

// filter leaves only the system calls that the policy lists; others fail as not
// permitted.
func filter(p Policy) error {
	if !seccomp.Supported() {
		return nil
	}
	policy, err := p.calls()
	if err != nil {
		return nil // a processor that the filter's library does not know
	}
	if err := seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy}); err != nil {
		return fmt.Errorf("the sandbox cannot filter system calls: %w", err)
	}
	return nil
}

// always are the calls that Go, C libraries and threads need to compute.
var always = []string{
	"read", "write", "readv", "writev", "pread64", "close", "fstat", "lseek", "fcntl",
	"munmap", "mremap", "madvise", "brk", "mincore",
	"futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "membarrier",
	"sched_yield", "sched_getaffinity", "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "restart_syscall",
	"getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "getrlimit", "times",
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "poll", "ppoll",
	"getrandom", "exit", "exit_group",
}

// reading are those for files and for the threads of a runtime of models.
var reading = []string{
	"open", "openat", "stat", "lstat", "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2",
	"readlink", "readlinkat", "getdents64", "getcwd", "fadvise64", "readahead", "preadv", "dup", "flock",
	"sched_setaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min",
	"getcpu", "get_mempolicy", "sysinfo", "uname",
}

// calls lists the system calls that the policy allows; all others give EPERM.
func (p Policy) calls() (seccomp.Policy, error) {
	info, err := arch.GetInfo("")
	if err != nil {
		return seccomp.Policy{}, err
	}
	names := always
	if p == ReadFiles {
		names = append(append([]string(nil), always...), reading...)
	}
	allowed := seccomp.SyscallGroup{Action: seccomp.ActionAllow}
	for _, name := range names {
		if _, ok := info.SyscallNames[name]; ok { // each processor has its own
			allowed.Names = append(allowed.Names, name)
		}
	}
	only := func(name string, argument uint32, op seccomp.Operation, value uint64) {
		allowed.NamesWithCondtions = append(allowed.NamesWithCondtions, seccomp.NameWithConditions{
			Name: name, Conditions: seccomp.ArgumentConditions{{Argument: argument, Operation: op, Value: value}},
		})
	}
	only("mmap", 2, seccomp.BitsNotSet, unix.PROT_EXEC) // no code but that which is there
	only("mprotect", 2, seccomp.BitsNotSet, unix.PROT_EXEC)
	only("clone", 0, seccomp.BitsSet, unix.CLONE_THREAD)
	only("tgkill", 0, seccomp.Equal, uint64(os.Getpid())) // Go stops its own threads by signals
	only("prctl", 0, seccomp.Equal, unix.PR_SET_NAME)
	// Its flags lie in memory, where no filter sees them; C libraries then use
	// clone.
	absent := seccomp.SyscallGroup{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}}
	return seccomp.Policy{DefaultAction: seccomp.ActionErrno, Syscalls: []seccomp.SyscallGroup{allowed, absent}}, nil
}
