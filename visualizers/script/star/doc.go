// Package star is the inside of the sandbox: it interprets one Starlark script
// that declares a visualization, and gives it tensors, the model and the kinds
// of results as native functions. It runs in a process of its own (see
// [Serve]) and knows the program only through messages of package wire; there
// is no function that opens a file, a socket or the environment.
package star
