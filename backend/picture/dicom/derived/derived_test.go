package derived_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/derived"
	"picasso/backend/picture/dicom/dicomtest"
)

const (
	columns = 5 // odd, so that bits of a segment begin within a byte
	rows    = 3
)

// secrets are what the source says of its patient and study, in values that
// occur nowhere else.
func secrets() map[uint32][2]string {
	return map[uint32][2]string{
		0x00080018: {"UI", "1.2.826.0.1.99.771.18"}, 0x00080020: {"DA", "20190413"}, 0x00080030: {"TM", "113355"},
		0x00080050: {"SH", "ACC-90017"}, 0x00080080: {"LO", "Wexmoor Clinic"}, 0x00080090: {"PN", "Vyke^Orla"}, 0x00081030: {"LO", "Zwibb thorax"},
		0x00100010: {"PN", "Quilf^Zoranthe"}, 0x00100020: {"LO", "PX-7741903"}, 0x00100030: {"DA", "19570831"},
		0x0020000d: {"UI", "1.2.826.0.1.99.771.1"}, 0x0020000e: {"UI", "1.2.826.0.1.99.771.2"}, 0x00200010: {"SH", "ST-4410"},
		0x00200052: {"UI", "1.2.826.0.1.99.771.3"},
	}
}

// source is a slice of CT that lies askew in the patient; change replaces
// elements, those without a type are left out.
func source(t *testing.T, change ...dicomtest.Element) *dicom.File {
	t.Helper()
	var all []dicomtest.Element
	for tag, e := range secrets() {
		all = append(all, dicomtest.Text(tag, e[0], e[1]))
	}
	all = append(all,
		dicomtest.Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"), dicomtest.Text(0x00080060, "CS", "CT"), dicomtest.Text(0x00180050, "DS", "2.5"),
		dicomtest.Text(0x00200032, "DS", `-12.25\33.5\-101.125`), dicomtest.Text(0x00200037, "DS", `0.8\0.6\0\0\0\-1`),
		dicomtest.Text(0x00280030, "DS", `0.75\0.5`),
	)
	all = slices.Concat(all, dicomtest.Grey(rows, columns, make([]int16, columns*rows)), change)
	all = slices.DeleteFunc(all, func(e dicomtest.Element) bool {
		return slices.ContainsFunc(change, func(c dicomtest.Element) bool { return c.Tag == e.Tag && c.VR == "" })
	})
	f, err := dicom.Parse(dicomtest.File(all))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func without(tag uint32) dicomtest.Element { return dicomtest.Element{Tag: tag} }

func about(f *dicom.File) derived.About {
	return derived.About{
		Origin: f.Origin(0, false), Source: "c0ffee", Geometry: dicom.Place(f, 0).Geometry, Number: 7,
		Program: "Picasso 1.2", Series: "occlusion", Title: "Occlusion of tank – research use, not for diagnosis", Says: "Occlusion; drop in P(tank).",
	}
}

// values are those of a map, two of them unknown.
func values() []float32 {
	out := make([]float32, columns*rows)
	for i := range out {
		out[i] = float32(i)/3 - 1.7
	}
	out[4], out[9] = float32(math.NaN()), float32(math.Inf(1))
	return out
}

func inside() []bool {
	out := make([]bool, columns*rows)
	for i := range out {
		out[i] = i%4 == 1
	}
	return out
}

func picture() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, columns, rows))
	for i := range columns * rows {
		m.SetRGBA(i%columns, i/columns, color.RGBA{uint8(i), uint8(100 + i), uint8(200 + i), 255})
	}
	return m
}

// objects are one of each kind.
func objects(t *testing.T, a derived.About) map[string][]byte {
	t.Helper()
	n := max(len(a.Slices), 1)
	out := map[string][]byte{}
	put := func(name string, write func(w io.Writer) error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = b.Bytes()
	}
	put("sc", func(w io.Writer) error { return derived.Capture(w, a, picture()) })
	put("pm", func(w io.Writer) error {
		return derived.Parametric(w, a, derived.Map{Columns: columns, Rows: rows, Values: onSlice(n), Unit: "drop in P(tank)", Quantity: derived.Saliency, Low: -2, High: 3})
	})
	put("seg", func(w io.Writer) error {
		return derived.Segmentation(w, a, columns, rows, []derived.Segment{{Label: "nodule", Inside: regionOn(n)}, {Label: "map ≥ 0.5", Inside: derived.One(make([]bool, columns*rows)), Method: "threshold"}})
	})
	return out
}

