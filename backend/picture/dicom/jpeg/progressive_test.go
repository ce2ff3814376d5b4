package jpeg

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// ourStreams are pictures of ours, each coded twice with the same coefficients: one
// scan after the other, and from coarse to fine.
func ourStreams(t testing.TB, coding string) (all [][]byte) {
	t.Helper()
	for _, name := range []string{"colour", "grey"} {
		data, err := os.ReadFile(filepath.Join("testdata", name+"-"+coding+".jpg"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

func TestProgressiveIsTheSamePicture(t *testing.T) {
	sequential := ourStreams(t, "sequential")
	for i, data := range ourStreams(t, "progressive") {
		want, err := Decode(sequential[i], 37*27*3)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(data, 37*27*3)
		if err != nil || got.Truncated || got.Lossless || !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("stream %d: %v, %d and %d samples", i, err, len(got.Pix), len(want.Pix))
		}
		// Cut anywhere, it is a coarser picture or an error, never a crash.
		for n := range data {
			m, err := Decode(data[:n], 37*27*3)
			if err == nil && !m.Truncated {
				t.Errorf("stream %d cut at %d of %d is whole", i, n, len(data))
			}
		}
	}
}

func TestScansAreChecked(t *testing.T) {
	data := ourStreams(t, "progressive")[1]
	at := bytes.Index(data, []byte{0xff, markerSOS})
	header := data[at : at+10] // of one component
	again := append(append([]byte(nil), data[:at]...), bytes.Repeat(header, maxScans+1)...)
	if _, err := Decode(again, 37*27); !errors.Is(err, errSyntax) {
		t.Errorf("too many scans: %v", err)
	}
	for _, bad := range [][3]byte{{0, 5, 0}, {5, 4, 0}, {1, 64, 0}, {0, 0, 14}} {
		broken := append([]byte(nil), data...)
		copy(broken[at+7:], bad[:])
		if _, err := Decode(broken, 37*27); !errors.Is(err, errSyntax) {
			t.Errorf("coefficients %v: %v", bad, err)
		}
	}
}
