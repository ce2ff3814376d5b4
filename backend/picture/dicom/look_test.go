package dicom

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestPaddingStaysOutOfTheRange(t *testing.T) {
	minus := func(v int16) uint16 { return uint16(v) }
	pixels := words(tagPixelData, minus(-2000), minus(-1000), minus(-1600), 700)
	for name, c := range map[string]struct {
		elements []func(*writer)
		inside   [2]float32
		empty    []bool
	}{
		"none":     {nil, [2]float32{-2000, 700}, nil},
		"a value":  {[]func(*writer){raw(tagPadding, "SS", little(minus(-2000))...)}, [2]float32{-1600, 700}, []bool{true, false, false, false}},
		"a range":  {[]func(*writer){raw(tagPadding, "SS", little(minus(-2000))...), raw(tagPaddingLimit, "SS", little(minus(-1500))...)}, [2]float32{-1000, 700}, []bool{true, false, true, false}},
		"downward": {[]func(*writer){raw(tagPadding, "SS", little(minus(-1500))...), raw(tagPaddingLimit, "SS", little(minus(-2000))...)}, [2]float32{-1000, 700}, []bool{true, false, true, false}},
		"all":      {[]func(*writer){raw(tagPadding, "SS", little(minus(-2000))...), raw(tagPaddingLimit, "SS", little(minus(2000))...)}, [2]float32{-2000, 700}, []bool{true, true, true, true}},
	} {
		m := frameOf(t, file(explicitLE, append(append([]func(*writer){grey(4, 16, 16, 15, 1)}, c.elements...), pixels)...))
		if m.Inside != c.inside || !slices.Equal(m.Empty, c.empty) || m.Full != [2]float32{-2000, 700} || len(m.Warnings) > 0 {
			t.Errorf("%s: %v, %v, %q", name, m.Inside, m.Empty, m.Warnings)
		}
	}
}

// floating is four pixels of 32-bit floating point numbers.
func floating(v ...float32) func(*writer) {
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return raw(tagFloatPixels, "OF", b...)
}

func TestWhatIsNoNumberIsKeptAndLeftOut(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	m := frameOf(t, file(explicitLE, grey(4, 32, 32, 31, 0), floating(nan, 1000, inf, 1200)))
	if m.Values[0] == m.Values[0] || m.Values[2] != inf || m.NonFinite != 2 || m.Inside != [2]float32{1000, 1200} || m.Full != m.Inside {
		t.Errorf("%v, %d, %v", m.Values, m.NonFinite, m.Inside)
	}
	if want := "2 of 4 pixels are not numbers, or infinite"; strings.Join(m.Warnings, "; ") != want {
		t.Errorf("%q", m.Warnings)
	}
	for _, inverted := range []bool{false, true} {
		if got := Render(m.Values, m.Auto(), inverted); got[0] != 0 || inverted == (got[2] == 255) || got[1] == got[3] {
			t.Errorf("shown as %v, inverted %v", got, inverted)
		}
	}
	if got := Render(m.Values, Window{Center: 1100, Width: 200, Function: Sigmoid}, true)[0]; got != 0 {
		t.Errorf("by a curve: %d", got)
	}
	m = frameOf(t, file(explicitLE, grey(4, 32, 32, 31, 0), raw(tagFloatPadding, "FL", 0, 0, 0x7a, 0xc4), floating(-1000, 1, 2, 3))) // -1000
	if m.Inside != [2]float32{1, 3} || m.NonFinite != 0 || len(m.Warnings) > 0 {
		t.Errorf("padding of floating point pixels: %v, %q", m.Inside, m.Warnings)
	}
	m = frameOf(t, file(explicitLE, grey(2, 32, 32, 31, 0), floating(nan, nan)))
	if m.Inside != [2]float32{} || m.Window().Width <= 0 {
		t.Errorf("nothing but NaN: %v", m.Inside)
	}
}

