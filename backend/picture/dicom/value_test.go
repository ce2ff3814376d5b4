package dicom

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// short16 is two pixels of 16 bits: 10 and 20.
func short16(elements ...func(*writer)) []byte {
	return file(explicitLE, append(append([]func(*writer){}, elements...), grey(2, 16, 16, 15, 0), words(tagPixelData, 10, 20))...)
}

func TestNumbersThatCannotBeReadAreTold(t *testing.T) {
	ct := text(tagModality, "CS", "CT")
	for name, c := range map[string]struct {
		elements []func(*writer)
		values   []float32
		unit     string
		remark   string
	}{
		"text":             {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "-1024"), text(tagRescaleSlope, "DS", "abc")}, []float32{10, 20}, "", `the rescale slope "abc" cannot be read; values are not rescaled`},
		"not a number":     {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "-1024"), text(tagRescaleSlope, "DS", "NaN")}, []float32{10, 20}, "", `the rescale slope "NaN" cannot be read; values are not rescaled`},
		"infinite":         {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "-1024"), text(tagRescaleSlope, "DS", "1e400")}, []float32{10, 20}, "", `the rescale slope "1e400" cannot be read; values are not rescaled`},
		"two points":       {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "-1024"), text(tagRescaleSlope, "DS", "1.2.5")}, []float32{10, 20}, "", `the rescale slope "1.2.5" cannot be read; values are not rescaled`},
		"with a unit":      {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "-1024HU"), text(tagRescaleSlope, "DS", "1")}, []float32{10, 20}, "", `the rescale intercept "-1024HU" cannot be read; values are not rescaled`},
		"hexadecimal":      {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "0x10"), text(tagRescaleSlope, "DS", "1")}, []float32{10, 20}, "", `the rescale intercept "0x10" cannot be read; values are not rescaled`},
		"two values":       {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "0"), text(tagRescaleSlope, "DS", `1\2`)}, []float32{10, 20}, "", `the rescale slope "1\\2" cannot be read; values are not rescaled`},
		"beyond all sense": {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "0"), text(tagRescaleSlope, "DS", "1e35")}, []float32{10, 20}, "", `the rescale slope "1e35" is no sensible number; values are not rescaled`},
		"a patient's name": {[]func(*writer){text(tagPatientName, "PN", "DOE^JANE"), text(tagRescaleIntercept, "DS", "0"), text(tagRescaleSlope, "DS", "DOE JANE")}, []float32{10, 20}, "", `the rescale slope cannot be read; values are not rescaled`},
		"no slope":         {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "-5")}, []float32{5, 15}, "HU", "the file has a rescale intercept and no slope; a slope of 1 is taken"},
		"decimal comma":    {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "-0,5"), text(tagRescaleSlope, "DS", "1,5")}, []float32{14.5, 29.5}, "HU", ""},
		"the same twice":   {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "0"), text(tagRescaleSlope, "DS", `2\2`)}, []float32{20, 40}, "HU", ""},
		"empty":            {[]func(*writer){ct, text(tagRescaleIntercept, "DS", ""), text(tagRescaleSlope, "DS", "")}, []float32{10, 20}, "", ""},
		"another unit":     {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "0"), text(tagRescaleSlope, "DS", "1"), text(tagRescaleType, "LO", "DOE JANE")}, []float32{10, 20}, "", ""},
		"electron density": {[]func(*writer){ct, text(tagRescaleIntercept, "DS", "0"), text(tagRescaleSlope, "DS", "1"), text(tagRescaleType, "LO", "EDW")}, []float32{10, 20}, "electron density / water", ""},
		"spacing":          {[]func(*writer){text(tagPixelSpacing, "DS", `0.5mm\0.5mm`)}, []float32{10, 20}, "", `the pixel spacing "0.5mm\\0.5mm" cannot be read; distances are not known by it`},
		"spacing of 0":     {[]func(*writer){text(tagPixelSpacing, "DS", `0\0`)}, []float32{10, 20}, "", `the pixel spacing "0\\0" cannot be read; distances are not known by it`},
		"thickness":        {[]func(*writer){text(tagSliceThickness, "DS", "five")}, []float32{10, 20}, "", `the slice thickness "five" cannot be read and is left out`},
		"position":         {[]func(*writer){text(tagPosition, "DS", `0\0\x`), text(tagOrientation, "DS", `1\0\0\0\1\0`)}, []float32{10, 20}, "", "the place of the picture in the patient cannot be read"},
		"number of frames": {[]func(*writer){text(tagFrames, "IS", "one")}, []float32{10, 20}, "", `the number of frames "one" cannot be read; the first one is used`},
	} {
		m := frameOf(t, short16(c.elements...))
		if !slices.Equal(m.Values, c.values) || m.Unit != c.unit || strings.Join(m.Warnings, "; ") != c.remark {
			t.Errorf("%s: %v %q, remarks %q; want %v %q, %q", name, m.Values, m.Unit, m.Warnings, c.values, c.unit, c.remark)
		}
	}
}

