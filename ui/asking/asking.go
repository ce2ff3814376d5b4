// Package asking asks the user for files and folders: with the dialogs of the system,
// or with those of the toolkit where there are none. Before files are replaced it asks
// too, and names all that would be lost.
package asking

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/task"
	"picasso/ui/widgets"
)

// Chooser asks for files with the system's own dialogs. Methods block until
// the user has answered, may be called on any goroutine but only one at a
// time, and return "" when the user chose nothing.
type Chooser interface {
	// Available reports whether the system's dialogs can be shown.
	Available() bool
	Open(title, kind string, extensions []string, folder string) (string, error)
	Folder(title, folder string) (string, error)
	Save(title, name string, extensions []string, folder string) (string, error)
}

// Host is the window around the dialogs.
type Host interface {
	Window() fyne.Window
	// Chooser has the system's dialogs; it is nil where there are none.
	Chooser() Chooser
	// Over shows a dialog over the window, which Return and Esc then mean.
	Over(d dialog.Dialog)
	// Press presses the highlighted button of what lies over the window.
	Press()
	// Tell says that something could not be done.
	Tell(doing string, err error)
}

// Asker shows one question at a time.
type Asker struct {
	host   Host
	tasks  *task.Group
	busy   bool
	folder string // where the last file was
}

// New makes an asker that waits for the system's dialogs in tasks.
func New(h Host, tasks *task.Group) *Asker { return &Asker{host: h, tasks: tasks} }

// Busy reports whether a dialog for files is open.
func (a *Asker) Busy() bool { return a.busy }

// Ask shows one dialog at a time and hands the answer to use, on the window's
// goroutine. The system's dialogs never run there: they would freeze it.
func (a *Asker) Ask(q widgets.Question, use func(path string)) {
	if a.busy {
		return
	}
	a.busy = true
	answered := func(path string, err error) {
		a.busy = false
		if err != nil {
			a.host.Tell("show the file dialog", err)
			return
		}
		if path != "" {
			a.folder = filepath.Dir(path)
			use(path)
		}
	}
	if c := a.host.Chooser(); c != nil && c.Available() {
		folder := a.folder
		a.attach(c)
		task.Start(a.tasks.New(), func(context.Context, func(func())) (string, error) { return native(c, q, folder) }, answered)
		return
	}
	a.askFyne(q, answered)
}

// attach makes the dialogs of c children of the window, where both know how.
func (a *Asker) attach(c Chooser) {
	child, attachable := c.(interface{ Attach(window uintptr) })
	native, ok := a.host.Window().(driver.NativeWindow)
	if !attachable || !ok {
		return
	}
	native.RunNative(func(context any) {
		switch x := context.(type) {
		case driver.X11WindowContext:
			child.Attach(x.WindowHandle)
		case driver.WindowsWindowContext:
			child.Attach(x.HWND)
		}
	})
}

func native(c Chooser, q widgets.Question, folder string) (string, error) {
	switch {
	case q.Folder:
		return c.Folder(q.Title, folder)
	case q.Save != "":
		return c.Save(q.Title, q.Save, q.Extensions, folder)
	}
	return c.Open(q.Title, q.Kind, q.Extensions, folder)
}

// askFyne is the dialog for systems that have none of their own.
func (a *Asker) askFyne(q widgets.Question, answered func(string, error)) {
	var d interface {
		dialog.Dialog
		SetLocation(fyne.ListableURI)
	}
	switch {
	case q.Folder:
		d = dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if u == nil {
				answered("", err)
				return
			}
			answered(u.Path(), err)
		}, a.host.Window())
	case q.Save != "":
		// Fyne's own dialog for saving empties the file that is chosen.
		d = dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
			if u == nil {
				answered("", err)
				return
			}
			a.askName(q, u.Path(), answered)
		}, a.host.Window())
	default:
		open := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
			if f == nil {
				answered("", err)
				return
			}
			answered(f.URI().Path(), f.Close())
		}, a.host.Window())
		open.SetFilter(storage.NewExtensionFileFilter(dotted(q.Extensions)))
		d = open
	}
	if here, err := storage.ListerForURI(storage.NewFileURI(a.folder)); a.folder != "" && err == nil {
		d.SetLocation(here)
	}
	d.Resize(fyne.NewSize(820, 560))
	a.host.Over(d)
}

// askName asks what a file in a folder is to be called.
func (a *Asker) askName(q widgets.Question, folder string, answered func(string, error)) {
	name := widgets.NewEntry(nil)
	name.OnSubmitted = func(string) { a.host.Press() }
	name.SetText(q.Save)
	d := dialog.NewForm(q.Title, "Save", "Cancel", []*widget.FormItem{widget.NewFormItem("Name", name)}, func(on bool) {
		text := filepath.Base(strings.TrimSpace(name.Text))
		if !on || text == "." || text == string(filepath.Separator) {
			answered("", nil)
			return
		}
		answered(filepath.Join(folder, text), nil)
	}, a.host.Window())
	d.Resize(fyne.NewSize(420, 160))
	a.host.Over(d)
	a.host.Window().Canvas().Focus(name)
}

func dotted(extensions []string) []string {
	var out []string
	for _, e := range extensions {
		out = append(out, "."+e, "."+strings.ToUpper(e))
	}
	return out
}

// Replacing asks before files that are there are replaced, and names all that
// will be written. The dialog of the system knows of the first one only.
func (a *Asker) Replacing(paths []string, write func()) {
	var there, all []string
	for _, path := range paths {
		all = append(all, filepath.Base(path))
		if _, err := os.Stat(path); err == nil {
			there = append(there, filepath.Base(path))
		}
	}
	if len(there) == 0 {
		write()
		return
	}
	text := widget.NewLabel(fmt.Sprintf("%s will be written to %s.\n\nAlready there, and lost if you go on: %s.",
		few(all), filepath.Dir(paths[0]), few(there)))
	text.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomConfirm("Replace files?", "Replace", "Cancel", text, func(on bool) {
		if on {
			write()
		}
	}, a.host.Window())
	d.Resize(fyne.NewSize(520, 220))
	a.host.Over(d)
}

// few lists names, of many only the first ones and the last.
func few(names []string) string {
	const most = 5
	if n := len(names); n > most {
		return fmt.Sprintf("%s, … %s (%d files)", strings.Join(names[:most-2], ", "), names[n-1], n)
	}
	return strings.Join(names, ", ")
}
