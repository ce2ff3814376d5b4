// Package xtest drives a real window the way a person does, for tests: a
// virtual X display, pictures of the screen, pointer, keys, and files dropped
// from another client (XDND version 5). It is pure Go and needs only Xvfb.
package xtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	xinput "github.com/jezek/xgb/xtest"
)

// ErrNoServer means that Xvfb is not installed.
var ErrNoServer = errors.New("no virtual display: Xvfb is not installed")

// Display is a virtual screen of its own, with one X client connected to it.
type Display struct {
	Name string // as DISPLAY wants it: ":7"

	server *exec.Cmd
	conn   *xgb.Conn
	screen *xproto.ScreenInfo
}

// Open starts a virtual screen of the given size. Close ends it.
func Open(ctx context.Context, width, height int) (*Display, error) {
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		return nil, ErrNoServer
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	// The server picks a free display number and tells it through the pipe.
	server := exec.CommandContext(ctx, path, "-displayfd", "3", "-screen", "0",
		fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{w}
	if err := server.Start(); err != nil {
		w.Close()
		return nil, err
	}
	w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		server.Process.Kill()
		server.Wait()
		return nil, fmt.Errorf("no virtual display: Xvfb did not start: %w", err)
	}
	d := &Display{Name: ":" + strings.TrimSpace(line), server: server}
	if err := d.connect(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *Display) connect() error {
	conn, err := xgb.NewConnDisplay(d.Name)
	if err != nil {
		return err
	}
	d.conn = conn
	d.screen = xproto.Setup(conn).DefaultScreen(conn)
	return xinput.Init(conn)
}

// Close ends the screen and everything shown on it.
func (d *Display) Close() {
	if d.conn != nil {
		d.conn.Close()
	}
	d.server.Process.Kill()
	d.server.Wait()
}

// Screenshot is what the screen shows now.
func (d *Display) Screenshot() (*image.RGBA, error) {
	w, h := d.screen.WidthInPixels, d.screen.HeightInPixels
	reply, err := xproto.GetImage(d.conn, xproto.ImageFormatZPixmap,
		xproto.Drawable(d.screen.Root), 0, 0, w, h, 0xffffffff).Reply()
	if err != nil {
		return nil, err
	}
	out := image.NewRGBA(image.Rect(0, 0, int(w), int(h)))
	for i := 0; i < len(out.Pix); i += 4 { // BGRx to RGBA
		out.Pix[i], out.Pix[i+1], out.Pix[i+2], out.Pix[i+3] = reply.Data[i+2], reply.Data[i+1], reply.Data[i], 255
	}
	return out, nil
}

// Window finds the first visible window whose title has the given prefix.
func (d *Display) Window(prefix string) (xproto.Window, image.Rectangle, bool) {
	tree, err := xproto.QueryTree(d.conn, d.screen.Root).Reply()
	if err != nil {
		return 0, image.Rectangle{}, false
	}
	for _, w := range tree.Children {
		if !strings.HasPrefix(d.Title(w), prefix) {
			continue
		}
		attr, err := xproto.GetWindowAttributes(d.conn, w).Reply()
		if err != nil || attr.MapState != xproto.MapStateViewable {
			continue
		}
		g, err := xproto.GetGeometry(d.conn, xproto.Drawable(w)).Reply()
		if err != nil {
			continue
		}
		at := image.Pt(int(g.X), int(g.Y))
		return w, image.Rectangle{Min: at, Max: at.Add(image.Pt(int(g.Width), int(g.Height)))}, true
	}
	return 0, image.Rectangle{}, false
}

// Title is a window's name.
func (d *Display) Title(w xproto.Window) string {
	for _, name := range []string{"_NET_WM_NAME", "WM_NAME"} {
		p, err := xproto.GetProperty(d.conn, false, w, d.atom(name), xproto.AtomAny, 0, 1024).Reply()
		if err == nil && p.ValueLen > 0 {
			return string(p.Value)
		}
	}
	return ""
}

// Parent is the window that another one says it belongs to; 0 for none.
func (d *Display) Parent(w xproto.Window) xproto.Window {
	r, err := xproto.GetProperty(d.conn, false, w, d.atom("WM_TRANSIENT_FOR"), xproto.AtomWindow, 0, 1).Reply()
	if err != nil || len(r.Value) < 4 {
		return 0
	}
	return xproto.Window(xgb.Get32(r.Value))
}

// Resize gives a window another size, as a window manager would.
func (d *Display) Resize(w xproto.Window, width, height int) error {
	mask := uint16(xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight)
	return xproto.ConfigureWindowChecked(d.conn, w, mask, []uint32{0, 0, uint32(width), uint32(height)}).Check()
}

// Focus sends the keys to a window; without a window manager nobody else does.
func (d *Display) Focus(w xproto.Window) error {
	return xproto.SetInputFocusChecked(d.conn, xproto.InputFocusParent, w, xproto.TimeCurrentTime).Check()
}

// Await polls until done is true. The program under test runs in a process of
// its own and cannot be asked to signal.
func Await(ctx context.Context, what string, done func() (bool, error)) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := done()
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}

func (d *Display) atom(name string) xproto.Atom {
	r, err := xproto.InternAtom(d.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0
	}
	return r.Atom
}
