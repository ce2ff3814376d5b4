//go:build cgo || windows

package chooser

import (
	"errors"
	"os"
	"runtime"
	"strings"

	"github.com/sqweek/dialog"
)

// Native shows the dialogs of GTK, Windows or macOS.
type Native struct{ one chan struct{} }

// New returns the system's dialogs.
func New() *Native { return &Native{one: make(chan struct{}, 1)} }

// Available reports whether there is a screen to show a dialog on. Without one
// GTK would end the program.
func (n *Native) Available() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// Open asks for a file to read. kind names the extensions, which have no dot.
func (n *Native) Open(title, kind string, extensions []string, folder string) (string, error) {
	return n.ask(func() (string, error) {
		d := dialog.File().Title(title).SetStartDir(folder)
		if len(extensions) > 0 {
			d = d.Filter(kind, bothCases(extensions)...).Filter("All files", "*")
		}
		return d.Load()
	})
}

// bothCases adds capitals, for systems that tell them apart.
func bothCases(extensions []string) []string {
	var all []string
	for _, e := range extensions {
		all = append(all, e)
		if upper := strings.ToUpper(e); upper != e && runtime.GOOS == "linux" {
			all = append(all, upper)
		}
	}
	return all
}

// Folder asks for a folder.
func (n *Native) Folder(title, folder string) (string, error) {
	return n.ask(dialog.Directory().Title(title).SetStartDir(folder).Browse)
}

// Save asks where to write a file called name.
func (n *Native) Save(title, name string, extensions []string, folder string) (string, error) {
	return n.ask(dialog.File().Title(title).Filter(name, extensions...).SetStartDir(folder).SetStartFile(name).Save)
}

// ask runs one dialog on a thread of its own: two at once upset GTK's main
// loop, and its objects belong to the thread that made them.
func (n *Native) ask(show func() (string, error)) (string, error) {
	select {
	case n.one <- struct{}{}:
		defer func() { <-n.one }()
	default:
		return "", ErrBusy
	}
	type answer struct {
		path string
		err  error
	}
	done := make(chan answer)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		path, err := show()
		done <- answer{path, err}
	}()
	a := <-done
	if errors.Is(a.err, dialog.ErrCancelled) {
		return "", nil
	}
	return a.path, a.err
}
