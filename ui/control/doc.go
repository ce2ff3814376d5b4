// Package control holds what the window shows and decides what runs when. It
// knows nothing of Fyne.
//
// A [Controller] is the only writer of its [State]. Both belong to one
// goroutine, the user interface's: every method is called there, every
// [Event] arrives there. Work happens elsewhere and comes back through the
// function do, which the caller injects (fyne.Do in the program, a queue in
// tests). Nothing is locked, because nothing is shared.
//
// All work is done by tasks of [picasso/ui/control/task], of which activities.go
// has the table: what Stop ends, what counts as busy, what ends with the model.
// A look decodes the current picture and asks the model about it. An
// explanation runs one visualizer on that look: changes are debounced, the
// newest wins, partial results are coalesced. While the user moves a slider, a
// run shows its first map and waits; when the slider rests, the same run goes on.
// The lane walks over the remaining pictures for thumbnails and scores, one at
// a time, and only while nobody waits for the others.
package control
