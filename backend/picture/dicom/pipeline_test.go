package dicom

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
)

// file is a small file made of a few elements.
func file(syntax string, elements ...func(*writer)) []byte {
	w := writer{append(make([]byte, 128), "DICM"...)}
	w.text(tagTransferSyntax, "UI", syntax)
	for _, e := range elements {
		e(&w)
	}
	return w.out
}

const explicitLE = "1.2.840.10008.1.2.1"

func text(tag Tag, vr, s string) func(*writer) { return func(w *writer) { w.text(tag, vr, s) } }
func raw(tag Tag, vr string, b ...byte) func(*writer) {
	return func(w *writer) { w.bytes(tag, vr, b) }
}
func words(tag Tag, v ...uint16) func(*writer) {
	return func(w *writer) { w.bytes(tag, "OW", little(v...)) }
}
func little(v ...uint16) (out []byte) {
	for _, x := range v {
		out = binary.LittleEndian.AppendUint16(out, x)
	}
	return out
}

// grey describes one row of grey pixels.
func grey(columns, allocated, stored, high, signed int) func(*writer) {
	return func(w *writer) {
		w.short(tagSamples, 1)
		w.text(tagPhotometric, "CS", "MONOCHROME2")
		w.short(tagRows, 1)
		w.short(tagColumns, columns)
		w.short(tagAllocated, allocated)
		w.short(tagStored, stored)
		w.short(tagHighBit, high)
		w.short(tagSigned, signed)
	}
}

// colour describes one row of colour pixels.
func colour(columns int, photometric string, planar int) func(*writer) {
	return func(w *writer) {
		w.short(tagSamples, 3)
		w.text(tagPhotometric, "CS", photometric)
		w.short(tagPlanar, planar)
		w.short(tagRows, 1)
		w.short(tagColumns, columns)
		w.short(tagAllocated, 8)
		w.short(tagStored, 8)
		w.short(tagHighBit, 7)
		w.short(tagSigned, 0)
	}
}

// item is a sequence of one item of undefined length.
func item(tag Tag, elements ...func(*writer)) func(*writer) {
	return func(w *writer) {
		var in writer
		for _, e := range elements {
			e(&in)
		}
		body := append([]byte{0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff}, in.out...)
		body = append(body, 0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0)
		w.bytes(tag, "SQ", body)
	}
}

func frameOf(t *testing.T, data []byte) *Frame {
	t.Helper()
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Frame(0)
	if err != nil {
		t.Fatal(err)
	}
	sameWhole(t, f, m)
	return m
}

// sameWhole compares the first frame as whole numbers with its values, where it can be
// had as those.
func sameWhole(t *testing.T, f *File, m *Frame) (could bool) {
	t.Helper()
	whole := make([]int16, m.Width*m.Height)
	if ok, err := f.Whole(0, whole); err != nil || !ok {
		return false
	}
	for i, v := range m.Values {
		if float32(whole[i]) != v {
			t.Fatalf("pixel %d is %d as a whole number and %v else", i, whole[i], v)
		}
	}
	return true
}

