package dicom

import (
	"math"
	"strings"
)

// modality turns stored values into real ones: by a table, or by a line. There
// is one for every frame, and nothing else gives the value of a pixel.
type modality struct {
	table            *table
	slope, intercept float64
	unit             string
	below            bool // results may be negative
	padding          padding
}

// maxRescale bounds slope and intercept that are believed.
const maxRescale = 1e30

// modality reads the modality LUT of a frame (PS3.3 C.11.1), or what stands for
// it: the scaling of a dose grid.
func (a attributes) modality(signed bool, found *findings) modality {
	if item := a.root.first(tagModalityLUT); item != nil {
		if t := item.table(signed); t != nil {
			return modality{slope: 1, table: t, unit: unitOf(item.text(tagModalityLUTType))}
		}
		found.warn("the modality table is damaged and is left out")
	}
	if a.root.dose() {
		return a.root.doses(signed, found)
	}
	return a.rescale(signed, found)
}

// rescale reads slope and intercept. Where either cannot be read, values stay
// as they are stored, and have no unit.
func (a attributes) rescale(signed bool, found *findings) modality {
	raw := modality{slope: 1, below: signed}
	d := a.holder(tagPixelTransform, tagRescaleIntercept)
	if d.find(tagRescaleIntercept) == nil {
		d = a.holder(tagPixelTransform, tagRescaleSlope)
	}
	slope, intercept := d.number(tagRescaleSlope), d.number(tagRescaleIntercept)
	for _, n := range []struct {
		number
		name string
	}{{slope, "slope"}, {intercept, "intercept"}} {
		switch {
		case n.broken:
			found.warn("the rescale %s%s cannot be read; values are not rescaled", n.name, found.quote(n.written))
			return raw
		case math.Abs(n.value) > maxRescale:
			found.warn("the rescale %s%s is no sensible number; values are not rescaled", n.name, found.quote(n.written))
			return raw
		}
	}
	m := raw
	switch {
	case slope.given:
		m.slope = slope.value
	case intercept.given:
		found.warn("the file has a rescale intercept and no slope; a slope of 1 is taken")
	}
	m.intercept = intercept.value
	if m.slope == 0 {
		found.warn("the rescale slope is 0: every pixel has the same value")
	}
	m.below = m.below || m.intercept < 0 || m.slope < 0
	told := d.text(tagRescaleType)
	m.unit = unitOf(told)
	switch kind := a.root.kindOf(); {
	case kind == "PT":
		m.unit = a.root.petUnit(m.unit)
	case (told == "" || strings.EqualFold(told, "US")) && (slope.given || intercept.given) && kind == "CT" && a.root.text(tagSOPClass) != parametricMap:
		m.unit = "HU" // unless another one is named (PS3.3 C.8.2.1)
	}
	return m
}

// apply computes the values of a row.
func (m *modality) apply(stored []int64, out []float32) {
	switch {
	case m.table != nil:
		for i, v := range stored {
			out[i] = float32(m.table.at(v))
		}
	case m.slope == 1 && m.intercept == 0:
		for i, v := range stored {
			out[i] = float32(v)
		}
	default:
		for i, v := range stored {
			out[i] = float32(float64(v)*m.slope + m.intercept)
		}
	}
}

// whole computes the values of a row where all are whole numbers of 16 bits.
func (m *modality) whole(stored []int64, out []int16) bool {
	r, ok := WholeRescale(m.slope, m.intercept)
	return m.table == nil && ok && r.Row(stored, out)
}

// Rescale is a rescaling of stored numbers whose slope and intercept are whole.
type Rescale struct{ slope, intercept int64 }

// WholeRescale is the rescaling by a slope of at most 16 bits and an intercept of at
// most 32; ok is false where these are other numbers.
func WholeRescale(slope, intercept float64) (r Rescale, ok bool) {
	r = Rescale{int64(slope), int64(intercept)}
	whole := float64(r.slope) == slope && float64(r.intercept) == intercept
	return r, whole && r.slope == int64(int16(r.slope)) && r.intercept == int64(int32(r.intercept))
}

// Row rescales stored numbers of at most 32 bits. It reports whether all results have 16;
// out holds nothing of use otherwise.
func (r Rescale) Row(stored []int64, out []int16) bool {
	lost := int64(0) // bits that do not fit
	out = out[:len(stored)]
	for i, v := range stored {
		v = v*r.slope + r.intercept
		out[i] = int16(v)
		lost |= v ^ int64(int16(v))
	}
	return lost == 0
}

// table is a look-up table (PS3.3 C.11.1.1, C.11.2.1).
type table struct {
	first  int64
	values []uint16
	bits   int
	name   string
}

// table reads the table of a sequence's item, or nil if it is damaged. signed
// says how its first input value is written.
func (d *dataset) table(signed bool) *table {
	w := d.words(tagLUTDescriptor)
	if len(w) < 3 || w[2] == 0 || w[2] > 16 {
		return nil
	}
	t := &table{first: int64(w[1]), bits: int(w[2]), name: d.text(tagLUTName)}
	if signed {
		t.first = int64(int16(w[1]))
	}
	n := int(w[0])
	if n == 0 {
		n = 1 << 16
	}
	t.values = d.entries(tagLUTData, n)
	if len(t.values) == 0 {
		return nil
	}
	return t
}

// entries reads n entries of a table, of 16 bits, or of 8 where there is no
// room for more. There may be fewer.
func (d *dataset) entries(tag Tag, n int) []uint16 {
	e := d.find(tag)
	if e == nil {
		return nil
	}
	if len(e.value) >= 2*n || len(e.value) < n {
		w := d.words(tag)
		return w[:min(n, len(w))]
	}
	out := make([]uint16, n)
	for i := range out {
		out[i] = uint16(e.value[i])
	}
	return out
}

// at is the entry for a value; beyond the ends the first and the last one hold.
func (t *table) at(v int64) uint16 {
	return t.values[min(max(v-t.first, 0), int64(len(t.values)-1))]
}

// depth is what the smallest and the largest sample become; zeros behind a
// table.
func (m modality) depth(bits int, signed bool) [2]float32 {
	if m.table != nil || bits < 1 || bits > 32 {
		return [2]float32{}
	}
	low, high := 0.0, math.Exp2(float64(bits))-1
	if signed {
		low, high = -math.Exp2(float64(bits-1)), math.Exp2(float64(bits-1))-1
	}
	return [2]float32{float32(low*m.slope + m.intercept), float32(high*m.slope + m.intercept)}
}
