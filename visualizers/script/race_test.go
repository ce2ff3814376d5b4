//go:build race

package script_test

// bombMemory is the memory of the tests' sandboxes in MB; the race detector
// itself needs several times what a program uses.
const bombMemory = 1024

// underRace: a sandbox that meets its limit may die inside the detector, which
// then words the end.
const underRace = true