func TestFloatingPointOfOtherSizes(t *testing.T) {
	f, err := Parse(file(explicitLE, grey(4, 16, 16, 15, 0), floating(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Frame(0); !errors.Is(err, ErrDamaged) {
		t.Errorf("16 bits: %v", err)
	}
}

// Tails are the values that sorting finds.
func TestTails(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{999, 1000, 4096, 50_000} {
		values := make([]float32, n)
		empty := make([]bool, n)
		var inside []float32
		for i := range values {
			values[i] = float32(r.NormFloat64() * 300)
			if empty[i] = r.IntN(5) == 0; !empty[i] {
				inside = append(inside, values[i])
			}
		}
		values[7], empty[7] = 1e9, false
		inside = append(inside, 1e9)
		slices.Sort(inside)
		cut := len(inside) / 1000
		lo, hi := Tails(values, empty, [2]float32{inside[0], inside[len(inside)-1]})
		if lo != inside[cut] || hi != inside[len(inside)-1-cut] {
			t.Errorf("%d values: %v to %v, want %v to %v", n, lo, hi, inside[cut], inside[len(inside)-1-cut])
		}
	}
	labels := make([]float32, 10_000)
	labels[3] = 4 // one pixel of ten thousand
	if lo, hi := Tails(labels, nil, [2]float32{0, 4}); lo != 0 || hi != 4 {
		t.Errorf("labels: %v to %v", lo, hi)
	}
	if lo, hi := Tails([]float32{5, 5}, nil, [2]float32{5, 5}); lo != 5 || hi != 5 {
		t.Errorf("one value: %v to %v", lo, hi)
	}
}

// One hot pixel does not make a picture without a window black.
func TestFirstLookWithoutWindow(t *testing.T) {
	pixels := make([]uint16, 64*64)
	for i := range pixels {
		pixels[i] = uint16(i % 300)
	}
	pixels[100] = 30_000
	m := frameOf(t, file(explicitLE, grey(64*64, 16, 16, 15, 0), words(tagPixelData, pixels...)))
	if lo, hi := m.Window().Ends(); lo > 1 || hi < 298 || hi > 299 {
		t.Errorf("shown from %v to %v", lo, hi)
	}
	if lo, hi := m.Auto().Ends(); lo != 0 || hi != 30_000 {
		t.Errorf("auto is %v to %v", lo, hi)
	}
}

// voi is a grey file with a table of four entries.
func voi(bits uint16, entries ...uint16) []byte {
	return file(explicitLE, grey(4, 16, 16, 15, 0), item(tagVOILUT, words(tagLUTDescriptor, uint16(len(entries)), 0, bits), words(tagLUTData, entries...)), words(tagPixelData, 0, 1, 2, 3))
}

func TestTablesHaveTheBitsTheyUse(t *testing.T) {
	for _, c := range []struct {
		data   []byte
		want   []byte
		remark string
	}{
		{voi(12, 0, 1024, 2048, 4095), []byte{0, 64, 128, 255}, ""},
		{voi(16, 0, 1024, 2048, 4095), []byte{0, 64, 128, 255}, "a table of the file declares 16 bits and uses 12; it is shown by those it uses"},
		{voi(8, 0, 1024, 2048, 4095), []byte{0, 64, 128, 255}, "a table of the file declares 8 bits and uses 12; it is shown by those it uses"},
		{voi(16, 0, 0, 40_000, 65_535), []byte{0, 0, 156, 255}, ""},
	} {
		m := frameOf(t, c.data)
		if got := m.Render(m.Window()); !slices.Equal(got, c.want) || strings.Join(m.Warnings, "; ") != c.remark {
			t.Errorf("%v, want %v; remarks %q, want %q", got, c.want, m.Warnings, c.remark)
		}
	}
}

func TestWindowsThatShowOneGreyAreTold(t *testing.T) {
	window := func(center, width string, pixels ...uint16) []byte {
		return file(explicitLE, grey(len(pixels), 16, 16, 15, 0), text(tagWindowCenter, "DS", center), text(tagWindowWidth, "DS", width), words(tagPixelData, pixels...))
	}
	for name, c := range map[string]struct {
		data []byte
		told bool
	}{
		"far above":         {window("32768", "100", 0, 700), true},
		"far below":         {window("-500", "100", 0, 700), true},
		"part of it":        {window("600", "150", 0, 700), false},
		"one value anyhow":  {window("32768", "100", 7, 7), false},
		"a table of one":    {voi(8, 255, 255, 255, 255), true},
		"a table with hill": {voi(8, 0, 255, 255, 0), false},
	} {
		if m := frameOf(t, c.data); (len(m.Warnings) == 1 && strings.Contains(m.Warnings[0], "one grey")) != c.told || !c.told && len(m.Warnings) > 0 {
			t.Errorf("%s: %q", name, m.Warnings)
		}
	}
}

// implicit writes elements without their types.
func implicit(elements ...func(*writer)) []byte {
	w := writer{append(make([]byte, 128), "DICM"...)}
	w.text(tagTransferSyntax, "UI", "1.2.840.10008.1.2")
	var in writer
	for _, e := range elements {
		e(&in)
	}
	p := &parser{in.out, &findings{}}
	d, _ := p.dataset(0, len(in.out), 0, binary.LittleEndian, true, false)
	for _, e := range d.elements {
		w.out = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(w.out, e.tag.group()), uint16(e.tag))
		w.out = append(binary.LittleEndian.AppendUint32(w.out, uint32(len(e.value))), e.value...)
	}
	return w.out
}

// Clean files have no remarks, whichever way they are written.
func TestCleanFilesHaveNoRemarks(t *testing.T) {
	ct := []func(*writer){
		text(tagSOPClass, "UI", "1.2.840.10008.5.1.4.1.1.2"), text(tagModality, "CS", "CT"), text(tagPatientName, "PN", "DOE^JANE"), text(tagSliceThickness, "DS", "5"),
		text(tagPosition, "DS", `0\0\0`), text(tagOrientation, "DS", `1\0\0\0\1\0`), grey(2, 16, 16, 15, 1), text(tagPixelSpacing, "DS", `0.5\0.5`),
		text(tagWindowCenter, "DS", `40\-600`), text(tagWindowWidth, "DS", `400\1500`), text(tagRescaleIntercept, "DS", "-1024 "), text(tagRescaleSlope, "DS", "1.0"), words(tagPixelData, 1000, 2000),
	}
	for name, data := range map[string][]byte{"explicit": file(explicitLE, ct...), "implicit": implicit(ct...)} {
		m := frameOf(t, data)
		if len(m.Warnings) > 0 || !slices.Equal(m.Values, []float32{-24, 976}) || m.Unit != "HU" {
			t.Errorf("%s: %q, %v %s", name, m.Warnings, m.Values, m.Unit)
		}
	}
}
