//go:build race

package script_test

// bombMemory is the memory of the tests' sandboxes in MB; the race detector
// itself needs several times what a program uses.
const bombMemory = 1024
