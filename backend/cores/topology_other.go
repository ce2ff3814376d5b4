//go:build !linux

package cores

// topology tells nothing: on these systems the runtime asks the kernel itself.
func topology() machine { return machine{} }
