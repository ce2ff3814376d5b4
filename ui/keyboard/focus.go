package keyboard

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// Free lets the keys of a shown window through to it. The toolkit gives every
// key to what has the focus, and a button, a check or a text that was only
// selected drops all but one or two of them: after Tab, or a click on such a
// text, the window would be deaf to letters, function keys and Esc. Text fields
// and menus keep their keys. moved hears what has the focus after Tab.
func Free(win fyne.Window, moved func(fyne.Focusable)) {
	native, ok := win.(interface{ RunWithContext(func()) })
	if !ok {
		return
	}
	native.RunWithContext(func() {
		view := glfw.GetCurrentContext()
		if view == nil {
			return
		}
		var toolkit glfw.KeyCallback
		toolkit = view.SetKeyCallback(func(v *glfw.Window, key glfw.Key, code int, action glfw.Action, mods glfw.ModifierKey) {
			if action == glfw.Release || !before(win.Canvas(), key, mods) {
				toolkit(v, key, code, action, mods)
			}
			if f := win.Canvas().Focused(); f != nil && key == glfw.KeyTab && action != glfw.Release {
				moved(f)
			}
		})
	})
}

// before acts on a key that goes down, ahead of the toolkit; true says that
// nothing is left to do.
func before(c fyne.Canvas, key glfw.Key, mods glfw.ModifierKey) bool {
	focused := c.Focused()
	switch {
	case focused == nil || ofMenu(focused):
	case ofText(focused):
		if letter(key) && mods == glfw.ModAlt && runtime.GOOS != "darwin" { // a menu is asked for; there Alt types
			c.Unfocus()
		}
	case key == glfw.KeyEnter || key == glfw.KeyKPEnter:
		if button, ok := focused.(fyne.Tappable); ok && mods == 0 {
			button.Tapped(&fyne.PointEvent{})
			return true
		}
	case mods&(glfw.ModControl|glfw.ModAlt|glfw.ModSuper) == 0 && !ofWidgets(key):
		c.Unfocus()
	}
	return false
}

func letter(key glfw.Key) bool { return key >= glfw.KeyA && key <= glfw.KeyZ }

// Typing reports whether keys are typed into a field of the canvas, whose cursor
// blinks.
func Typing(c fyne.Canvas) bool { return ofText(c.Focused()) }

// ofText reports whether keys are typed into what has the focus.
func ofText(f fyne.Focusable) bool {
	_, typed := f.(interface{ SetPlaceHolder(string) })
	return typed
}

// ofMenu reports whether an open menu has the focus.
func ofMenu(f fyne.Focusable) bool {
	if _, popped := f.(*widget.PopUpMenu); popped {
		return true
	}
	_, barred := f.(interface{ Child() *widget.Menu })
	return barred
}

// ofWidgets are the keys that some widget acts on, or that go on to the next.
func ofWidgets(key glfw.Key) bool {
	switch key {
	case glfw.KeySpace, glfw.KeyTab, glfw.KeyUp, glfw.KeyDown, glfw.KeyLeft, glfw.KeyRight,
		glfw.KeyHome, glfw.KeyEnd, glfw.KeyPageUp, glfw.KeyPageDown:
		return true
	}
	return key >= glfw.KeyLeftShift && key <= glfw.KeyRightSuper // modifiers alone
}