// Slopes of frames are those of the frame in everything: values, samples, unit
// and windows.
func TestFramesWithTheirOwnSlope(t *testing.T) {
	group := func(slope string) func(*writer) {
		return func(w *writer) {
			var in writer
			item(tagPixelTransform, text(tagRescaleIntercept, "DS", "-1024"), text(tagRescaleSlope, "DS", slope), text(tagRescaleType, "LO", "HU"))(&in)
			body := append([]byte{0xfe, 0xff, 0x00, 0xe0}, binary.LittleEndian.AppendUint32(nil, uint32(len(in.out)))...)
			w.out = append(append(w.out, body...), in.out...)
		}
	}
	var items writer
	group("1")(&items)
	group("abc")(&items)
	group("4")(&items)
	data := file(explicitLE, text(tagFrames, "IS", "3"), grey(2, 16, 16, 15, 0), raw(tagPerFrameGroups, "SQ", items.out...), words(tagPixelData, 1000, 2000, 1, 2, 250, 500))
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		values []float32
		unit   string
		told   int
	}{{[]float32{-24, 976}, "HU", 0}, {[]float32{1, 2}, "", 1}, {[]float32{-24, 976}, "HU", 0}} {
		m, err := f.Frame(i)
		if err != nil {
			t.Fatal(err)
		}
		_, samples := m.Samples()
		if !slices.Equal(m.Values, want.values) || !slices.Equal(samples, want.values) || m.Unit != want.unit || len(m.Warnings) != want.told {
			t.Errorf("frame %d: %v, %v, %q, %q", i, m.Values, samples, m.Unit, m.Warnings)
		}
	}
}

// doseGrid is three frames of one pixel, 1000 times their number.
func doseGrid(elements ...func(*writer)) []byte {
	all := []func(*writer){text(tagSOPClass, "UI", rtDose), text(tagModality, "CS", "RTDOSE"), text(tagPosition, "DS", `1\2\3`), text(tagFrames, "IS", "3"), grey(1, 16, 16, 15, 0)}
	return file(explicitLE, append(append(all, elements...), words(tagPixelData, 1000, 2000, 3000, 0))...)
}

