//go:build !race

package script_test

// bombMemory is the memory of the tests' sandboxes in MB.
const bombMemory = 128
