//go:build unix && !linux

package script

// lenient is true: macOS refuses limits on memory below what is reserved, so
// the guard inside the process keeps them.
const lenient = true

func reserved() uint64 { return 4 << 30 }
