//go:build race

package quarantine

// underRace: a child that meets its limit of memory may die inside the race
// detector, which then words the end.
const underRace = true
