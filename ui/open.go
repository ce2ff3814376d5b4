package ui

// Open opens models, labels, pictures and folders as if they were dropped, and
// brings the window to the front. Unlike the other methods it may be called on
// any goroutine.
func (w *Window) Open(paths []string) {
	w.do(func() {
		if w.closed {
			return
		}
		if len(paths) > 0 {
			w.hideWelcome()
			w.c.Drop(paths)
		}
		w.win.RequestFocus()
	})
}
