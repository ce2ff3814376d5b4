package chooser

import (
	"sync"
	"sync/atomic"

	"golang.org/x/sys/windows"
)

// What Windows calls these (winuser.h).
const (
	whCBT        = 5
	hcbtActivate = 5
	dialogClass  = "#32770"
)

var (
	user32              = windows.NewLazySystemDLL("user32.dll")
	setWindowsHookEx    = user32.NewProc("SetWindowsHookExW")
	unhookWindowsHookEx = user32.NewProc("UnhookWindowsHookEx")
	callNextHookEx      = user32.NewProc("CallNextHookEx")
	setWindowLongPtr    = user32.NewProc("SetWindowLongPtrW")
	enableWindow        = user32.NewProc("EnableWindow")
	setForegroundWindow = user32.NewProc("SetForegroundWindow")
)

// owner is the window that gets the dialog which this process shows next, 0 for none.
// There is one dialog at a time.
var owner atomic.Uintptr

// owned makes the next dialog of this thread one of a window, as a Mac or GTK would: it
// stays above the window, which takes no input until the function that is returned is
// called. The library that shows the dialogs has no place for an owner, so a hook sees
// the dialog before it gets the keyboard.
func owned(window uintptr) (over func()) {
	if window == 0 {
		return func() {}
	}
	owner.Store(window)
	hook, _, _ := setWindowsHookEx.Call(whCBT, adopting(), 0, uintptr(windows.GetCurrentThreadId()))
	if hook == 0 {
		return func() {}
	}
	return func() {
		_, _, _ = unhookWindowsHookEx.Call(hook)
		owner.Store(0)
		_, _, _ = enableWindow.Call(window, 1)
		_, _, _ = setForegroundWindow.Call(window)
	}
}

// adopting is the hook, made once: Windows gives out a limited number of callbacks.
var adopting = sync.OnceValue(func() uintptr { return windows.NewCallback(adopt) })

// adopt gives the first dialog that is about to be active to its owner.
func adopt(code int32, window, detail uintptr) uintptr {
	if code == hcbtActivate && isDialog(windows.HWND(window)) {
		if parent := owner.Swap(0); parent != 0 {
			const parentOf = ^uintptr(7) // GWLP_HWNDPARENT, −8
			_, _, _ = setWindowLongPtr.Call(window, parentOf, parent)
			_, _, _ = enableWindow.Call(parent, 0)
		}
	}
	next, _, _ := callNextHookEx.Call(0, uintptr(code), window, detail)
	return next
}

func isDialog(window windows.HWND) bool {
	var name [16]uint16
	n, err := windows.GetClassName(window, &name[0], int32(len(name)))
	return err == nil && windows.UTF16ToString(name[:n]) == dialogClass
}
