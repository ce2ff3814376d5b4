// Package confine builds walls around a child process of this program that
// works on what nobody vouches for: a script, or a model never seen before.
//
// The parent starts it with [Start]: the child ends when the parent ends, even
// by a kill and even while native code computes, and inherits no descriptor but
// the three it is given. The child shuts itself in with [Enter]: memory,
// processor time, the file system, the network, system calls.
//
// What holds where:
//
//   - Linux: resource limits, no-new-privileges, a seccomp filter that lists
//     what is allowed, Landlock, and the parent-death signal. A kernel without
//     seccomp or Landlock is taken as it is.
//   - Windows: a job object (memory, no child processes, killed when it is
//     closed) and a token without privileges at low integrity.
//   - macOS: resource limits, and a watch on memory, alone. There is no second
//     wall around the process there.
package confine