// onSlice gives the values of n slices: those of the first, and each time a quarter more.
func onSlice(n int) func(int) ([]float32, error) {
	return func(i int) ([]float32, error) {
		if i < 0 || i >= n {
			return nil, errors.New("no such slice")
		}
		v := values()
		for k := range v {
			v[k] += 0.25 * float32(i)
		}
		return v, nil
	}
}

// regionOn is a region that the second of several slices has no pixel of.
func regionOn(n int) func(int) ([]bool, error) {
	return func(i int) ([]bool, error) {
		switch {
		case i < 0 || i >= n:
			return nil, errors.New("no such slice")
		case i == 1:
			return make([]bool, columns*rows), nil
		}
		in := inside()
		in[i] = !in[i]
		return in, nil
	}
}

func parsed(t *testing.T, data []byte) *dicom.File {
	t.Helper()
	f, err := dicom.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func frame(t *testing.T, f *dicom.File, i int) *dicom.Frame {
	t.Helper()
	m, err := f.Frame(i)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Warnings) > 0 && m.NonFinite == 0 {
		t.Errorf("our own file is read with remarks: %q", m.Warnings)
	}
	return m
}

func TestOurReaderReadsThemBack(t *testing.T) {
	f := source(t)
	all := objects(t, about(f))
	m := frame(t, parsed(t, all["sc"]), 0)
	for i := range columns * rows {
		if got, want := [3]float32(m.Values[3*i:3*i+3]), [3]float32{float32(i), float32(100 + i), float32(200 + i)}; got != want {
			t.Errorf("pixel %d is %v, not %v", i, got, want)
		}
	}
	m = frame(t, parsed(t, all["pm"]), 0)
	for i, v := range values() {
		if unknown := v-v != 0; unknown != m.Empty[i] || !unknown && m.Values[i] != v {
			t.Errorf("value %d is %v (empty %v), not %v", i, m.Values[i], m.Empty[i], v)
		}
	}
	if want := dicom.Place(f, 0).Geometry; m.Geometry != want {
		t.Errorf("lies at %+v, not %+v", m.Geometry, want)
	}
	if w := m.Windows; len(w) != 1 || w[0].Center != 0.5 || w[0].Width != 5 {
		t.Errorf("windows %+v", w)
	}
	seg := parsed(t, all["seg"])
	if seg.Frames() != 2 {
		t.Fatalf("%d frames", seg.Frames())
	}
	m = frame(t, seg, 0)
	in, _ := regionOn(1)(0)
	for i, in := range in {
		if (m.Values[i] != 0) != in {
			t.Errorf("pixel %d is %v", i, m.Values[i])
		}
	}
	if m.Geometry != dicom.Place(f, 0).Geometry {
		t.Errorf("lies at %+v", m.Geometry)
	}
}

func TestNothingTellsThePatient(t *testing.T) {
	all := objects(t, about(source(t)))
	for name, data := range objects(t, volume(t, 2, 4)) {
		all[name+" of a volume"] = data
	}
	for name, data := range all {
		for tag, e := range secrets() {
			for _, part := range strings.Split(e[1], "^") {
				if bytes.Contains(data, []byte(part)) {
					t.Errorf("%s holds %q of %08x", name, part, tag)
				}
			}
		}
		if !bytes.Contains(data, []byte("113100")) || !bytes.Contains(data, []byte("YES ")) {
			t.Errorf("%s does not say that identities were removed", name)
		}
	}
}

