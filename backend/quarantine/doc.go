// Package quarantine tries models that were never seen before in a process of
// its own.
//
// ONNX Runtime is native code in the program's address space: a model that makes
// it overflow its stack, or take all memory, takes the window with it. So the
// first session of a model and its first run are made by a child of this
// program, behind the walls of package confine and within [Limits]. If the
// child dies there, [Host] says so in a sentence and the model is not opened.
//
// The trial goes on beside the opening itself, one stage ahead: the child maps
// the weights instead of reading them, so it has its session early, and while
// it computes this process makes its own session.
//
// A model that passed is known from then on, by the SHA-256 of its file and the
// version of the library, in a list in the user's cache. A file that has not
// changed since is recognised without reading it, so later openings cost
// nothing.
package quarantine
