//go:build linux

package clipboard

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"picasso/ui/xtest"
)

// role tells a copy of the test's program what to be.
const role = "PICASSO_CLIPBOARD_ROLE"

// The clipboard is reached once in a program, so each test is a program.
func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "copy":
		data, err := os.ReadFile(os.Args[1])
		if err == nil {
			err = System{}.CopyPicture(data)
		}
		if err != nil {
			os.Stdout.WriteString(err.Error())
			os.Exit(1)
		}
		os.Stdout.WriteString("copied\n")
		select {} // owns the clipboard until it is ended
	default:
		os.Exit(m.Run())
	}
}

// copying is a program that copies the file at path on a display.
func copying(t *testing.T, display, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, path)
	c.Env = append(os.Environ(), role+"=copy", "DISPLAY="+display)
	return c
}

// written is a PNG file of random-looking pixels, larger than one request of the
// first X protocol (256 kB).
func written(t *testing.T) (path string, data []byte) {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 512, 512))
	seed := uint32(1)
	for i := range 512 * 512 {
		seed = seed*1664525 + 1013904223
		m.SetRGBA(i%512, i/512, color.RGBA{uint8(seed >> 24), uint8(seed >> 16), uint8(seed >> 8), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	path = t.TempDir() + "/figure.png"
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, b.Bytes()
}

// Another program pastes what was copied, byte for byte.
func TestAnotherProgramPastesThePicture(t *testing.T) {
	d, err := xtest.Open(t.Context(), 320, 200)
	if errors.Is(err, xtest.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	path, want := written(t)
	c := copying(t, d.Name, path)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	defer c.Process.Kill()
	said := make([]byte, 512)
	n, _ := out.Read(said)
	if string(said[:n]) != "copied\n" {
		t.Fatalf("says %q", said[:n])
	}
	got, err := d.Clipboard("image/png", 5*time.Second)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("pasted %d bytes of %d: %v", len(got), len(want), err)
	}
	if _, err := d.Clipboard("text/html", 5*time.Second); err == nil {
		t.Error("a picture is pasted as text")
	}
	if types, err := d.Clipboard("TARGETS", 5*time.Second); err != nil || len(types) != 8 {
		t.Errorf("offers %v: %v", types, err)
	}
	// A second copy takes over, and what it replaces lets go.
	again := copying(t, d.Name, path)
	if out, err = again.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	defer again.Wait()
	defer again.Process.Kill()
	out.Read(said)
	c.Process.Kill()
	if got, err := d.Clipboard("image/png", 5*time.Second); err != nil || !bytes.Equal(got, want) {
		t.Errorf("pasted %d bytes from the second copy: %v", len(got), err)
	}
}

// Without a screen there is a sentence, not a crash.
func TestWithoutAScreenItSaysWhatIsMissing(t *testing.T) {
	path, _ := written(t)
	out, err := copying(t, "", path).Output()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 1 || !strings.Contains(string(out), "needs an X11 display") {
		t.Errorf("%v: %q", err, out)
	}
}