func TestIntoThePatientsStudy(t *testing.T) {
	f := source(t, dicomtest.Text(0x00080005, "CS", "ISO_IR 100"), dicomtest.Text(0x00100010, "PN", "Qu\xeflf^Zoranthe"))
	a := about(f)
	a.Origin, a.Keep, a.Made = f.Origin(0, true), true, time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, data := range objects(t, a) {
		o := parsed(t, data).Origin(0, true)
		if o.Study != a.Origin.Study || o.Series == a.Origin.Series || o.Instance == a.Origin.Instance || name != "sc" && o.Reference != a.Origin.Reference {
			t.Errorf("%s: %+v", name, o)
		}
		for _, want := range a.Origin.Patient {
			if !slices.Contains(o.Patient, want) {
				t.Errorf("%s lacks %v %q", name, want.Tag, want.Text)
			}
		}
		if !bytes.Contains(data, []byte("Quïlf^Zoranthe")) || bytes.Contains(data, []byte("113100")) || bytes.Contains(data, []byte("Wexmoor")) {
			t.Errorf("%s does not hold the patient alone", name)
		}
		if name != "sc" && (!bytes.Contains(data, []byte("20260304")) || !bytes.Contains(data, []byte("050607"))) {
			t.Errorf("%s does not say when it was made", name)
		}
	}
}

func TestIdentifiers(t *testing.T) {
	a := about(source(t))
	once, again := objects(t, a), objects(t, a)
	next := a
	next.Number = 8
	other := a
	other.Series = "saliency"
	neighbour, series := objects(t, next), objects(t, other)
	for name := range once {
		if !bytes.Equal(once[name], again[name]) {
			t.Errorf("%s: the same content gives other bytes", name)
		}
		o, n, s := parsed(t, once[name]).Origin(0, false), parsed(t, neighbour[name]).Origin(0, false), parsed(t, series[name]).Origin(0, false)
		if o.Study != n.Study || o.Series != n.Series || o.Instance == n.Instance || o.Reference != n.Reference {
			t.Errorf("%s: slices of a series: %+v, %+v", name, o, n)
		}
		if o.Study != s.Study || o.Series == s.Series || o.Instance == s.Instance {
			t.Errorf("%s: two series: %+v, %+v", name, o, s)
		}
		for _, id := range []string{o.Study, o.Series, o.Instance} {
			if !strings.HasPrefix(id, "2.25.") || len(id) > 64 {
				t.Errorf("%s: identifier %q", name, id)
			}
		}
	}
}

func TestASourceWithoutIdentifiers(t *testing.T) {
	f := source(t, without(0x0020000d), without(0x0020000e), without(0x00080018), without(0x00200052))
	a := about(f)
	for name, data := range objects(t, a) {
		if o := parsed(t, data).Origin(0, false); o.Study == "" || o.Series == "" || name != "sc" && o.Reference == "" {
			t.Errorf("%s: %+v", name, o)
		}
	}
	a.Keep = true
	if err := derived.Capture(io.Discard, a, picture()); !errors.Is(err, derived.ErrNoStudy) {
		t.Errorf("into a study that is not named: %v", err)
	}
}

func TestWhatHasNoPlaceIsRefused(t *testing.T) {
	m := derived.Map{Columns: columns, Rows: rows, Values: derived.One(values())}
	for name, c := range map[string]struct {
		change dicomtest.Element
		want   error
	}{
		"X-ray":       {dicomtest.Text(0x00080060, "CS", "DX"), derived.ErrProjection},
		"no position": {without(0x00200032), derived.ErrPlaceless},
		"no spacing":  {without(0x00280030), derived.ErrPlaceless},
		"thickness":   {without(0x00180050), derived.ErrThickness},
	} {
		a := about(source(t, c.change))
		if err := derived.Parametric(io.Discard, a, m); !errors.Is(err, c.want) {
			t.Errorf("%s: map: %v", name, err)
		}
		if err := derived.Segmentation(io.Discard, a, columns, rows, []derived.Segment{{Label: "x", Inside: derived.One(inside())}}); !errors.Is(err, c.want) {
			t.Errorf("%s: region: %v", name, err)
		}
		if err := derived.Capture(io.Discard, a, picture()); err != nil {
			t.Errorf("%s: picture: %v", name, err)
		}
	}
}