// Whole numbers are given where they fit into 16 bits.
func TestWholeNumbers(t *testing.T) {
	rescale := func(slope, intercept string) []func(*writer) {
		return []func(*writer){text(tagRescaleIntercept, "DS", intercept), text(tagRescaleSlope, "DS", slope)}
	}
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{
		"as stored":           {short16(), true},
		"Hounsfield units":    {short16(rescale("1", "-1024")...), true},
		"doubled, negative":   {short16(rescale("-2", "7")...), true},
		"a fraction":          {short16(rescale("1.5", "0")...), false},
		"half a step":         {short16(rescale("1", "-0.5")...), false},
		"more than 16 bits":   {short16(rescale("4000", "0")...), false},
		"12 of 16 bits":       {file(explicitLE, grey(2, 16, 12, 11, 0), words(tagPixelData, 0xf005, 0x0fff)), true},
		"12 bits with a sign": {file(explicitLE, grey(2, 16, 12, 11, 1), words(tagPixelData, 0x0005, 0x0fff)), true},
		"large":               {file(explicitLE, grey(2, 16, 16, 15, 0), words(tagPixelData, 5, 0xffff)), false},
	} {
		f, err := Parse(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := f.Frame(0)
		if err != nil {
			t.Fatal(err)
		}
		if could := sameWhole(t, f, m); could != c.want {
			t.Errorf("%s: %v as whole numbers: %v", name, m.Values, could)
		}
	}
}

func TestStoredBits(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want []float32
	}{
		"unsigned":           {file(explicitLE, grey(2, 16, 16, 15, 0), words(tagPixelData, 0xffff, 1)), []float32{65535, 1}},
		"signed":             {file(explicitLE, grey(2, 16, 16, 15, 1), words(tagPixelData, 0xffff, 1)), []float32{-1, 1}},
		"signed of 12 bits":  {file(explicitLE, grey(2, 16, 12, 11, 1), words(tagPixelData, 0x0fff, 0x07ff)), []float32{-1, 2047}},
		"overlay above":      {file(explicitLE, grey(2, 16, 12, 11, 0), words(tagPixelData, 0xf123, 0x1001)), []float32{0x123, 1}},
		"high bit at top":    {file(explicitLE, grey(2, 16, 12, 15, 0), words(tagPixelData, 0x123f, 0xfff0)), []float32{0x123, 0xfff}},
		"bits":               {file(explicitLE, grey(8, 1, 1, 0, 0), raw(tagPixelData, "OB", 0b10010010, 0)), []float32{0, 1, 0, 0, 1, 0, 0, 1}},
		"bytes, odd":         {file(explicitLE, grey(3, 8, 8, 7, 0), raw(tagPixelData, "OW", 1, 2, 3, 0)), []float32{1, 2, 3}},
		"signed bytes":       {file(explicitLE, grey(2, 8, 8, 7, 1), raw(tagPixelData, "OW", 255, 127)), []float32{-1, 127}},
		"floating point":     {file(explicitLE, grey(1, 32, 32, 31, 0), raw(tagFloatPixels, "OF", 0, 0, 0x20, 0xc0)), []float32{-2.5}},
		"float, rescaled":    {file(explicitLE, grey(1, 32, 32, 31, 0), text(tagRescaleIntercept, "DS", "10"), text(tagRescaleSlope, "DS", "2"), raw(tagFloatPixels, "OF", 0, 0, 0x20, 0xc0)), []float32{5}},
		"rescaled":           {file(explicitLE, grey(2, 16, 16, 15, 0), text(tagRescaleIntercept, "DS", "-1024"), text(tagRescaleSlope, "DS", "0.5"), words(tagPixelData, 0, 100)), []float32{-1024, -974}},
		"slope only":         {file(explicitLE, grey(1, 16, 16, 15, 0), text(tagRescaleSlope, "DS", "2"), words(tagPixelData, 100)), []float32{200}},
		"modality table":     {file(explicitLE, grey(3, 8, 8, 7, 0), item(tagModalityLUT, words(tagLUTDescriptor, 2, 10, 16), words(tagLUTData, 500, 600)), raw(tagPixelData, "OW", 0, 11, 200, 0)), []float32{500, 600, 600}},
		"frame's own groups": {file(explicitLE, grey(1, 16, 16, 15, 0), item(tagPerFrameGroups, item(tagPixelTransform, text(tagRescaleIntercept, "DS", "-5"), text(tagRescaleSlope, "DS", "3"))), words(tagPixelData, 7)), []float32{16}},
	} {
		if m := frameOf(t, c.data); !slices.Equal(m.Values, c.want) {
			t.Errorf("%s: %v, want %v (%q)", name, m.Values, c.want, m.Warnings)
		}
	}
}

func TestColours(t *testing.T) {
	palette := func(w *writer) {
		for c := range Tag(3) {
			w.bytes(tagPaletteDescriptor+c, "US", little(2, 0, 16))
			w.bytes(tagPaletteData+c, "OW", little(uint16(c+1)<<8, 0xff00))
		}
	}
	indexed := func(w *writer) {
		w.short(tagSamples, 1)
		w.text(tagPhotometric, "CS", "PALETTE COLOR")
		for _, v := range []struct {
			tag Tag
			v   int
		}{{tagRows, 1}, {tagColumns, 2}, {tagAllocated, 8}, {tagStored, 8}, {tagHighBit, 7}, {tagSigned, 0}} {
			w.short(v.tag, v.v)
		}
	}
	for name, c := range map[string]struct {
		data []byte
		want []float32
	}{
		"by pixel":     {file(explicitLE, colour(2, "RGB", 0), raw(tagPixelData, "OW", 1, 2, 3, 4, 5, 6)), []float32{1, 2, 3, 4, 5, 6}},
		"by plane":     {file(explicitLE, colour(2, "RGB", 1), raw(tagPixelData, "OW", 1, 4, 2, 5, 3, 6)), []float32{1, 2, 3, 4, 5, 6}},
		"luma, chroma": {file(explicitLE, colour(1, "YBR_FULL", 0), raw(tagPixelData, "OW", 100, 128, 228, 0)), []float32{240, 29, 100}},
		// 50+1.402·20+0.25, 50−0.344136·(−30)−0.714136·20−0.06, 50−1.772·30+0.45
		"between two":   {file(explicitLE, colour(1, "YBR_FULL", 0), raw(tagPixelData, "OW", 50, 98, 148, 0)), []float32{78, 46, 0}},
		"4:2:2":         {file(explicitLE, colour(2, "YBR_FULL_422", 0), raw(tagPixelData, "OW", 100, 50, 128, 128)), []float32{100, 100, 100, 50, 50, 50}},
		"palette":       {file(explicitLE, indexed, palette, raw(tagPixelData, "OW", 1, 0)), []float32{255, 255, 255, 1, 2, 3}},
		"beyond it":     {file(explicitLE, indexed, palette, raw(tagPixelData, "OW", 9, 0)), []float32{255, 255, 255, 1, 2, 3}},
		"video's range": {file(explicitLE, colour(2, "YBR_PARTIAL_422", 0), raw(tagPixelData, "OW", 16, 235, 128, 128)), []float32{0, 0, 0, 255, 255, 255}},
	} {
		if m := frameOf(t, c.data); !slices.Equal(m.Values, c.want) {
			t.Errorf("%s: %v, want %v", name, m.Values, c.want)
		}
	}
}

