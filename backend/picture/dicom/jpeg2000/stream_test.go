package jpeg2000

import (
	"os"
	"path/filepath"
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
