package dicom

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"picasso/backend/picture/patient"
)

// decodeAll does everything to a file that the program does, and gives the
// first error.
func decodeAll(t testing.TB, data []byte) error {
	t.Helper()
	f, err := Parse(data)
	if err != nil {
		checkError(t, err)
		return err
	}
	for i := range min(max(f.Frames(), 1), 3) {
		m, err := f.Frame(i)
		if err != nil {
			checkError(t, err)
			return err
		}
		if len(m.Values) != m.Width*m.Height*m.Channels {
			t.Fatalf("%d values for %d×%d×%d", len(m.Values), m.Width, m.Height, m.Channels)
		}
		for k, v := range m.Values {
			if v-v != 0 && (m.Empty == nil || !m.Empty[k]) {
				t.Fatalf("a value is %v and counts", v)
			}
		}
		m.Render(m.Window())
		m.Render(m.Auto())
		for _, w := range m.Windows {
			m.Render(w)
		}
		if _, s := m.Samples(); len(s) == 0 {
			t.Fatal("no samples")
		}
		Place(f, i)
	}
	var facts patient.Facts
	f.Tell(&facts)
	f.References()
	if f.Mentions("DOE_JANE") != facts.In("DOE_JANE") {
		t.Fatal("a file says another thing when asked twice")
	}
	return nil
}

// checkError says whether an error is one for people.
func checkError(t testing.TB, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Fault == "" || e.Remedy == "" || e.Err == nil {
		t.Fatalf("no sentence: %#v", err)
	}
}

func TestBadFiles(t *testing.T) {
	root := folder(t)
	data, err := os.ReadFile(filepath.Join(root, "bad", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Name, Expected, What string }
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, bad := range all {
		if !strings.HasPrefix(bad.Name, "dicom/") {
			continue
		}
		t.Run(bad.Name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(root, "bad", bad.Name))
			if err != nil {
				t.Fatal(err)
			}
			err = decodeAll(t, data)
			if refuse := strings.HasPrefix(bad.Expected, "clear message"); refuse != (err != nil) {
				t.Errorf("%s: %v, expected %s", bad.What, err, bad.Expected)
			}
			if err == nil {
				f, _ := Parse(data)
				if m, _ := f.Frame(0); len(m.Warnings) == 0 {
					t.Errorf("%s: shown without a warning", bad.What)
				}
			}
		})
	}
}

// allocated is how many bytes f takes from the heap at most, roughly.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// pictures are the fixtures of moderate size, in the order of their names.
func pictures(t testing.TB) (paths []string, data [][]byte) {
	root := filepath.Join(folder(t), "dicom", "files")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Size() > 600_000 {
			return err
		}
		b, err := os.ReadFile(path)
		paths, data = append(paths, path), append(data, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths, data
}

var mutations = flag.Int("mutations", 3, "how many mutants of every fixture are tried")

// TestMutations changes and cuts the fixtures: whatever comes out, the program
// lives, says so in a sentence and stays within its memory.
func TestMutations(t *testing.T) {
	paths, files := pictures(t)
	rounds := *mutations
	if testing.Short() {
		rounds = 1
	}
	runs, worst := 0, uint64(0)
	for round := range rounds {
		for i, data := range files {
			seed := rand.New(rand.NewPCG(uint64(round), uint64(i)))
			mutant := mutate(data, seed)
			runs++
			n := allocated(func() { decodeAll(t, mutant) })
			worst = max(worst, n)
			if n > 256<<20+uint64(len(data)) {
				t.Errorf("%s, round %d: %d MB for a file of %d bytes", filepath.Base(paths[i]), round, n>>20, len(data))
			}
		}
	}
	t.Logf("%d files, at most %d MB", runs, worst>>20)
}

// mutate changes six bytes, half of them near the beginning where the header
// is, or cuts the file.
func mutate(data []byte, r *rand.Rand) []byte {
	out := append([]byte(nil), data...)
	if r.IntN(4) == 0 {
		return out[:r.IntN(len(out))]
	}
	for i := range 6 {
		n := len(out)
		if i%2 == 0 {
			n = min(n, 4096)
		}
		out[r.IntN(n)] = byte(r.Uint32())
	}
	return out
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("DICM"))
	f.Add(doseGrid(text(tagOrientation, "DS", `1\0\0\0\1\0`), text(tagOffsets, "DS", `0\1\2`), text(tagDoseScaling, "DS", "0.1")))
	f.Add(pet(nil))
	f.Add(tiled(func(w *writer) {
		w.text(0x00290010, "LO", "SIEMENS CSA HEADER")
		w.bytes(0x00291010, "OB", csaHeader([]string{"NumberOfImagesInMosaic"}, [][]string{{"3"}}))
	}))
	f.Add(voi(16, 0, 1024, 2048, 4095))
	files := fixtures.Glob("dicom", "files", "*", "*")
	for _, path := range files {
		if data, err := os.ReadFile(path); err == nil && len(data) < 20_000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := decodeAll(t, data); err == nil && len(data) < 128 {
			t.Logf("a picture of %d bytes", len(data))
		}
	})
}

// TestManyElementsStaySmall has as many elements, items and fragments as are
// read, all empty, and one of millions of numbers.
func TestManyElementsStaySmall(t *testing.T) {
	const many = maxElements - 64
	items := bytes.Repeat([]byte{0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0}, many)
	empty := func(w *writer) {
		for i := range Tag(many) {
			w.bytes(0x00090010+i%60_000, "LO", nil)
		}
	}
	encapsulated := func(w *writer) {
		w.out = append(append(w.out, 0xe0, 0x7f, 0x10, 0, 'O', 'B', 0, 0, 0xff, 0xff, 0xff, 0xff), items...)
	}
	for name, data := range map[string][]byte{
		"elements": file(explicitLE, grey(2, 8, 8, 7, 0), empty, raw(tagPixelData, "OB", 1, 2)),
		"people": file(explicitLE, func(w *writer) {
			for i := range Tag(many) {
				w.text(0x00104000+i%60_000, "LO", "Doe"+strconv.Itoa(int(i)))
			}
		}, grey(2, 8, 8, 7, 0), raw(tagPixelData, "OB", 1, 2)),
		"makers": file(explicitLE, empty, func(w *writer) {
			for range many / 2 {
				w.text(0x00190010, "LO", "NOBODY")
			}
		}, grey(2, 8, 8, 7, 0), raw(tagPixelData, "OB", 1, 2)),
		"items":     file(explicitLE, grey(2, 8, 8, 7, 0), raw(tagPerFrameGroups, "SQ", items...), raw(tagPixelData, "OB", 1, 2)),
		"fragments": file(explicitLE, grey(2, 8, 8, 7, 0), encapsulated),
		"numbers":   file(explicitLE, raw(tagWindowCenter, "UN", bytes.Repeat([]byte(`1\`), 10<<20)...), grey(2, 8, 8, 7, 0), raw(tagPixelData, "OB", 1, 2)),
	} {
		n := allocated(func() { decodeAll(t, data) })
		if n > 256<<20+uint64(len(data)) {
			t.Errorf("%s: %d MB for a file of %d", name, n>>20, len(data)>>20)
		}
	}
}
