// Package metadata finds out how a model is used.
//
// [Find] asks the sources in order of trust: the user, the sidecar beside the
// model, the files of other tools (package sources), label files. The first
// that knows a value decides, and [Facts] remembers which it was. What the
// graph and the values of a trial run tell comes after ([Facts.Complete]), a
// stated guess last.
//
// The result is a [Card]: a value with everything that is known, where it comes
// from, and what the user should know about it. A card needs no graph, so that a
// model that runs elsewhere can have one.
package metadata
