package dicom

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// csaHeader is Siemens' image header with texts.
func csaHeader(names []string, values [][]string) []byte {
	b := []byte("SV10\x04\x03\x02\x01")
	b = binary.LittleEndian.AppendUint32(b, uint32(len(names)))
	b = binary.LittleEndian.AppendUint32(b, 77)
	for i, name := range names {
		b = append(b, name...)
		b = append(b, make([]byte, 64-len(name))...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(values[i]))) // multiplicity
		b = append(b, "IS\x00\x00\x06\x00\x00\x00"...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(values[i])))
		b = binary.LittleEndian.AppendUint32(b, 77)
		for _, v := range values[i] {
			v += "\x00"
			for range 4 {
				b = binary.LittleEndian.AppendUint32(b, uint32(len(v)))
			}
			b = append(b, v...)
			b = append(b, make([]byte, (4-len(v)%4)%4)...)
		}
	}
	return b
}

// tiled is a picture of 4×4 pixels: four tiles whose pixels have their number.
func tiled(elements ...func(*writer)) []byte {
	all := []func(*writer){
		text(tagImageType, "CS", `ORIGINAL\PRIMARY\M\ND\MOSAIC`), text(tagModality, "CS", "MR"), text(tagPosition, "DS", `-4\-4\10`), text(tagOrientation, "DS", `1\0\0\0\1\0`),
		text(tagPixelSpacing, "DS", `2\2`), grey(4, 16, 16, 15, 0), func(w *writer) { w.short(tagRows, 4) },
	}
	pixels := words(tagPixelData, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3)
	out := file(explicitLE, append(append(all, elements...), pixels)...)
	// One row is what grey describes; the second element counts for nobody, so take the first one out.
	first := binary.LittleEndian.AppendUint16([]byte{0x28, 0, 0x10, 0, 'U', 'S', 2, 0}, 1)
	return []byte(strings.Replace(string(out), string(first), "", 1))
}

func TestMosaics(t *testing.T) {
	private := func(w *writer) {
		w.text(0x00190010, "LO", "SIEMENS MR HEADER")
		w.short(0x0019100a, 3)
	}
	header := func(names []string, values [][]string) func(*writer) {
		return func(w *writer) {
			w.text(0x00290010, "LO", "SIEMENS CSA HEADER")
			w.bytes(0x00291010, "OB", csaHeader(names, values))
		}
	}
	between := text(tagSpacingBetween, "DS", "3.5")
	for name, c := range map[string]struct {
		elements []func(*writer)
		frames   int
		last     [3]float64
		placed   bool
		remark   string
	}{
		"the maker's element": {[]func(*writer){private, between}, 3, [3]float64{-2, -2, 17}, true, ""},
		"the maker's header": {[]func(*writer){header([]string{"Other", "NumberOfImagesInMosaic", "SliceNormalVector"}, [][]string{{"x"}, {"3"}, {"0.0", "0.0", "1.0"}}), between},
			3, [3]float64{-2, -2, 17}, true, ""},
		"slices downwards": {[]func(*writer){header([]string{"NumberOfImagesInMosaic", "SliceNormalVector"}, [][]string{{"3"}, {"0", "0", "-1"}}), between},
			3, [3]float64{-2, -2, 3}, true, ""},
		"by thickness":    {[]func(*writer){private, text(tagSliceThickness, "DS", "2")}, 3, [3]float64{-2, -2, 14}, true, ""},
		"no distance":     {[]func(*writer){private}, 3, [3]float64{-4, -4, 10}, false, ""},
		"by matrix":       {[]func(*writer){raw(tagAcquisitionMatrix, "US", little(2, 0, 0, 2)...), between}, 4, [3]float64{-2, -2, 20.5}, true, "the file does not say how many slices its mosaic has; those at the end may be empty"},
		"nothing told":    {nil, 1, [3]float64{-4, -4, 10}, false, "the picture is a mosaic of slices that cannot be taken apart; places and distances in it are not those in the patient"},
		"does not divide": {[]func(*writer){func(w *writer) { w.text(0x00190010, "LO", "SIEMENS MR HEADER"); w.short(0x0019100a, 8) }}, 1, [3]float64{-4, -4, 10}, false, "the picture is a mosaic of slices that cannot be taken apart; places and distances in it are not those in the patient"},
	} {
		f, err := Parse(tiled(c.elements...))
		if err != nil {
			t.Fatal(err)
		}
		if f.Frames() != c.frames {
			t.Errorf("%s: %d frames, want %d", name, f.Frames(), c.frames)
			continue
		}
		m, err := f.Frame(c.frames - 1)
		if err != nil {
			t.Fatal(err)
		}
		if m.Geometry.Position != c.last || m.Geometry.Placed != c.placed || strings.Join(m.Warnings, "; ") != c.remark {
			t.Errorf("%s: at %v (%v), remarks %q", name, m.Geometry.Position, m.Geometry.Placed, m.Warnings)
		}
		if n := float32(c.frames - 1); c.frames > 1 && (m.Width != 2 || m.Height != 2 || !slices.Equal(m.Values, []float32{n, n, n, n})) {
			t.Errorf("%s: %d×%d, %v", name, m.Width, m.Height, m.Values)
		}
		if p := Place(f, c.frames-1); p.Geometry.Position != c.last || p.Rows != m.Height || p.Mosaic != (c.frames > 1) {
			t.Errorf("%s: placed %+v", name, p)
		}
	}
}