// TestOvershoot: values coded with loss may lie beyond the stored bits, where a
// mask would make black of white. Coded without loss, what is there is no value.
func TestOvershoot(t *testing.T) {
	for _, c := range []struct {
		lossy, signed bool
		stored        int64
		want          int64
	}{
		{true, false, 4100, 4100},
		{false, false, 4100, 4},
		{true, true, 0xffff, -1},
		{false, true, 0x0fff, -1},
	} {
		s := samples{pixels: &pixels{allocated: 16, stored: 12, high: 11, signed: c.signed}, precision: 16, lossy: c.lossy}
		row := []int64{c.stored}
		if s.mask(row); row[0] != c.want {
			t.Errorf("%+v: %d", c, row[0])
		}
	}
}

// TestFragmentsOfRunLength finds the frames of fragments without a table.
func TestFragmentsOfRunLength(t *testing.T) {
	header := append([]byte{2, 0, 0, 0, 64, 0, 0, 0}, make([]byte, 60)...)
	tail := []byte{1, 2}
	got := streams([][]byte{nil, header, tail, tail, header}, nil, 2, binary.LittleEndian)
	if len(got) != 2 || len(got[0]) != 3 || len(got[1]) != 1 {
		t.Errorf("%v", got)
	}
}

func TestSegmentedPalette(t *testing.T) {
	for name, c := range map[string]struct{ in, want []uint16 }{
		"discrete": {[]uint16{0, 2, 5, 7}, []uint16{5, 7}},
		"linear":   {[]uint16{0, 1, 0, 1, 4, 8}, []uint16{0, 2, 4, 6, 8}},
		"indirect": {[]uint16{0, 1, 3, 1, 2, 5, 2, 2, 0, 0}, []uint16{3, 4, 5, 3, 4, 5}},
		"endless":  {[]uint16{2, 60000, 0, 0}, nil},
	} {
		if got := segments(c.in, 16); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestWindows checks the formulas of PS3.3 C.11.2.1.
func TestWindows(t *testing.T) {
	for _, c := range []struct {
		w    Window
		v    float64
		want float64
	}{
		{Window{Center: 2048, Width: 4096}, 0, 0},
		{Window{Center: 2048, Width: 4096}, 4095, 1},
		{Window{Center: 2048, Width: 4096}, 2047.5, 0.5},
		{Window{Center: 0, Width: 1}, -0.6, 0},
		{Window{Center: 0, Width: 1}, -0.4, 1},
		{Window{Center: 40, Width: 400, Function: LinearExact}, -160, 0},
		{Window{Center: 40, Width: 400, Function: LinearExact}, 140, 0.75},
		{Window{Center: 40, Width: 400, Function: Sigmoid}, 40, 0.5},
		{Window{Center: 40, Width: 400, Function: Sigmoid}, 140, 1 / (1 + math.Exp(-1))},
	} {
		if got := c.w.At(c.v); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v at %v is %v, want %v", c.w, c.v, got, c.want)
		}
		// Rendering rounds what At gives.
		if got, want := Render([]float32{float32(c.v)}, c.w, false)[0], byte(c.want*255+0.5); max(got, want)-min(got, want) > 1 {
			t.Errorf("%+v at %v is shown as %v, want %v", c.w, c.v, got, want)
		}
		if a, b := Render([]float32{float32(c.v)}, c.w, false)[0], Render([]float32{float32(c.v)}, c.w, true)[0]; int(a)+int(b) < 254 || int(a)+int(b) > 256 {
			t.Errorf("%+v: %d and inverted %d", c.w, a, b)
		}
	}
}

func TestWindowsOfAFile(t *testing.T) {
	m := frameOf(t, file(explicitLE, grey(1, 16, 16, 15, 0),
		text(tagWindowCenter, "DS", `40\-600\1`), text(tagWindowWidth, "DS", `400\1500\-3`), text(tagWindowName, "LO", `SOFT\LUNG`),
		item(tagVOILUT, words(tagLUTDescriptor, 2, 0, 8), words(tagLUTData, 0, 255)),
		words(tagPixelData, 1)))
	var names []string
	for _, w := range m.Windows {
		names = append(names, w.Name)
	}
	if got := strings.Join(names, ","); got != "SOFT,LUNG,table 1" || len(m.Warnings) != 1 {
		t.Errorf("windows %s, warnings %q", got, m.Warnings)
	}
	if v := m.Windows[2].At(1); v != 1 {
		t.Errorf("the table gives %v", v)
	}
}

func TestInvertedAndPadded(t *testing.T) {
	data := file(explicitLE, grey(3, 16, 16, 15, 1), raw(tagPadding, "SS", 0x30, 0xf8), words(tagPixelData, 0xf830, 10, 20))
	data = []byte(strings.Replace(string(data), "MONOCHROME2", "MONOCHROME1", 1))
	m := frameOf(t, data)
	if !m.Inverted || m.Full != [2]float32{-2000, 20} || m.Inside != [2]float32{10, 20} {
		t.Errorf("%v, %v, %v", m.Inverted, m.Full, m.Inside)
	}
	if got := m.Render(m.Auto()); !slices.Equal(got, []byte{255, 255, 0}) {
		t.Errorf("shown as %v", got)
	}
}

func TestIconIsNotThePicture(t *testing.T) {
	icon := item(0x00880200, grey(1, 8, 8, 7, 0), raw(tagPixelData, "OW", 9, 0))
	m := frameOf(t, file(explicitLE, icon, grey(2, 8, 8, 7, 0), raw(tagPixelData, "OW", 1, 2)))
	if m.Width != 2 || !slices.Equal(m.Values, []float32{1, 2}) {
		t.Errorf("%+v", m.Values)
	}
	f, err := Parse(file(explicitLE, icon))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Frame(0); !errors.Is(err, ErrNoPicture) {
		t.Errorf("%v", err)
	}
}

func TestWrittenSliceIsReadBack(t *testing.T) {
	s := Slice{Rows: 2, Columns: 3, Values: []int16{-1000, -500, 0, 40, 400, 3000}, Spacing: 0.75, Thickness: 2.5,
		Position: [3]float64{-10, -20, 30}, Number: 4, Root: "2.25.7", Center: 40, Width: 400}
	m := frameOf(t, s.Encode())
	if !slices.Equal(m.Values, []float32{-1000, -500, 0, 40, 400, 3000}) || m.Unit != "HU" || len(m.Warnings) > 0 {
		t.Errorf("%+v", m)
	}
	g := m.Geometry
	if g.Spacing != [2]float64{0.75, 0.75} || g.Depth() != 30 || g.Letters != [4]string{"R", "L", "A", "P"} || g.At(2, 1) != [3]float64{-8.5, -19.25, 30} {
		t.Errorf("%+v", g)
	}
	if m.Window().Center != 40 || m.Modality != "CT" {
		t.Errorf("%+v", m.Window())
	}
}

// TestManyTinyFrames does not believe in millions of frames.
func TestManyTinyFrames(t *testing.T) {
	f, err := Parse(file(explicitLE, text(tagFrames, "IS", "1000000"), grey(1, 1, 1, 0, 0), raw(tagPixelData, "OB", make([]byte, 60_000)...)))
	if err != nil {
		t.Fatal(err)
	}
	if f.Frames() != maxFrames || len(f.found.warnings) == 0 {
		t.Errorf("%d frames, %q", f.Frames(), f.found.warnings)
	}
}

// TestFramesAtOnce decodes the frames of a file from several goroutines.
func TestFramesAtOnce(t *testing.T) {
	f, err := Parse(file(explicitLE, text(tagFrames, "IS", "8"), grey(2, 8, 8, 7, 0),
		item(tagSharedGroups, item(tagPixelTransform, text(tagRescaleIntercept, "DS", "-1"))),
		raw(tagPixelData, "OB", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			m, err := f.Frame(i)
			if err != nil || m.Values[0] != float32(2*i-1) {
				t.Errorf("frame %d: %+v, %v", i, m, err)
			}
		})
	}
	wait.Wait()
}

// TestPatientStaysInside looks for the patient in everything that is said.
func TestPatientStaysInside(t *testing.T) {
	name := "Secret^Person"
	data := file(explicitLE, text(0x00100010, "PN", name), text(0x00100020, "LO", name), grey(2, 16, 16, 15, 0), words(tagPixelData, 1, 2))
	for n := 132; n < len(data); n++ {
		f, err := Parse(data[:n])
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Frame(0)
		said := strings.Join(f.found.warnings, " ")
		if err != nil {
			said += err.Error()
		}
		if strings.Contains(said, "Secret") {
			t.Errorf("cut at %d: %s", n, said)
		}
	}
}
