package xtest

import (
	"errors"
	"image"

	"github.com/jezek/xgb/xproto"
	xinput "github.com/jezek/xgb/xtest"
)

// Move puts the pointer at a point of the screen.
func (d *Display) Move(p image.Point) error {
	return d.fake(xproto.MotionNotify, 0, p)
}

// Click presses and releases the left button at a point.
func (d *Display) Click(p image.Point) error {
	return d.Drag(p, p)
}

// Drag presses the left button at from, moves to to in small steps, and lets
// go there.
func (d *Display) Drag(from, to image.Point) error {
	if err := d.Press(from); err != nil {
		return err
	}
	const steps = 12
	for i := 1; i <= steps && from != to; i++ {
		if err := d.Move(from.Add(to.Sub(from).Mul(i).Div(steps))); err != nil {
			return err
		}
	}
	return d.Release()
}

// Press presses the left button at a point and holds it.
func (d *Display) Press(p image.Point) error {
	if err := d.Move(p); err != nil {
		return err
	}
	return d.fake(xproto.ButtonPress, 1, image.Point{})
}

// Release lets the left button go.
func (d *Display) Release() error { return d.fake(xproto.ButtonRelease, 1, image.Point{}) }

// Scroll turns the wheel at a point; up zooms in.
func (d *Display) Scroll(p image.Point, up bool, notches int) error {
	button := byte(5)
	if up {
		button = 4
	}
	if err := d.Move(p); err != nil {
		return err
	}
	for range notches {
		for _, kind := range []byte{xproto.ButtonPress, xproto.ButtonRelease} {
			if err := d.fake(kind, button, image.Point{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Keysyms of keys that are no characters.
const (
	Escape  xproto.Keysym = 0xff1b
	Return  xproto.Keysym = 0xff0d
	Down    xproto.Keysym = 0xff54
	Right   xproto.Keysym = 0xff53
	Tab     xproto.Keysym = 0xff09
	F1      xproto.Keysym = 0xffbe
	F3      xproto.Keysym = 0xffc0
	F4      xproto.Keysym = 0xffc1
	F9      xproto.Keysym = 0xffc6
	F10     xproto.Keysym = 0xffc7
	F11     xproto.Keysym = 0xffc8
	Control xproto.Keysym = 0xffe3
	Alt     xproto.Keysym = 0xffe9
)

// Key presses and releases the key that produces a keysym without Shift;
// letters and digits are their own keysyms.
func (d *Display) Key(keysym xproto.Keysym) error {
	code, err := d.code(keysym)
	if err != nil {
		return err
	}
	return d.press(code)
}

// KeyWith is [Key] while another key, such as [Control], is held down.
func (d *Display) KeyWith(held, keysym xproto.Keysym) error {
	hold, err := d.code(held)
	if err != nil {
		return err
	}
	code, err := d.code(keysym)
	if err != nil {
		return err
	}
	return errors.Join(
		d.fake(xproto.KeyPress, hold, image.Point{}), d.press(code), d.fake(xproto.KeyRelease, hold, image.Point{}))
}

func (d *Display) press(code byte) error {
	return errors.Join(d.fake(xproto.KeyPress, code, image.Point{}), d.fake(xproto.KeyRelease, code, image.Point{}))
}

// AskToClose asks a window to close, as its button does.
func (d *Display) AskToClose(w xproto.Window) error {
	m := xproto.ClientMessageEvent{
		Format: 32, Window: w, Type: d.atom("WM_PROTOCOLS"),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(d.atom("WM_DELETE_WINDOW")), 0, 0, 0, 0}),
	}
	return xproto.SendEventChecked(d.conn, false, w, xproto.EventMaskNoEvent, string(m.Bytes())).Check()
}

// code is the key that produces a keysym without Shift.
func (d *Display) code(keysym xproto.Keysym) (byte, error) {
	setup := xproto.Setup(d.conn)
	count := byte(setup.MaxKeycode-setup.MinKeycode) + 1
	m, err := xproto.GetKeyboardMapping(d.conn, setup.MinKeycode, count).Reply()
	if err != nil {
		return 0, err
	}
	for i := 0; i < len(m.Keysyms); i += int(m.KeysymsPerKeycode) {
		if m.Keysyms[i] == keysym {
			return byte(setup.MinKeycode) + byte(i/int(m.KeysymsPerKeycode)), nil
		}
	}
	return 0, ErrNoKey
}

func (d *Display) fake(kind, detail byte, p image.Point) error {
	return xinput.FakeInputChecked(d.conn, kind, detail, xproto.TimeCurrentTime, d.screen.Root,
		int16(p.X), int16(p.Y), 0).Check()
}
