package dicom

import (
	"fmt"
	"math"
	"strings"
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
	Full          [2]float32 // smallest and largest finite value
	Depth         [2]float32 // values of the smallest and largest sample of so many bits; zeros where not known
	Inside        [2]float32 // the same without padding
	Empty         []bool     // by pixel: padding, or no finite number; nil where there is none of either
	NonFinite     int        // pixels that are NaN or infinite
	SUV           *SUV       // of PET that may allow it; nil for all else
	Result        *Result    // of our own maps, nil for all else
	Warnings      []string   // what is wrong and was put up with, in words

	stored   *samples // nil for grey frames, whose Values tell everything
	modality modality
	area     area
}

// Frame decodes frame i, counted from 0. Errors are of type *[Error].
func (f *File) Frame(i int) (*Frame, error) {
	if f.fault != nil {
		return nil, f.fault
	}
	if i < 0 || i >= f.frames() {
		return nil, &Error{fmt.Sprintf("has no frame %d", i), fmt.Sprintf("choose one of 0 to %d; the first frame is 0", f.frames()-1), ErrNoPicture}
	}
	m, word := f.header(i)
	s, err := f.pixels.decode(i/f.mosaic.count(), f.root.order, word)
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
		m.stored = nil // the file need not be kept
		m.look()
	}
	return m, err
}

// Whole gives the values of frame i, counted from 0, as whole numbers of 16 bits, in
// out, which has as many as the frame has pixels: the same numbers as [File.Frame] in
// a fraction of its time, and nothing of what else a frame knows. ok is false where
// that cannot be, for colours for instance, and for frames of which a value is another
// number; out holds nothing of use then. Errors are those of [File.Frame].
func (f *File) Whole(i int, out []int16) (ok bool, err error) {
	if f.fault != nil || i < 0 || i >= f.frames() || f.pixels.float {
		return false, f.fault
	}
	m, word := f.header(i)
	if m.Channels != 1 || len(out) != m.Width*m.Height {
		return false, nil
	}
	if m.stored, err = f.pixels.decode(i/f.mosaic.count(), f.root.order, word); err != nil || m.stored.warning != "" {
		return false, err
	}
	all := make([]int64, m.stored.columns)
	for y := range m.Height {
		m.stored.row(m.area.y+y, all)
		if !m.modality.whole(all[m.area.x:m.area.x+m.Width], out[y*m.Width:(y+1)*m.Width]) {
			return false, nil
		}
	}
	return true, nil
}

// header is everything about a frame but its pixels.
func (f *File) header(i int) (m *Frame, word bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	found := &findings{names: f.found.names, texts: f.found.texts}
	a := f.attributes(i / f.mosaic.count())
	p := f.pixels
	m = &Frame{Channels: 1, Bits: p.stored, area: f.mosaic.area(i, p)}
	m.Width, m.Height = m.area.width, m.area.height
	m.Geometry = f.geometry(i, found)
	m.Modality = f.root.kindOf()
	m.Lossy = f.root.text(tagLossy) == "01"
	m.Inverted = p.photometric == "MONOCHROME1"
	if p.samples == 3 || p.photometric == "PALETTE COLOR" {
		m.Channels = 3
	} else {
		m.modality = a.modality(p.signed, found)
		m.Unit = m.modality.unit
		if m.SUV = f.root.suv(m.Unit); m.SUV != nil && m.SUV.Factor == 0 {
			found.warn("values are in %s; for uptake values (SUV) the file lacks %s", m.Unit, List(m.SUV.Missing))
		}
		m.Windows = a.windows(m.modality.below, found)
		m.Depth = m.modality.depth(p.stored, p.signed)
		f.inverse(found)
	}
	if m.Result = f.result(i); m.Result != nil {
		m.Unit = m.Result.Unit
	}
	m.modality.padding = a.padding(p)
	e, _ := f.pixelElement()
	m.Warnings = append(append([]string(nil), f.found.warnings...), found.warnings...)
	return m, e.vr == [2]byte{'O', 'W'}
}

// inverse tells of a file that asks for a picture the other way round in a way
// that the standard leaves open (PS3.3 C.11.6).
func (f *File) inverse(found *findings) {
	if f.pixels.photometric == "MONOCHROME2" && strings.EqualFold(f.root.text(tagShape), "INVERSE") {
		found.warn("the file calls large values white and asks to be shown inverted; it is shown with large values white")
	}
}

