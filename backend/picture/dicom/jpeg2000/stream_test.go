package jpeg2000

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestStreams decodes lossless streams of one known picture, written with
// OpenJPEG: regions of interest and changes of the progression order, whole and
// in tiles.
func TestStreams(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.j2k"))
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Decode(data, 33*27)
		if err != nil || m.Width != 33 || m.Height != 27 || m.Truncated || m.Precision != 12 {
			t.Errorf("%s: %+v, %v", path, m, err)
			continue
		}
		wrong := 0
		for i, v := range m.Pix {
			x, y := i%33, i/33
			if int(v) != min(max(120*x+3*y*y-(x*y)%5*9, 0), 4095) {
				wrong++
			}
		}
		if wrong > 0 {
			t.Errorf("%s: %d samples are wrong", path, wrong)
		}
	}
}

func TestProgressionsAreChecked(t *testing.T) {
	p := &parameters{inherited: true, changes: []progression{{}}}
	if !p.poc([]byte{0, 0, 0, 2, 3, 1, 4, 1, 0, 0, 9, 33, 0, 0}) || len(p.changes) != 2 || p.changes[1].belowThat != 256 {
		t.Errorf("%+v", p.changes)
	}
	for _, bad := range [][]byte{{}, {0, 0, 0, 2, 3, 1}, {0, 0, 0, 2, 3, 1, 5}, make([]byte, 7*maxChanges)} {
		if p.poc(bad) {
			t.Errorf("%v is taken", bad)
		}
	}
}

// TestManyTilesStaySmall declares tens of thousands of tiles of four components
// in a stream of half a megabyte.
func TestManyTilesStaySmall(t *testing.T) {
	const side = 181 // tiles of one pixel, half of what the standard allows
	out := []byte{0xff, 0x4f, 0xff, 0x51, 0, 50, 0, 0}
	for _, v := range []uint32{side, side, 0, 0, 1, 1, 0, 0} {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	out = append(out, 0, 4, 7, 1, 1, 7, 1, 1, 7, 1, 1, 7, 1, 1)
	out = append(out, 0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 0, 4, 4, 0, 1)
	out = append(out, 0xff, 0x5c, 0, 4, 0x40, 0x40)
	for i := range side * side {
		out = append(out, 0xff, 0x90, 0, 10, byte(i>>8), byte(i), 0, 0, 0, 18, 0, 1, 0xff, 0x93, 0, 0, 0, 0)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := Decode(out, 4*side*side)
	runtime.ReadMemStats(&after)
	if err != nil || len(m.Pix) != 4*side*side || m.Pix[0] != 128 {
		t.Fatalf("%v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 128<<20 {
		t.Errorf("%d MB for a stream of %d kB", n>>20, len(out)>>10)
	} else {
		t.Logf("%d MB", n>>20)
	}
}