func TestDoseGrids(t *testing.T) {
	axial := text(tagOrientation, "DS", `1\0\0\0\1\0`)
	for name, c := range map[string]struct {
		elements []func(*writer)
		value    float32
		unit     string
		last     [3]float64
		placed   bool
		remark   string
	}{
		"gray": {[]func(*writer){axial, text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `0\2.5\5`), text(tagDoseScaling, "DS", "2e-3")},
			6, "Gy", [3]float64{1, 2, 8}, true, ""},
		"relative": {[]func(*writer){axial, text(tagDoseUnits, "CS", "RELATIVE"), text(tagOffsets, "DS", `0\2.5\5`), text(tagDoseScaling, "DS", "0.001")},
			3, "relative dose", [3]float64{1, 2, 8}, true, ""},
		"heights in the patient": {[]func(*writer){axial, text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `3\0\-3`), text(tagDoseScaling, "DS", "0.001")},
			3, "Gy", [3]float64{1, 2, -3}, true, ""},
		"feet first": {[]func(*writer){text(tagOrientation, "DS", `-1\0\0\0\1\0`), text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `0\2.5\5`), text(tagDoseScaling, "DS", "0.001")},
			3, "Gy", [3]float64{1, 2, -2}, true, ""},
		"coronal": {[]func(*writer){text(tagOrientation, "DS", `1\0\0\0\0\-1`), text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `0\2.5\5`), text(tagDoseScaling, "DS", "0.001")},
			3, "Gy", [3]float64{1, 7, 3}, true, ""},
		"offsets of nothing": {[]func(*writer){axial, text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `7\8\9`), text(tagDoseScaling, "DS", "0.001")},
			3, "Gy", [3]float64{1, 2, 3}, false, "the offsets of the dose grid's frames begin neither with 0 nor at the grid's place; their places are not known"},
		"offsets unreadable": {[]func(*writer){axial, text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `0\x\9`), text(tagDoseScaling, "DS", "0.001")},
			3, "Gy", [3]float64{1, 2, 3}, false, "the offsets of the dose grid's frames cannot be read; their places are not known"},
		"too few offsets": {[]func(*writer){axial, text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `0\1`), text(tagDoseScaling, "DS", "0.001")},
			3, "Gy", [3]float64{1, 2, 3}, false, "the offsets of the dose grid's frames cannot be read; their places are not known"},
		"no scaling": {[]func(*writer){axial, text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `0\2.5\5`)},
			3000, "", [3]float64{1, 2, 8}, true, "the dose grid has no scaling; its values are stored numbers and no doses"},
		"scaling unreadable": {[]func(*writer){axial, text(tagDoseUnits, "CS", "GY"), text(tagOffsets, "DS", `0\2.5\5`), text(tagDoseScaling, "DS", "2e-3Gy")},
			3000, "", [3]float64{1, 2, 8}, true, `the dose grid scaling "2e-3Gy" cannot be read; values are stored numbers and no doses`},
	} {
		f, err := Parse(doseGrid(c.elements...))
		if err != nil {
			t.Fatal(err)
		}
		m, err := f.Frame(2)
		if err != nil {
			t.Fatal(err)
		}
		g := Place(f, 2).Geometry
		if math.Abs(float64(m.Values[0]-c.value)) > 1e-6 || m.Unit != c.unit || m.Geometry.Position != c.last || m.Geometry.Placed != c.placed || strings.Join(m.Warnings, "; ") != c.remark {
			t.Errorf("%s: %v %q at %v (%v), remarks %q", name, m.Values[0], m.Unit, m.Geometry.Position, m.Geometry.Placed, m.Warnings)
		}
		if g.Position != m.Geometry.Position || g.Placed != m.Geometry.Placed {
			t.Errorf("%s: placed at %v, shown at %v", name, g.Position, m.Geometry.Position)
		}
	}
}

// pet is the elements of a PET image: 70 kg, 370 MBq of fluorine-18 injected an
// hour before the scan.
func pet(change map[Tag]func(*writer)) []byte {
	tracer := map[Tag]func(*writer){
		tagTracerStart: text(tagTracerStart, "TM", "090000.0"), tagTracerDose: text(tagTracerDose, "DS", "370000000"), tagHalfLife: text(tagHalfLife, "DS", "6586.2"),
	}
	all := map[Tag]func(*writer){
		tagModality: text(tagModality, "CS", "PT"), tagSeriesDate: text(tagSeriesDate, "DA", "20240317"), tagSeriesTime: text(tagSeriesTime, "TM", "100000"),
		tagAcquisitionDate: text(tagAcquisitionDate, "DA", "20240317"), tagAcquisitionTime: text(tagAcquisitionTime, "TM", "100330"),
		tagPatientWeight: text(tagPatientWeight, "DS", "70"), tagCorrections: text(tagCorrections, "CS", `NORM\ATTN\DECY\SCAT`),
		tagUnits: text(tagUnits, "CS", "BQML"), tagDecayCorrection: text(tagDecayCorrection, "CS", "START"),
	}
	for tag, e := range change {
		if _, ok := tracer[tag]; ok || tag == tagTracerStartDate {
			tracer[tag] = e
		} else {
			all[tag] = e
		}
	}
	list := func(m map[Tag]func(*writer)) (out []func(*writer)) {
		for _, tag := range slices.Sorted(maps.Keys(m)) {
			if m[tag] != nil {
				out = append(out, m[tag])
			}
		}
		return out
	}
	all[tagTracer] = item(tagTracer, list(tracer)...)
	return short16(list(all)...)
}

