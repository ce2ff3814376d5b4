// Package workers gives sessions of ONNX Runtime threads that begin with the first run.
//
// The runtime makes the threads of a session first of all, and each looks for work a million
// times before it sleeps, some forty milliseconds. Meanwhile the session itself is made, on
// one thread: others that are made beside it, and whatever else the program does, find the
// cores taken. Between runs the threads sleep (session.force_spinning_stop), so only those
// of a new session have to be held back.
package workers

import "errors"

// ErrNone says that the runtime, or the system, knows no threads of ours.
var ErrNone = errors.New("threads cannot be made for this runtime")