func TestDamagedHeadersOfSiemens(t *testing.T) {
	whole := csaHeader([]string{"NumberOfImagesInMosaic"}, [][]string{{"3"}})
	for n := range len(whole) {
		d := &dataset{order: binary.LittleEndian, elements: []element{
			{tag: 0x00290010, value: []byte("SIEMENS CSA HEADER")}, {tag: 0x00291010, value: whole[:n]},
		}}
		d.csa()
	}
	for i := range len(whole) {
		bad := slices.Clone(whole)
		bad[i] = 0xff
		d := &dataset{order: binary.LittleEndian, elements: []element{
			{tag: 0x00290010, value: []byte("SIEMENS CSA HEADER")}, {tag: 0x00291010, value: bad},
		}}
		d.csa()
	}
}

func TestTraits(t *testing.T) {
	content := func(elements ...func(*writer)) func(*writer) {
		return item(tagPerFrameGroups, item(tagFrameContent, elements...))
	}
	mr := text(tagModality, "CS", "MR")
	for name, c := range map[string]struct {
		data []byte
		kind Kind
		want Trait
	}{
		"temporal index":      {short16(mr, content(raw(tagTemporalIndex, "UL", 7, 0, 0, 0))), Temporal, Trait{Known: true, Number: 7}},
		"frame's acquisition": {short16(mr, content(raw(tagFrameNumber, "US", 9, 0))), Acquisition, Trait{Known: true, Number: 9}},
		"effective echo":      {short16(mr, item(tagSharedGroups, item(tagEchoes, raw(tagEffectiveEcho, "FD", 0, 0, 0, 0, 0, 0, 0x12, 0x40)))), Echo, Trait{Known: true, Number: 4.5}},
		"isotropic":           {short16(mr, item(tagPerFrameGroups, item(tagDiffusion, raw(tagBValue, "FD", 0, 0, 0, 0, 0, 0x40, 0x8f, 0x40), text(tagDirectionality, "CS", "ISOTROPIC")))), Direction, Trait{Known: true, Text: "isotropic"}},
		"complex part":        {short16(mr, item(tagPerFrameGroups, item(tagFrameTypes, text(tagComplex, "CS", "PHASE")))), Component, Trait{Known: true, Number: 1, Text: "phase"}},
		"of Philips":          {short16(mr, text(tagImageType, "CS", `ORIGINAL\PRIMARY\PHASE MAP\P\FFE`)), Component, Trait{Known: true, Number: 1, Text: "phase"}},
		"of GE":               {short16(mr, text(0x00430010, "LO", "GEMS_PARM_01"), raw(0x0043102f, "SS", 3, 0)), Component, Trait{Known: true, Number: 3, Text: "imaginary"}},
		"not of CT":           {short16(text(tagModality, "CS", "CT"), text(tagImageType, "CS", `ORIGINAL\PRIMARY\M`)), Component, Trait{}},
		"contrast":            {short16(text(tagContrastAgent, "LO", "Gd")), Contrast, Trait{Known: true, Number: 1, Text: "with contrast"}},
		"no contrast":         {short16(text(tagContrastAgent, "LO", "NONE")), Contrast, Trait{Known: true, Text: "without contrast"}},
		"delay":               {short16(mr, item(tagPerFrameGroups, item(tagHeart, raw(tagTriggerDelay, "FD", 0, 0, 0, 0, 0, 0, 0x59, 0x40)))), Trigger, Trait{Known: true, Number: 100}},
		"unreadable":          {short16(text(tagEchoTime, "DS", "abc")), Echo, Trait{}},
		"without types":       {implicit(grey(2, 16, 16, 15, 0), raw(tagBValue, "FD", 0, 0, 0, 0, 0, 0x40, 0x8f, 0x40), words(tagPixelData, 1, 2)), BValue, Trait{Known: true, Number: 1000}},
	} {
		f, err := Parse(c.data)
		if err != nil {
			t.Fatal(err)
		}
		if got := Place(f, 0).Traits[c.kind]; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
