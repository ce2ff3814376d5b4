package dicom

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"strings"
	"testing"

	"picasso/backend/npy"
)

// folder is that of the test pictures; tests skip without it.
func folder(t testing.TB) string {
	t.Helper()
	return filepath.Dir(filepath.Dir(fixtures.Path(t, "dicom", "manifest.json")))
}

// reference is one entry of the fixtures' manifest.
type reference struct {
	Name     string
	Expected string
	Syntax   string `json:"transfer_syntax"`
	Array    struct {
		Shape    []int
		File     string
		Min, Max float64
		Mean     float64
		Probes   [][2]float64 `json:"probes_flat_index_value"`
	}
	PNG struct {
		File, Tool string
	}
}

func references(t testing.TB, root string) []reference {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "dicom", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []reference
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func open(t testing.TB, path string) *File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(data)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return f
}

// samplesOf is all frames' samples in one slice.
func samplesOf(t *testing.T, f *File) []float32 {
	t.Helper()
	var all []float32
	for i := range f.Frames() {
		m, err := f.Frame(i)
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		_, v := m.Samples()
		all = append(all, v...)
	}
	return all
}

func array(t *testing.T, path string) []float32 {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r io.Reader = bytes.NewReader(data)
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	a, err := npy.Read(r, 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	return a.Data
}

// tolerance is how far samples may be from the reference: lossy DCT is
// specified within limits only.
func (r reference) tolerance() float64 {
	for _, dct := range []string{".4.50", ".4.51"} {
		if strings.HasSuffix(r.Syntax, dct) {
			return 2
		}
	}
	return 0
}

func TestSamplesEqualTheReference(t *testing.T) {
	root := folder(t)
	for _, r := range references(t, root) {
		if r.Expected != "decodes" {
			continue
		}
		t.Run(strings.TrimPrefix(r.Name, "files/"), func(t *testing.T) {
			f := open(t, filepath.Join(root, "dicom", r.Name))
			got := samplesOf(t, f)
			if m, err := f.Frame(0); err == nil && m.Channels == 1 {
				sameWhole(t, f, m)
			}
			undoOwnRescale(t, f, got)
			n := 1
			for _, d := range r.Array.Shape {
				n *= d
			}
			if len(got) != n {
				t.Fatalf("%d samples, want shape %v (warnings %q)", len(got), r.Array.Shape, f.found.warnings)
			}
			for _, p := range r.Array.Probes {
				if d := math.Abs(float64(got[int(p[0])]) - p[1]); d > r.tolerance()+1e-6*math.Abs(p[1]) {
					t.Errorf("sample %v is %v, want %v", p[0], got[int(p[0])], p[1])
				}
			}
			if mean := meanOf(got); math.Abs(mean-r.Array.Mean) > r.tolerance()/4+1e-5*math.Abs(r.Array.Mean) {
				t.Errorf("mean %v, want %v", mean, r.Array.Mean)
			}
			if r.Array.File != "" {
				equal(t, got, array(t, filepath.Join(root, "dicom", r.Array.File)), r.tolerance())
			}
		})
	}
}

// undoOwnRescale takes the slopes and intercepts of single frames and the
// scaling of dose grids back: the references, of a tool that does not look for
// them, are without.
func undoOwnRescale(t *testing.T, f *File, values []float32) {
	t.Helper()
	if f.root.dose() {
		by := f.root.doses(false, &findings{}).slope
		for k, v := range values {
			values[k] = float32(math.Round(float64(v) / by))
		}
		return
	}
	if f.root.find(tagRescaleSlope) != nil || f.root.first(tagPerFrameGroups) == nil && f.root.first(tagSharedGroups) == nil {
		return
	}
	n := len(values) / f.Frames()
	for i := range f.Frames() {
		own := f.attributes(i).rescale(false, &findings{})
		for k := i * n; k < (i+1)*n; k++ {
			values[k] = float32((float64(values[k]) - own.intercept) / own.slope)
		}
	}
}

func meanOf(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x)
	}
	return sum / float64(len(v))
}

func equal(t *testing.T, got, want []float32, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d samples, want %d", len(got), len(want))
	}
	worst, at, wrong := 0.0, 0, 0
	for i := range got {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if d > tolerance {
			wrong++
		}
		if d > worst {
			worst, at = d, i
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d samples differ; at most by %v: sample %d is %v, want %v", wrong, len(got), worst, at, got[at], want[at])
	}
}

func TestRenderingEqualsTheReference(t *testing.T) {
	root := folder(t)
	for _, r := range references(t, root) {
		if r.Expected != "decodes" || r.PNG.File == "" {
			continue
		}
		t.Run(strings.TrimPrefix(r.Name, "files/"), func(t *testing.T) {
			m, err := open(t, filepath.Join(root, "dicom", r.Name)).Frame(0)
			if err != nil {
				t.Fatal(err)
			}
			w := m.Window()
			if strings.Contains(r.PNG.Tool, "+Wm") { // smallest to largest, whatever windows there are
				w = span("full range", m.Full[0], m.Full[1])
			}
			got := m.Render(w)
			want, channels := pixelsOf(t, filepath.Join(root, "dicom", r.PNG.File))
			if channels != m.Channels || len(got) != len(want) {
				t.Fatalf("%d channels and %d bytes, want %d and %d", m.Channels, len(got), channels, len(want))
			}
			limit := 1
			worst, wrong := 0, 0
			for i := range got {
				d := max(int(got[i])-int(want[i]), int(want[i])-int(got[i]))
				if worst = max(worst, d); d > limit {
					wrong++
				}
			}
			if wrong > 0 {
				t.Errorf("%d of %d bytes differ by more than %d, at most by %d", wrong, len(got), limit, worst)
			}
		})
	}
}

// pixelsOf reads a PNG as grey or RGB bytes.
func pixelsOf(t *testing.T, path string) ([]byte, int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if g, ok := m.(*image.Gray); ok {
		return g.Pix, 1
	}
	b := m.Bounds()
	rgba := image.NewRGBA(b)
	draw.Draw(rgba, b, m, b.Min, draw.Src)
	var out []byte
	for i := 0; i < len(rgba.Pix); i += 4 {
		out = append(out, rgba.Pix[i:i+3]...)
	}
	return out, 3
}

// TestDamagedFilesAreShown opens what the reference tools do not: a picture cut
// short, and one-bit pixels that are deflated.
func TestDamagedFilesAreShown(t *testing.T) {
	root := folder(t)
	cut, err := open(t, filepath.Join(root, "dicom", "files", "pydicom", "MR_truncated.dcm")).Frame(0)
	if err != nil || len(cut.Warnings) == 0 {
		t.Fatalf("%v, %v", cut, err)
	}
	whole, err := open(t, filepath.Join(root, "dicom", "files", "pydicom", "MR_small.dcm")).Frame(0)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, cut.Values[:4000], whole.Values[:4000], 0)
	f := open(t, filepath.Join(root, "dicom", "files", "pydicom-data", "liver_deflate.dcm"))
	m, err := f.Frame(1)
	if err != nil || f.Frames() != 3 || m.Full != [2]float32{0, 1} {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestFilesWithoutPictureSaySo(t *testing.T) {
	root := folder(t)
	for _, r := range references(t, root) {
		if r.Expected == "decodes" || strings.Contains(r.Name, "MR_truncated") || strings.Contains(r.Name, "liver") {
			continue
		}
		f := open(t, filepath.Join(root, "dicom", r.Name))
		var e *Error
		if _, err := f.Frame(0); !errors.As(err, &e) || e.Fault == "" || e.Remedy == "" {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
}
