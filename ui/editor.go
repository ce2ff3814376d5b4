package ui

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"

	"picasso/ui/control/task"
)

// openOutside shows a text file in the system's editor, or a folder in its file
// manager. It returns when the program it started says how that went, which
// some do only when they are closed.
func openOutside(path string, folder bool) error {
	name, args := opener(runtime.GOOS, path, folder)
	err := exec.Command(name, args...).Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && runtime.GOOS == "windows" {
		return nil // the Explorer returns 1 when all is well
	}
	if err != nil {
		return fmt.Errorf("%s could not be opened with %s (%w); open it in an editor yourself", path, name, err)
	}
	return nil
}

// opener is the command that shows a path on a system. Scripts are opened as
// text by name where the system would look for a program of their own.
func opener(system, path string, folder bool) (name string, args []string) {
	switch {
	case system == "windows" && folder:
		return "explorer.exe", []string{path}
	case system == "windows":
		return "notepad.exe", []string{path}
	case system == "darwin" && folder:
		return "open", []string{path}
	case system == "darwin":
		return "open", []string{"-t", path}
	}
	return "xdg-open", []string{path}
}

// show opens a path outside, off the window's goroutine.
func (w *Window) show(path string, folder bool) {
	open := w.params.OpenOutside
	if open == nil {
		open = openOutside
	}
	w.aside("open "+path, func() error { return open(path, folder) }, nil)
}

// aside does what may take a while off the window's goroutine, then tells of
// its error or goes on with then, on the window's goroutine.
func (w *Window) aside(doing string, work func() error, then func()) {
	task.Start(w.tasks.New(), func(context.Context, func(func())) (struct{}, error) {
		return struct{}{}, work()
	}, func(_ struct{}, err error) {
		switch {
		case err != nil:
			w.c.Tell(doing, err)
		case then != nil:
			then()
		}
	})
}