func TestUptake(t *testing.T) {
	const decayed = 370e6 * 0.6846 // 2^(−3600/6586.2)
	for name, c := range map[string]struct {
		change  map[Tag]func(*writer)
		factor  float64
		missing string
	}{
		"decayed to the scan":   {nil, 70_000 / decayed, ""},
		"to the injection":      {map[Tag]func(*writer){tagDecayCorrection: text(tagDecayCorrection, "CS", "ADMIN")}, 70_000 / 370e6, ""},
		"date and time":         {map[Tag]func(*writer){tagTracerStart: nil, tagTracerStartDate: text(tagTracerStartDate, "DT", "20240317090000.00+0100")}, 70_000 / decayed, ""},
		"before midnight":       {map[Tag]func(*writer){tagSeriesTime: text(tagSeriesTime, "TM", "003000"), tagAcquisitionTime: text(tagAcquisitionTime, "TM", "003100"), tagTracerStart: text(tagTracerStart, "TM", "233000")}, 70_000 / decayed, ""},
		"no weight":             {map[Tag]func(*writer){tagPatientWeight: nil}, 0, "the patient's weight"},
		"weight unreadable":     {map[Tag]func(*writer){tagPatientWeight: text(tagPatientWeight, "DS", "70kg")}, 0, "the patient's weight"},
		"weight in grams":       {map[Tag]func(*writer){tagPatientWeight: text(tagPatientWeight, "DS", "70000")}, 0, "the patient's weight"},
		"no dose":               {map[Tag]func(*writer){tagTracerDose: nil}, 0, "the injected dose"},
		"dose in megabecquerel": {map[Tag]func(*writer){tagTracerDose: text(tagTracerDose, "DS", "370")}, 0, "the injected dose"},
		"no half-life, no time": {map[Tag]func(*writer){tagHalfLife: nil, tagTracerStart: nil}, 0, "the half-life of the tracer and the times of injection and scan"},
		"dates removed":         {map[Tag]func(*writer){tagSeriesDate: nil, tagAcquisitionDate: nil}, 0, "the times of injection and scan"},
		"computed later":        {map[Tag]func(*writer){tagSeriesTime: text(tagSeriesTime, "TM", "150000")}, 0, "the times of injection and scan"},
		"not corrected": {map[Tag]func(*writer){tagCorrections: text(tagCorrections, "CS", "NORM"), tagDecayCorrection: text(tagDecayCorrection, "CS", "NONE")}, 0,
			"the correction for attenuation, the correction for decay and the time that decay is corrected to"},
	} {
		m := frameOf(t, pet(c.change))
		if m.Unit != "Bq/ml" || m.SUV == nil || math.Abs(m.SUV.Factor-c.factor) > 2e-4*c.factor || List(m.SUV.Missing) != c.missing {
			t.Errorf("%s: %q, %+v, want %v, %q", name, m.Unit, m.SUV, c.factor, c.missing)
			continue
		}
		told := strings.Join(m.Warnings, "; ")
		if c.missing == "" {
			u := m.Uptake()
			if told != "" || u.Unit != "SUVbw" || u.SUV != nil || math.Abs(float64(u.Values[1])-20*c.factor) > 1e-3*20*c.factor || m.Values[1] != 20 {
				t.Errorf("%s: %+v, %q", name, u, told)
			}
		} else if told != "values are in Bq/ml; for uptake values (SUV) the file lacks "+c.missing {
			t.Errorf("%s: %q", name, told)
		}
	}
	philips := func(element Tag, value string) map[Tag]func(*writer) {
		return map[Tag]func(*writer){
			tagUnits: text(tagUnits, "CS", "CNTS"),
			0x70530010: func(w *writer) {
				w.text(0x70530010, "LO", "Philips PET Private Group")
				w.text(0x70531000|element, "DS", value)
			},
		}
	}
	if m := frameOf(t, pet(philips(0, "0.005"))); m.Unit != "counts" || m.SUV == nil || m.SUV.Factor != 0.005 {
		t.Errorf("factor of Philips: %q, %+v", m.Unit, m.SUV)
	}
	if m := frameOf(t, pet(philips(9, "2"))); m.SUV == nil || math.Abs(m.SUV.Factor-2*70_000/decayed) > 1e-7 {
		t.Errorf("activity of Philips: %+v", m.SUV)
	}
	for _, bad := range []string{"0", "abc", "-1"} {
		if m := frameOf(t, pet(philips(0, bad))); m.SUV != nil {
			t.Errorf("factor %s of Philips: %+v", bad, m.SUV)
		}
	}
	for units, want := range map[string]string{"GML": "SUVbw", "CNTS": "counts", "DOE JANE": ""} {
		if m := frameOf(t, pet(map[Tag]func(*writer){tagUnits: text(tagUnits, "CS", units)})); m.Unit != want || m.SUV != nil {
			t.Errorf("%s: %q, %+v", units, m.Unit, m.SUV)
		}
	}
	if m := frameOf(t, pet(map[Tag]func(*writer){tagUnits: text(tagUnits, "CS", "GML"), tagSUVType: text(tagSUVType, "CS", "LBM")})); m.Unit != "SUV (lean or ideal weight)" {
		t.Errorf("by lean weight: %q", m.Unit)
	}
}