func TestSizesThatCannotBe(t *testing.T) {
	a := about(source(t))
	if err := derived.Parametric(io.Discard, a, derived.Map{Columns: 3, Rows: 3, Values: derived.One(make([]float32, 8))}); err == nil {
		t.Error("a map with a value too few")
	}
	if err := derived.Parametric(io.Discard, a, derived.Map{Columns: 70000, Rows: 1, Values: derived.One(make([]float32, 70000))}); err == nil {
		t.Error("a map wider than DICOM")
	}
	for _, segments := range [][]derived.Segment{nil, {{Label: "x", Inside: derived.One(make([]bool, 3))}}, make([]derived.Segment, 2000)} {
		if err := derived.Segmentation(io.Discard, a, columns, rows, segments); err == nil {
			t.Errorf("%d segments", len(segments))
		}
	}
	if err := derived.Capture(io.Discard, a, image.NewRGBA(image.Rectangle{})); err == nil {
		t.Error("an empty picture")
	}
}

// tool finds a program of Debian's that judges our files.
func tool(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (package %s)", name, pkg)
	}
	return path
}

func TestTheVerifierFindsNoError(t *testing.T) {
	verify := tool(t, "dciodvfy", "dicom3tools")
	kept := about(source(t))
	kept.Origin, kept.Keep, kept.Made = source(t).Origin(0, true), true, time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	bare := about(source(t, without(0x0020000d), without(0x0020000e), without(0x00080018), without(0x00200052)))
	lossy := about(source(t, dicomtest.Text(0x00282110, "CS", "01"), dicomtest.Text(0x00282112, "DS", "12.5"), dicomtest.Text(0x00282114, "CS", "ISO_10918_1")))
	mr := about(source(t, dicomtest.Text(0x00080060, "CS", "MR"), dicomtest.Text(0x00280301, "CS", "NO")))
	for about, a := range map[string]derived.About{"a new study": about(source(t)), "the patient's study": kept, "without identifiers": bare, "compressed with loss": lossy, "MR": mr,
		"slices": volume(t, 2, 4), "uneven slices": volume(t, 2, 5), "no DICOM": placed(volume(t, 2, 4))} {
		for name, data := range objects(t, a) {
			path := filepath.Join(t.TempDir(), name+".dcm")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			out, _ := exec.Command(verify, "-new", path).CombinedOutput() // its exit status says the same as its words
			if bytes.Contains(out, []byte("Error")) || len(out) == 0 {
				t.Errorf("%s of %s:\n%s", name, about, out)
			}
		}
	}
}

// readBack prints what pydicom reads: of a map its values, and the place of each frame.
const readBack = `
import pydicom, sys, struct
d = pydicom.dcmread(sys.argv[1])
v = struct.unpack('<%df' % (len(d.FloatPixelData) // 4), d.FloatPixelData)
s = d.SharedFunctionalGroupsSequence[0]
print(' '.join('%08x' % struct.unpack('<I', struct.pack('<f', x))[0] for x in v))
for p in d.PerFrameFunctionalGroupsSequence:
    print(*[float(x) for x in p.PlanePositionSequence[0].ImagePositionPatient])
print(*[float(x) for x in s.PlaneOrientationSequence[0].ImageOrientationPatient])
print(*[float(x) for x in s.PixelMeasuresSequence[0].PixelSpacing])
print(s.RealWorldValueMappingSequence[0].QuantityDefinitionSequence[0].ConceptCodeSequence[0].CodeMeaning, '|', s.RealWorldValueMappingSequence[0].LUTExplanation)
`

