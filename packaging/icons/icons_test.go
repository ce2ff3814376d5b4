package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestEveryPictureIsWhereItsContainerSays(t *testing.T) {
	out := t.TempDir()
	if err := run(out, "icon"); err != nil {
		t.Fatal(err)
	}
	for _, size := range []string{"16x16", "48x48", "512x512"} {
		if _, err := os.Stat(filepath.Join(out, "hicolor", size, "apps", "icon.png")); err != nil {
			t.Error(err)
		}
	}
	ico, err := os.ReadFile(filepath.Join(out, "picasso.ico"))
	if err != nil {
		t.Fatal(err)
	}
	for i, size := range icoSizes {
		entry := ico[6+16*i:]
		length, offset := binary.LittleEndian.Uint32(entry[8:]), binary.LittleEndian.Uint32(entry[12:])
		checkSize(t, ico[offset:offset+length], size)
	}
	icns, err := os.ReadFile(filepath.Join(out, "picasso.icns"))
	if err != nil {
		t.Fatal(err)
	}
	if got := binary.BigEndian.Uint32(icns[4:]); int(got) != len(icns) {
		t.Errorf("the .icns file says it has %d bytes of %d", got, len(icns))
	}
	for at := 8; at < len(icns); {
		length := int(binary.BigEndian.Uint32(icns[at+4:]))
		if _, err := png.DecodeConfig(bytes.NewReader(icns[at+8 : at+length])); err != nil {
			t.Errorf("%s: %v", icns[at:at+4], err)
		}
		at += length
	}
}

func checkSize(t *testing.T, data []byte, size int) {
	t.Helper()
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if got := image.Pt(c.Width, c.Height); err != nil || got != image.Pt(size, size) {
		t.Errorf("%v, %v; want %d", got, err, size)
	}
}
