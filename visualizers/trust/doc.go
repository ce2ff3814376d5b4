// Package trust judges a map as a plain value: the numbers of the map, what the
// model was shown, and the model itself to ask. It knows no method and nothing
// that draws.
//
// Every test gives numbers and a [Verdict]: that the map passes, that it does
// not, or that it cannot be told here, with the reason in one sentence. No test
// says that a map is true. A model that is right for the wrong reasons has
// maps that pass; only a region that somebody knows to matter ([InRegion])
// tells them apart.
//
// A [Judge] runs the cover test, which asks the model; the other tests compare
// numbers that exist.
package trust
