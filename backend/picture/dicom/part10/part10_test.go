package part10_test

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"picasso/backend/picture/dicom/part10"
)

func TestElementsAreSortedAndTheLastOneCounts(t *testing.T) {
	data, err := part10.Encode("1.2", "1.3", part10.Set{
		part10.Short(0x00280010, 7), part10.Text(0x00080060, "CS", "CT"),
		part10.Sequence(0x00081115, part10.Set{part10.Text(0x0020000e, "UI", "1.9")}, nil), part10.Text(0x00080060, "CS", "MR"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "\x08\x00\x60\x00CS\x02\x00MR" +
		"\x08\x00\x15\x11SQ\x00\x00\x1c\x00\x00\x00" +
		"\xfe\xff\x00\xe0\x0c\x00\x00\x00" + "\x20\x00\x0e\x00UI\x04\x001.9\x00" +
		"\xfe\xff\x00\xe0\x00\x00\x00\x00" +
		"\x28\x00\x10\x00US\x02\x00\x07\x00"
	if !bytes.HasSuffix(data, []byte(want)) {
		t.Errorf("%q", data[128:])
	}
	if string(data[128:132]) != "DICM" || !bytes.Equal(data[:128], make([]byte, 128)) {
		t.Error("no preamble")
	}
	meta := data[132+12:]
	if n := int(data[140]) | int(data[141])<<8; !bytes.HasPrefix(meta[n:], []byte(want)) {
		t.Errorf("the meta information is %d bytes long", n)
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	deep := part10.Sequence(0x00081115)
	for range 20 {
		deep = part10.Sequence(0x00081115, part10.Set{deep})
	}
	for name, e := range map[string]part10.Element{
		"no type":       {Tag: 1},
		"unknown type":  {Tag: 1, VR: "XX"},
		"long text":     part10.Text(1, "LO", strings.Repeat("x", 1<<16)),
		"nested deeply": deep,
	} {
		if _, err := part10.Encode("1.2", "1.3", part10.Set{e}); err == nil {
			t.Errorf("%s is written", name)
		}
	}
}

func TestDecimals(t *testing.T) {
	for _, v := range []float64{0, 1, -0.5, 0.1, 1.0 / 3, -1.0 / 3, 12345678.901234567, -1.2345678901234567e-200, 1.5e308, 5e-324, -101.125, 0.564453125} {
		text := strings.TrimRight(string(part10.Decimals(1, v).Value), " ")
		back, err := strconv.ParseFloat(text, 64)
		if len(text) > 16 || err != nil || math.Abs(back-v) > 1e-7*math.Abs(v) && v > 1e-300 {
			t.Errorf("%v is written as %q", v, text)
		}
	}
	if got := string(part10.Decimals(1, 0.5, -2).Value); got != `0.5\-2` {
		t.Errorf("%q", got)
	}
}
