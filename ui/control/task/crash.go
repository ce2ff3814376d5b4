package task

import (
	"fmt"
	"runtime/debug"
)

// Crash is a panic inside of work, such as a visualizer's or a model's.
type Crash struct{ What, Stack string }

func (c *Crash) Error() string { return "internal error: " + c.What }

// Recover turns a panic into *err. It is to be deferred.
func Recover(err *error) {
	if p := recover(); p != nil {
		*err = &Crash{What: fmt.Sprint(p), Stack: string(debug.Stack())}
	}
}

func guard[T any](f func() (T, error)) (result T, err error) {
	defer Recover(&err)
	return f()
}
