package xtest

import (
	"encoding/binary"
	"errors"
	"image"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Errors of a [Display].
var (
	ErrNoKey   = errors.New("the keyboard has no such key")
	ErrNoDrop  = errors.New("no window at this point accepts drops")
	ErrRefused = errors.New("the window refused the drop")
)

// drop is one drag of files from a client of its own, so that source and
// target are different programs as in real life.
type drop struct {
	d      *Display
	conn   *xgb.Conn
	source xproto.Window
	target xproto.Window
	list   string // text/uri-list
}

// Drop drags files onto the window at a point of the screen and waits until
// it has taken them.
func (d *Display) Drop(p image.Point, files ...string) error {
	conn, err := xgb.NewConnDisplay(d.Name)
	if err != nil {
		return err
	}
	defer conn.Close()
	own := &Display{Name: d.Name, conn: conn, screen: xproto.Setup(conn).DefaultScreen(conn)}
	s := &drop{d: own, conn: conn}
	if s.list, err = uriList(files); err != nil {
		return err
	}
	if err := s.start(p); err != nil {
		return err
	}
	return s.serve()
}

func uriList(files []string) (string, error) {
	var b strings.Builder
	for _, f := range files {
		abs, err := filepath.Abs(f)
		if err != nil {
			return "", err
		}
		b.WriteString((&url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}).String() + "\r\n")
	}
	return b.String(), nil
}

// start owns the selection, enters the window under p and asks for a drop.
func (s *drop) start(p image.Point) error {
	id, err := xproto.NewWindowId(s.conn)
	if err != nil {
		return err
	}
	s.source = id
	screen := s.d.screen
	err = xproto.CreateWindowChecked(s.conn, screen.RootDepth, id, screen.Root, -10, -10, 1, 1, 0,
		xproto.WindowClassInputOutput, screen.RootVisual, xproto.CwEventMask,
		[]uint32{xproto.EventMaskPropertyChange}).Check()
	if err != nil {
		return err
	}
	if err := xproto.SetSelectionOwnerChecked(s.conn, id, s.d.atom("XdndSelection"), xproto.TimeCurrentTime).Check(); err != nil {
		return err
	}
	target, ok := s.awareAt(p)
	if !ok {
		return ErrNoDrop
	}
	s.target = target
	if err := s.send("XdndEnter", uint32(id), 5<<24, uint32(s.d.atom("text/uri-list"))); err != nil {
		return err
	}
	return s.send("XdndPosition", uint32(id), 0, uint32(p.X)<<16|uint32(p.Y), 0, uint32(s.d.atom("XdndActionCopy")))
}

// awareAt walks from the root to the deepest window under p and returns the
// first that takes drops.
func (s *drop) awareAt(p image.Point) (xproto.Window, bool) {
	aware := s.d.atom("XdndAware")
	w := s.d.screen.Root
	for {
		prop, err := xproto.GetProperty(s.conn, false, w, aware, xproto.AtomAny, 0, 1).Reply()
		if err == nil && prop.ValueLen > 0 {
			return w, true
		}
		t, err := xproto.TranslateCoordinates(s.conn, s.d.screen.Root, w, int16(p.X), int16(p.Y)).Reply()
		if err != nil || t.Child == 0 {
			return 0, false
		}
		w = t.Child
	}
}

func (s *drop) send(kind string, data ...uint32) error {
	five := make([]uint32, 5)
	copy(five, data)
	ev := xproto.ClientMessageEvent{
		Format: 32, Window: s.target, Type: s.d.atom(kind),
		Data: xproto.ClientMessageDataUnionData32New(five),
	}
	return xproto.SendEventChecked(s.conn, false, s.target, 0, string(ev.Bytes())).Check()
}

// serve answers the target until it says that it is finished.
func (s *drop) serve() error {
	status, finished := s.d.atom("XdndStatus"), s.d.atom("XdndFinished")
	dropped := false
	for {
		ev, xerr := s.conn.WaitForEvent()
		if xerr != nil {
			return xerr
		}
		if ev == nil {
			return errors.New("the display was closed")
		}
		switch e := ev.(type) {
		case xproto.SelectionRequestEvent:
			s.hand(e)
		case xproto.ClientMessageEvent:
			words := e.Data.Data32
			switch {
			case e.Type == status && words[1]&1 == 0:
				s.send("XdndLeave", uint32(s.source))
				return ErrRefused
			case e.Type == status && !dropped:
				dropped = true
				if err := s.send("XdndDrop", uint32(s.source)); err != nil {
					return err
				}
			case e.Type == finished && words[1] == 0:
				return ErrRefused
			case e.Type == finished:
				// GLFW puts a byte count where the accepted flag belongs, so
				// anything but zero counts.
				return nil
			}
		}
	}
}

// hand gives the list of files to a window that asks for it.
func (s *drop) hand(e xproto.SelectionRequestEvent) {
	uris, property := s.d.atom("text/uri-list"), e.Property
	switch e.Target {
	case uris:
		xproto.ChangeProperty(s.conn, xproto.PropModeReplace, e.Requestor, property, uris, 8, uint32(len(s.list)), []byte(s.list))
	case s.d.atom("TARGETS"):
		one := binary.LittleEndian.AppendUint32(nil, uint32(uris))
		xproto.ChangeProperty(s.conn, xproto.PropModeReplace, e.Requestor, property, xproto.AtomAtom, 32, 1, one)
	default:
		property = 0
	}
	n := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
	xproto.SendEvent(s.conn, false, e.Requestor, 0, string(n.Bytes()))
}
