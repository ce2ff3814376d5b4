package chooser

import (
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	createWindowEx  = user32.NewProc("CreateWindowExW")
	destroyWindow   = user32.NewProc("DestroyWindow")
	isWindowEnabled = user32.NewProc("IsWindowEnabled")
	getWindow       = user32.NewProc("GetWindow")
	postMessage     = user32.NewProc("PostMessageW")
	getMessage      = user32.NewProc("GetMessageW")
	dispatchMessage = user32.NewProc("DispatchMessageW")
	findWindow      = user32.NewProc("FindWindowW")
)

const (
	wmQuit  = 0x12
	wmClose = 0x10
	gwOwner = 4
)

// somewhere opens a plain window whose messages are answered until the test ends.
func somewhere(t *testing.T) uintptr {
	t.Helper()
	opened, done := make(chan uintptr), make(chan struct{})
	var thread uint32
	go func() {
		defer close(done)
		runtime.LockOSThread()
		thread = windows.GetCurrentThreadId()
		class, title := windows.StringToUTF16Ptr("STATIC"), windows.StringToUTF16Ptr("parent")
		const overlapped, visible = 0xcf0000, 0x10000000
		w, _, _ := createWindowEx.Call(0, uintptr(unsafe.Pointer(class)), uintptr(unsafe.Pointer(title)), overlapped|visible, 0, 0, 300, 200, 0, 0, 0, 0)
		opened <- w
		var message [64]byte
		for {
			more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&message[0])), 0, 0, 0)
			if int32(more) <= 0 {
				break
			}
			_, _, _ = dispatchMessage.Call(uintptr(unsafe.Pointer(&message[0])))
		}
		_, _, _ = destroyWindow.Call(w)
	}()
	w := <-opened
	if w == 0 {
		t.Skip("no window can be opened here")
	}
	t.Cleanup(func() {
		_, _, _ = user32.NewProc("PostThreadMessageW").Call(uintptr(thread), wmQuit, 0, 0)
		<-done
	})
	return w
}

// shown is a dialog as the system knows it: whose it is, and whether that window takes
// input.
type shown struct {
	owner   uintptr
	enabled bool
}

// A dialog belongs to the window, which takes no input until it is answered.
func TestDialogsBelongToTheWindow(t *testing.T) {
	parent := somewhere(t)
	n := New()
	n.Attach(parent)
	for what, ask := range map[string]func(title string) (string, error){
		"a file":   func(title string) (string, error) { return n.Open(title, "Models", []string{"onnx"}, "") },
		"a target": func(title string) (string, error) { return n.Save(title, "map.png", []string{"png"}, "") },
		"a folder": func(title string) (string, error) { return n.Folder(title, "") },
	} {
		seen := make(chan shown, 1)
		answered := make(chan error, 1)
		title := "Picasso looks for " + what
		go func() {
			path, err := ask(title)
			if path != "" {
				t.Errorf("%s: chosen %q", what, path)
			}
			answered <- err
		}()
		go func() { seen <- look(title, what == "a folder", parent) }()
		got := <-seen
		if err := <-answered; err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if got.owner != parent || got.enabled {
			t.Errorf("%s: the dialog belongs to %#x, not %#x; the window takes input: %v", what, got.owner, parent, got.enabled)
		}
		if enabled, _, _ := isWindowEnabled.Call(parent); enabled == 0 {
			t.Errorf("%s: the window takes no input afterwards", what)
		}
	}
}

// look waits until a dialog belongs to a window that takes no input, tells what it saw
// last, and closes the dialog.
func look(title string, untitled bool, parent uintptr) (s shown) {
	class, name := windows.StringToUTF16Ptr(dialogClass), windows.StringToUTF16Ptr(title)
	named := uintptr(unsafe.Pointer(name))
	if untitled { // a folder's dialog has the system's title, and ours inside
		named = 0
	}
	var w uintptr
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && (s.owner == 0 || s.enabled); {
		w, _, _ = findWindow.Call(uintptr(unsafe.Pointer(class)), named)
		s.owner, _, _ = getWindow.Call(w, gwOwner)
		enabled, _, _ := isWindowEnabled.Call(parent)
		s.enabled = enabled != 0
	}
	_, _, _ = postMessage.Call(w, wmClose, 0, 0)
	return s
}
