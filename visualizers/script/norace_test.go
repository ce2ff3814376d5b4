//go:build !race

package script_test

// bombMemory is the memory of the tests' sandboxes in MB.
const bombMemory = 128

// underRace: a sandbox that meets its limit may die inside the detector, which
// then words the end.
const underRace = false