func TestPydicomReadsTheSameNumbers(t *testing.T) {
	python := tool(t, "python3", "python3")
	if _, err := os.Stat("/usr/bin/python3"); err == nil {
		python = "/usr/bin/python3" // which Debian's packages belong to
	}
	if exec.Command(python, "-c", "import pydicom").Run() != nil {
		t.Skip("pydicom is not installed (package python3-pydicom)")
	}
	for name, a := range map[string]derived.About{"a slice": about(source(t)), "a volume": volume(t, 2, 4)} {
		path := filepath.Join(t.TempDir(), "pm.dcm")
		if err := os.WriteFile(path, objects(t, a)["pm"], 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(python, "-c", readBack, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		var bits, places []string
		n := max(1, len(a.Slices))
		for i := range n {
			values, err := onSlice(n)(i)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				if v-v != 0 {
					v = -math.MaxFloat32
				}
				bits = append(bits, hex(v))
			}
			places = append(places, [3]string{"-12.25 33.5 -101.125", "-13.45 35.1 -101.125", "-14.65 36.7 -101.125"}[i])
		}
		want := strings.Join([]string{
			strings.Join(bits, " "), strings.Join(places, "\n"), "0.8 0.6 0.0 0.0 0.0 -1.0", "0.75 0.5", "Saliency | drop in P(tank)",
		}, "\n")
		if got := strings.TrimSpace(string(out)); got != want {
			t.Errorf("of %s pydicom reads\n%s\nnot\n%s", name, got, want)
		}
	}
}

func hex(v float32) string {
	const digits = "0123456789abcdef"
	b := math.Float32bits(v)
	out := make([]byte, 8)
	for i := range out {
		out[i] = digits[b>>(28-4*i)&15]
	}
	return string(out)
}

// What is written is read back, whatever the numbers and the texts are.
func FuzzRoundTrip(f *testing.F) {
	f.Add(uint8(3), uint8(2), []byte("\x00\x00\x80\x3f0123456789"), `drop in P(tank\`+"\x00)", -12.25, 0.5, 2.5)
	f.Add(uint8(1), uint8(1), []byte{}, "", 1e8, 1e-5, 0.0)
	f.Fuzz(func(t *testing.T, w, h uint8, raw []byte, text string, at, spacing, thickness float64) {
		w, h = w%9+1, h%9+1
		v := make([]float32, int(w)*int(h))
		in := make([]bool, len(v))
		for i := range v {
			if 4*i+4 <= len(raw) {
				v[i] = math.Float32frombits(uint32(raw[4*i]) | uint32(raw[4*i+1])<<8 | uint32(raw[4*i+2])<<16 | uint32(raw[4*i+3])<<24)
				in[i] = raw[4*i]&1 == 1
			}
		}
		var g dicom.Geometry
		g.Spacing, g.Thickness, g.Aspect = [2]float64{spacing, 2 * spacing}, thickness, 0.5
		g.Put([3]float64{at, -at, 0}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
		a := derived.About{Origin: dicom.Origin{Modality: "MR"}, Source: text, Geometry: g, Program: text, Series: text, Title: text, Says: text}
		var b bytes.Buffer
		if err := derived.Parametric(&b, a, derived.Map{Columns: int(w), Rows: int(h), Values: derived.One(v), Unit: text}); err != nil {
			if derived.Placeable("MR", g) == nil {
				t.Fatal(err)
			}
			return
		}
		m, err := parsed(t, b.Bytes()).Frame(0)
		if err != nil {
			t.Fatal(err)
		}
		for i := range v {
			if unknown := v[i]-v[i] != 0 || v[i] == -math.MaxFloat32; !unknown && m.Values[i] != v[i] || unknown && (m.Empty == nil || !m.Empty[i]) && v[i]-v[i] != 0 {
				t.Fatalf("value %d is %v, not %v", i, m.Values[i], v[i])
			}
		}
		near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-8*math.Max(math.Abs(a), math.Abs(b)) }
		if spacing > 1e-5 && spacing < 1e5 && math.Abs(at) < 1e8 && (!m.Geometry.Placed || !near(m.Geometry.Position[0], at) || !near(m.Geometry.Spacing[0], spacing)) {
			t.Fatalf("lies at %+v, not %+v", m.Geometry, g)
		}
		b.Reset()
		if err := derived.Segmentation(&b, a, int(w), int(h), []derived.Segment{{Label: text, Inside: derived.One(in), Method: text}}); err != nil {
			t.Fatal(err)
		}
		if m, err = parsed(t, b.Bytes()).Frame(0); err != nil {
			t.Fatal(err)
		}
		for i := range in {
			if (m.Values[i] != 0) != in[i] {
				t.Fatalf("pixel %d is %v", i, m.Values[i])
			}
		}
	})
}
