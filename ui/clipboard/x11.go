//go:build linux

package clipboard

import (
	"encoding/binary"
	"errors"
	"io"
	"log"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// pictureType is the type that pictures are offered as.
const pictureType = "image/png"

// piece is how many bytes are handed over in one request; X takes 256 kB.
const piece = 200 << 10

// owner is the client that owns the clipboard until another one takes it (ICCCM
// 2.1).
type owner struct {
	conn   *xgb.Conn
	window xproto.Window
	png    []byte
	atoms  map[string]xproto.Atom
}

func put(png []byte) error {
	xgb.Logger = log.New(io.Discard, "", 0) // its words are not for users
	conn, err := xgb.NewConn()
	if err != nil {
		return errors.New("the clipboard cannot be reached: it needs an X11 display (under Wayland, XWayland); save the figure instead")
	}
	o := &owner{conn: conn, png: png, atoms: map[string]xproto.Atom{}}
	if err := o.take(); err != nil {
		conn.Close()
		return errors.New("the clipboard did not take the picture; try again, or save the figure instead")
	}
	go o.serve()
	return nil
}

// take makes o the owner of the clipboard.
func (o *owner) take() error {
	for _, name := range []string{"CLIPBOARD", "TARGETS", pictureType} {
		a, err := xproto.InternAtom(o.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		o.atoms[name] = a.Atom
	}
	var err error
	if o.window, err = xproto.NewWindowId(o.conn); err != nil {
		return err
	}
	screen := xproto.Setup(o.conn).DefaultScreen(o.conn)
	xproto.CreateWindow(o.conn, screen.RootDepth, o.window, screen.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOutput, screen.RootVisual, 0, nil)
	xproto.SetSelectionOwner(o.conn, o.window, o.atoms["CLIPBOARD"], xproto.TimeCurrentTime)
	got, err := xproto.GetSelectionOwner(o.conn, o.atoms["CLIPBOARD"]).Reply()
	if err == nil && got.Owner != o.window {
		err = errors.New("another program owns the clipboard")
	}
	return err
}

// serve answers who pastes until another program owns the clipboard or the
// display is gone. Errors of a request, such as of a window that is closed by
// now, concern only who asked.
func (o *owner) serve() {
	defer o.conn.Close()
	for {
		event, err := o.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		switch e := event.(type) {
		case xproto.SelectionClearEvent:
			return
		case xproto.SelectionRequestEvent:
			o.answer(e)
		}
	}
}

// answer hands over the picture, or tells what there is (ICCCM 2.2).
func (o *owner) answer(e xproto.SelectionRequestEvent) {
	notice := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: e.Property}
	if notice.Property == xproto.AtomNone { // an old client
		notice.Property = e.Target
	}
	switch e.Target {
	case o.atoms["TARGETS"]:
		var list []byte
		for _, name := range []string{"TARGETS", pictureType} {
			list = binary.LittleEndian.AppendUint32(list, uint32(o.atoms[name]))
		}
		xproto.ChangeProperty(o.conn, xproto.PropModeReplace, e.Requestor, notice.Property, xproto.AtomAtom, 32, 2, list)
	case o.atoms[pictureType]:
		o.hand(e.Requestor, notice.Property)
	default:
		notice.Property = xproto.AtomNone
	}
	xproto.SendEvent(o.conn, false, e.Requestor, 0, string(notice.Bytes()))
}

// hand writes the picture into a property of who asked, piece by piece.
func (o *owner) hand(to xproto.Window, property xproto.Atom) {
	mode := byte(xproto.PropModeReplace)
	for from := 0; from < len(o.png) || from == 0; from += piece {
		part := o.png[from:min(from+piece, len(o.png))]
		xproto.ChangeProperty(o.conn, mode, to, property, o.atoms[pictureType], 8, uint32(len(part)), part)
		mode = xproto.PropModeAppend
	}
}
