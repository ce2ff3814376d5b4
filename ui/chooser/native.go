//go:build cgo || windows

package chooser

import (
	"os"
	"runtime"
	"strings"
)

// Native shows the dialogs of GTK, Windows or macOS.
type Native struct {
	one    chan struct{}
	parent uintptr
}

// New returns the system's dialogs.
func New() *Native { return &Native{one: make(chan struct{}, 1)} }

// Attach makes dialogs children of a window of the X server or of Windows, above which
// they stay, and with which they are hidden. On a Mac it has no effect: dialogs belong
// to the program there.
func (n *Native) Attach(window uintptr) { n.parent = window }

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
	return n.ask(request{title: title, what: aFile, kind: kind, extensions: bothCases(extensions), folder: folder})
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
	return n.ask(request{title: title, what: aFolder, folder: folder})
}

// Save asks where to write a file called name.
func (n *Native) Save(title, name string, extensions []string, folder string) (string, error) {
	return n.ask(request{title: title, what: aTarget, kind: name, extensions: extensions, folder: folder, name: name})
}

// ask shows one dialog on a thread of its own and returns the path, "" when it
// was closed without one: two at once upset GTK's main loop, and its objects belong
// to the thread that made them.
func (n *Native) ask(r request) (string, error) {
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
	done, parent := make(chan answer), n.parent
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		path, err := show(r, parent)
		done <- answer{path, err}
	}()
	a := <-done
	return a.path, a.err
}
