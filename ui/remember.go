package ui

import (
	"context"
	"time"

	"picasso/ui/control/settings"
	"picasso/ui/control/task"
)

// rememberEvery is how often settings that changed are written: a crash costs no
// more than that.
const rememberEvery = 2 * time.Second

// remember writes what changed, now and then, as long as the window is open.
// Changes are found by comparing, so that none can be forgotten.
func (w *Window) remember() {
	time.AfterFunc(rememberEvery, func() {
		w.do(func() {
			if w.closed {
				return
			}
			w.rememberNow()
			w.remember()
		})
	})
}

// rememberNow writes what changed, off the window's goroutine: a disk may be slow.
func (w *Window) rememberNow() {
	w.measure()
	write, err := w.c.Settings().Snapshot()
	if err != nil || write == nil {
		w.remembered(err)
		return
	}
	task.Start(w.tasks.New(), func(context.Context, func(func())) (struct{}, error) {
		return struct{}{}, write()
	}, func(_ struct{}, err error) { w.remembered(err) })
}

// remembered tells once that nothing can be remembered.
func (w *Window) remembered(err error) {
	if err != nil && !w.unsaved {
		w.c.Tell("remember the settings", err)
	}
	w.unsaved = err != nil
}

// measure takes over the size of the window and its columns.
func (w *Window) measure() {
	size, s := w.win.Canvas().Size(), w.c.Settings()
	s.Window = settings.Window{Width: size.Width, Height: size.Height}
	s.Window.Left, s.Window.Right = w.columns.Widths()
	s.Window.Folded = w.columns.Collapsed()
}