// greys fills in the values of a grey frame.
func (m *Frame) greys() {
	m.Values = make([]float32, m.Width*m.Height)
	m.Full = [2]float32{float32(math.Inf(1)), float32(math.Inf(-1))}
	m.Inside = m.Full
	if m.stored.float {
		m.floats()
		m.settle()
		return
	}
	all := make([]int64, m.stored.columns)
	for y := range m.Height {
		m.stored.row(m.area.y+y, all)
		row := all[m.area.x : m.area.x+m.Width]
		out := m.Values[y*m.Width : (y+1)*m.Width]
		m.modality.apply(row, out)
		m.span(y, row, out)
	}
	m.settle()
}

// span widens the ranges by a row.
func (m *Frame) span(y int, stored []int64, values []float32) {
	for i, v := range values {
		m.Full[0], m.Full[1] = min(m.Full[0], v), max(m.Full[1], v)
		if m.modality.padding.is(stored[i]) {
			m.leaveOut(y*m.Width + i)
			continue
		}
		m.Inside[0], m.Inside[1] = min(m.Inside[0], v), max(m.Inside[1], v)
	}
}

// leaveOut marks a pixel as empty.
func (m *Frame) leaveOut(i int) {
	if m.Empty == nil {
		m.Empty = make([]bool, len(m.Values))
	}
	m.Empty[i] = true
}

// settle replaces the range of nothing by that of everything.
func (m *Frame) settle() {
	if m.Full[0] > m.Full[1] {
		m.Full = [2]float32{}
	}
	if m.Inside[0] > m.Inside[1] {
		m.Inside = m.Full
	}
	if m.NonFinite > 0 {
		m.Warnings = append(m.Warnings, fmt.Sprintf("%d of %d pixels are not numbers, or infinite", m.NonFinite, len(m.Values)))
	}
}

// floats reads floating point samples, those that are no numbers included.
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
		pad := m.modality.padding.isFloat(v)
		out := float32(v*m.modality.slope + m.modality.intercept)
		m.Values[i] = out
		if out-out != 0 { // NaN or infinite
			m.NonFinite++
			m.leaveOut(i)
			continue
		}
		m.Full[0], m.Full[1] = min(m.Full[0], out), max(m.Full[1], out)
		if pad {
			m.leaveOut(i)
			continue
		}
		m.Inside[0], m.Inside[1] = min(m.Inside[0], out), max(m.Inside[1], out)
	}
}

// Samples are the frame's samples in the colour space of the file, grey ones
// as in Values: what pydicom's apply_modality_lut(pixel_array) holds, with the
// slope and intercept of the frame where it has its own. They differ from
// Values for colours that are converted.
func (m *Frame) Samples() (channels int, values []float32) {
	if m.stored == nil {
		return 1, m.Values
	}
	channels = m.stored.pixels.samples
	values = make([]float32, m.Width*m.Height*channels)
	row := make([]int64, m.stored.columns*channels)
	for y := range m.Height {
		m.stored.row(m.area.y+y, row)
		for i, v := range row[m.area.x*channels : (m.area.x+m.Width)*channels] {
			values[y*m.Width*channels+i] = float32(v)
		}
	}
	return channels, values
}

// padding is the stored values that stand for "nothing here".
type padding struct {
	lo, hi    int64
	low, high float64 // of floating point samples
	known     bool
}

func (p padding) is(v int64) bool { return p.known && v >= p.lo && v <= p.hi }

// isFloat is is for floating point samples.
func (p padding) isFloat(v float64) bool { return p.known && v >= p.low && v <= p.high }

// padding reads the padding value or range (PS3.3 C.7.5.1.1.2).
func (a attributes) padding(p *pixels) padding {
	if p.float {
		return a.floatPadding()
	}
	read := func(tag Tag) (int64, bool) {
		v, ok := a.root.integer(tag)
		if p.signed {
			v = int(int16(v))
		}
		return int64(v), ok
	}
	lo, ok := read(tagPadding)
	if !ok {
		return padding{}
	}
	hi, ok := read(tagPaddingLimit)
	if !ok {
		hi = lo
	}
	return padding{lo: min(lo, hi), hi: max(lo, hi), known: true}
}

// floatPadding is padding for floating point samples, of 32 or 64 bits.
func (a attributes) floatPadding() padding {
	for _, tags := range [][2]Tag{{tagFloatPadding, tagFloatPaddingLimit}, {tagDoublePadding, tagDoublePaddingTo}} {
		value, limit := a.root.number(tags[0]), a.root.number(tags[1])
		if !value.given || value.broken {
			continue
		}
		if !limit.given || limit.broken {
			limit = value
		}
		return padding{low: min(value.value, limit.value), high: max(value.value, limit.value), known: true}
	}
	return padding{}
}
