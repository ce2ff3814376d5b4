// Package script runs visualizations that are one Starlark file, so that a
// method can be added to the packaged program without a compiler.
//
// A [Script] is a [visualizers.Visualizer] like any other: it declares what a
// Go visualizer declares, and window, command line and law tests cannot tell
// it from one.
//
// # The sandbox
//
// The text is interpreted in a process of its own: this executable started
// with [Command], an empty environment and limits on memory, steps and time
// ([Limits]). Around it stands a second wall, package confine: were the
// interpreter itself to fail, the process could still open no file, make no
// connection and start nothing (on macOS only the limits hold); and it ends with
// the program that started it. The interpreter has no function that reaches a
// file, the network or the clock. All it can do is ask, through two pipes, for
// what [visualizers.Input] offers; package wire bounds every message. Stopping a
// run kills the process at once, and whatever the script does (a loop without
// end, a memory bomb, a flood of output) costs its panel one sentence, an
// [*Error].
//
// # Trust
//
// Files in the user's folder are off until their text was shown and switched
// on ([Trust]); the switch is for that text, so a changed file asks again.
// [Library] keeps the folder's scripts, and [Library.Watch] tells of changes.
package script
