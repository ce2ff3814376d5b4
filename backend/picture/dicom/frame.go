package dicom

import (
	"fmt"
	"math"
)

// Frame is one picture: numbers, and how to look at them.
type Frame struct {
	Width, Height int
	Channels      int       // 1 (grey) or 3 (red, green, blue)
	Values        []float32 // Width×Height×Channels, interleaved: grey after the modality LUT, colours 0…255
	Unit          string    // of grey values: "HU", another the file names, or ""
	Windows       []Window  // the file's own, the file's order; nil for colours
	Inverted      bool      // MONOCHROME1: small values are white
	Geometry      Geometry
	Modality      string     // "CT", "MR", "CR"…
	Lossy         bool       // was compressed with loss at some time
	Bits          int        // stored per sample
	Full          [2]float32 // smallest and largest value
	Depth         [2]float32 // values of the smallest and largest sample of so many bits; zeros where not known
	Inside        [2]float32 // the same without padding
	Warnings      []string   // what is wrong and was put up with, in words

	stored   *samples // nil where Values are what the file stores
	modality modality
	whole    modality // of the file, without functional groups
}

// Frame decodes frame i, counted from 0. Errors are of type *[Error].
func (f *File) Frame(i int) (*Frame, error) {
	if f.fault != nil {
		return nil, f.fault
	}
	if i < 0 || i >= f.pixels.frames {
		return nil, &Error{fmt.Sprintf("has no frame %d", i), fmt.Sprintf("choose one of 0 to %d; the first frame is 0", f.pixels.frames-1), ErrNoPicture}
	}
	m, word := f.header(i)
	s, err := f.pixels.decode(i, f.root.order, word)
	if err != nil {
		return nil, err
	}
	m.stored = s
	if s.warning != "" {
		m.Warnings = append(m.Warnings, s.warning)
	}
	if m.Channels == 3 {
		err = f.colours(m)
	} else {
		m.greys()
		if s.float || m.whole.same(m.modality) {
			m.stored = nil // the values tell everything; the file need not be kept
		}
	}
	return m, err
}

// header is everything about a frame but its pixels.
func (f *File) header(i int) (m *Frame, word bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.attributes(i)
	p := f.pixels
	m = &Frame{Width: p.columns, Height: p.rows, Channels: 1, Geometry: a.geometry(), Bits: p.stored}
	m.Modality = f.root.text(tagModality)
	m.Lossy = f.root.text(tagLossy) == "01"
	m.Inverted = p.photometric == "MONOCHROME1"
	if p.samples == 3 || p.photometric == "PALETTE COLOR" {
		m.Channels = 3
	} else {
		m.modality = a.modality(p.signed, f.found)
		m.whole = attributes{root: f.root}.modality(p.signed, f.found)
		m.Unit = m.modality.unit
		m.Windows = a.windows(m.modality.below, f.found)
		m.Depth = m.modality.depth(p.stored, p.signed)
	}
	m.modality.padding = a.padding(p)
	e, _ := f.pixelElement()
	m.Warnings = append([]string(nil), f.found.warnings...)
	return m, e.vr == [2]byte{'O', 'W'}
}

// greys fills in the values of a grey frame.
func (m *Frame) greys() {
	m.Values = make([]float32, m.Width*m.Height)
	m.Full = [2]float32{float32(math.Inf(1)), float32(math.Inf(-1))}
	m.Inside = m.Full
	if m.stored.float {
		m.floats()
		return
	}
	row := make([]int64, m.Width)
	for y := range m.Height {
		m.stored.row(y, row)
		out := m.Values[y*m.Width : (y+1)*m.Width]
		m.modality.apply(row, out)
		m.span(row, out)
	}
	m.settle()
}

// span widens the ranges by a row.
func (m *Frame) span(stored []int64, values []float32) {
	for i, v := range values {
		m.Full[0], m.Full[1] = min(m.Full[0], v), max(m.Full[1], v)
		if !m.modality.padding.is(stored[i]) {
			m.Inside[0], m.Inside[1] = min(m.Inside[0], v), max(m.Inside[1], v)
		}
	}
}

// settle replaces the range of nothing by that of everything.
func (m *Frame) settle() {
	if m.Full[0] > m.Full[1] {
		m.Full = [2]float32{}
	}
	if m.Inside[0] > m.Inside[1] {
		m.Inside = m.Full
	}
}

// floats reads floating point samples; what is no number is 0.
func (m *Frame) floats() {
	s := m.stored
	for i := range m.Values {
		v := 0.0
		if at := i * s.allocated / 8; at+s.allocated/8 <= len(s.data) {
			if s.allocated == 32 {
				v = float64(math.Float32frombits(s.order.Uint32(s.data[at:])))
			} else {
				v = math.Float64frombits(s.order.Uint64(s.data[at:]))
			}
		}
		if v = v*m.modality.slope + m.modality.intercept; math.IsNaN(v) || math.Abs(v) > math.MaxFloat32 {
			v = 0
		}
		m.Values[i] = float32(v)
		m.Full[0], m.Full[1] = min(m.Full[0], float32(v)), max(m.Full[1], float32(v))
	}
	m.settle()
}

// Samples are the frame's samples in the colour space of the file, grey ones
// after the modality LUT or rescale of the file as a whole: what pydicom's
// apply_modality_lut(pixel_array) holds. They differ from Values for colours
// that are converted, and for the files that rescale every frame by itself.
func (m *Frame) Samples() (channels int, values []float32) {
	if m.stored == nil {
		return 1, m.Values
	}
	channels = m.stored.pixels.samples
	values = make([]float32, m.Width*m.Height*channels)
	row := make([]int64, m.Width*channels)
	for y := range m.Height {
		m.stored.row(y, row)
		out := values[y*len(row) : (y+1)*len(row)]
		if m.Channels == 1 {
			m.whole.apply(row, out)
			continue
		}
		for i, v := range row {
			out[i] = float32(v)
		}
	}
	return channels, values
}

// padding is the stored values that stand for "nothing here".
type padding struct {
	lo, hi int64
	known  bool
}

func (p padding) is(v int64) bool { return p.known && v >= p.lo && v <= p.hi }

// padding reads the padding value or range.
func (a attributes) padding(p *pixels) padding {
	read := func(tag Tag) (int64, bool) {
		v, ok := a.root.integer(tag)
		if p.signed {
			v = int(int16(v))
		}
		return int64(v), ok
	}
	lo, ok := read(tagPadding)
	if !ok || p.float {
		return padding{}
	}
	hi, ok := read(tagPaddingLimit)
	if !ok {
		hi = lo
	}
	return padding{min(lo, hi), max(lo, hi), true}
}
