// Package wire is what a script's interpreter and its host say to each other:
// framed messages over two pipes, a JSON header followed by tensors as plain
// float32 values. Both ends are the same executable, so values travel in the
// machine's own byte order.
//
// The host does not trust the other end: every size is checked against its
// limit before anything is allocated.
package wire
