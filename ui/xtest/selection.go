package xtest

import (
	"fmt"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Clipboard asks whoever owns the clipboard for its content as a target type,
// such as "image/png", the way a program does that pastes (ICCCM 2.4).
func (d *Display) Clipboard(target string, patience time.Duration) ([]byte, error) {
	conn, err := xgb.NewConnDisplay(d.Name) // its own events
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	atoms := map[string]xproto.Atom{}
	for _, name := range []string{"CLIPBOARD", target, "PICASSO_PASTE"} {
		a, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return nil, err
		}
		atoms[name] = a.Atom
	}
	w, err := xproto.NewWindowId(conn)
	if err != nil {
		return nil, err
	}
	screen := xproto.Setup(conn).DefaultScreen(conn)
	xproto.CreateWindow(conn, screen.RootDepth, w, screen.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOutput, screen.RootVisual, 0, nil)
	xproto.ConvertSelection(conn, w, atoms["CLIPBOARD"], atoms[target], atoms["PICASSO_PASTE"], xproto.TimeCurrentTime)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		event, _ := conn.PollForEvent()
		notice, ok := event.(xproto.SelectionNotifyEvent)
		if !ok {
			continue
		}
		if notice.Property == xproto.AtomNone {
			return nil, fmt.Errorf("the clipboard holds nothing as %s", target)
		}
		reply, err := xproto.GetProperty(conn, true, w, atoms["PICASSO_PASTE"], xproto.GetPropertyTypeAny, 0, 1<<26).Reply()
		if err != nil {
			return nil, err
		}
		return reply.Value, nil
	}
	return nil, fmt.Errorf("nobody answered for the clipboard within %v", patience)
}
