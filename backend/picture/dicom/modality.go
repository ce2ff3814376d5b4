package dicom

import (
	"math"
	"strings"
)

// modality turns stored values into real ones: by a table, or by a line.
type modality struct {
	table            *table
	slope, intercept float64
	unit             string
	below            bool // results may be negative
	padding          padding
}

// modality reads the modality LUT of a frame (PS3.3 C.11.1).
func (a attributes) modality(signed bool, found *findings) modality {
	m := modality{slope: 1, below: signed}
	if item := a.root.first(tagModalityLUT); item != nil {
		if m.table = item.table(signed); m.table != nil {
			m.unit, m.below = unitOf(item.text(tagRescaleType)), false
			return m
		}
		found.warn("the modality table is damaged and is left out")
	}
	d := a.holder(tagPixelTransform, tagRescaleIntercept)
	slope, ok := d.decimal(tagRescaleSlope)
	if ok {
		m.slope = slope
	}
	intercept, shifted := d.decimal(tagRescaleIntercept)
	if shifted {
		m.intercept = intercept
	}
	if math.Abs(m.slope) > 1e30 || math.Abs(m.intercept) > 1e30 {
		found.warn("the rescale values are no sensible numbers and are left out")
		m.slope, m.intercept = 1, 0
	}
	if m.slope == 0 {
		found.warn("the rescale slope is 0: every pixel has the same value")
	}
	m.below = m.below || m.intercept < 0 || m.slope < 0
	m.unit = unitOf(d.text(tagRescaleType))
	if m.unit == "" && (ok || shifted) && a.root.text(tagModality) == "CT" {
		m.unit = "HU"
	}
	return m
}

// same reports whether two modalities give the same values.
func (m modality) same(o modality) bool {
	return (m.table == nil) == (o.table == nil) && m.slope == o.slope && m.intercept == o.intercept
}

// unitOf is a rescale type as a unit; "US" means unspecified.
func unitOf(s string) string {
	if s = strings.ToUpper(s); s == "US" || len(s) > 16 {
		return ""
	}
	return s
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
