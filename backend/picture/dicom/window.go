package dicom

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Function is how values between a window's ends become grey (PS3.3 C.11.2.1).
type Function int

// The functions of the standard.
const (
	Linear Function = iota
	LinearExact
	Sigmoid
)

// Window is a part of the values that is shown from black to white.
type Window struct {
	Name          string
	Center, Width float64
	Function      Function
	table         *table // instead, where the file has one
}

// maxWidth is the widest window that is believed.
const maxWidth = 1e10

// windows reads the windows and tables of a frame, the windows first. below
// says that the values may be negative.
func (a attributes) windows(below bool, found *findings) []Window {
	d := a.holder(tagFrameVOILUT, tagWindowCenter)
	centers, widths, names := d.decimals(tagWindowCenter), d.decimals(tagWindowWidth), d.texts(tagWindowName)
	function := functionOf(d.text(tagWindowFunction))
	var out []Window
	for i := range min(len(centers), len(widths), 64) {
		w := Window{Name: "window " + strconv.Itoa(i+1), Center: centers[i], Width: widths[i], Function: function}
		if i < len(names) && names[i] != "" && len(names[i]) <= 64 {
			w.Name = found.named(names[i], w.Name)
		}
		if !w.valid() {
			found.warn("a window of the file makes no sense and is left out")
			continue
		}
		out = append(out, w)
	}
	for i, item := range a.root.items(tagVOILUT) {
		t := item.table(below)
		if t == nil || i == 64 {
			found.warn("a table of the file is damaged and is left out")
			break
		}
		name := "table " + strconv.Itoa(i+1)
		if t.name != "" && len(t.name) <= 64 {
			name = found.named(t.name, name)
		}
		t.trim(found)
		out = append(out, tableWindow(name, t))
	}
	return out
}

// named is a name that the file gives, unless it tells who the patient is.
func (p *findings) named(name, other string) string {
	if name = p.readable(name); p.tells(name) {
		return other
	}
	return name
}

// trim gives a table the bits that its entries have, where it declares others:
// some makers declare 16 and fill 12.
func (t *table) trim(found *findings) {
	used := bits.Len16(slices.Max(t.values))
	if used == t.bits || used == 0 {
		return
	}
	found.warn("a table of the file declares %d bits and uses %d; it is shown by those it uses", t.bits, used)
	t.bits = used
}

// tableWindow is a table as a window; center and width tell its input range.
func tableWindow(name string, t *table) Window {
	n := float64(len(t.values))
	return Window{Name: name, Center: float64(t.first) + n/2, Width: max(n, 1), table: t}
}

func functionOf(s string) Function {
	switch strings.ToUpper(s) {
	case "LINEAR_EXACT":
		return LinearExact
	case "SIGMOID":
		return Sigmoid
	default:
		return Linear
	}
}

func (w Window) valid() bool {
	least := 1.0
	if w.Function != Linear {
		least = 1e-9
	}
	return !math.IsNaN(w.Center) && math.Abs(w.Center) < maxWidth && w.Width >= least && w.Width < maxWidth
}

// At is the brightness of a value, 0…1.
func (w Window) At(v float64) float64 {
	if v != v {
		return 0 // what is no number is black
	}
	if w.table != nil {
		top := float64(uint32(1)<<w.table.bits - 1)
		return min(float64(w.table.at(int64(math.Round(min(max(v, -1e9), 1e9)))))/top, 1)
	}
	switch w.Function {
	case Sigmoid:
		return 1 / (1 + math.Exp(-4*(v-w.Center)/w.Width))
	case LinearExact:
		return min(max((v-w.Center)/w.Width+0.5, 0), 1)
	}
	c, width := w.Center-0.5, w.Width-1
	switch {
	case v <= c-width/2:
		return 0
	case v > c+width/2:
		return 1
	}
	return min(max((v-c)/width+0.5, 0), 1)
}

// Ends are the values shown as black and as white by a linear window.
func (w Window) Ends() (lo, hi float64) {
	if w.Function == Linear && w.table == nil {
		return w.Center - 0.5 - (w.Width-1)/2, w.Center - 0.5 + (w.Width-1)/2
	}
	return w.Center - w.Width/2, w.Center + w.Width/2
}

// Render is the frame as 8-bit grey or RGB, Width×Height×Channels bytes.
// Colours are not windowed.
func (m *Frame) Render(w Window) []byte {
	if m.Channels == 1 {
		return Render(m.Values, w, m.Inverted)
	}
	out := make([]byte, len(m.Values))
	for i, v := range m.Values {
		out[i] = byte(min(max(v+0.5, 0), 255))
	}
	return out
}

// Render shows grey values through a window, as 8 bits. Inverted makes small
// values white. What is no number is black.
func Render(values []float32, w Window, inverted bool) []byte {
	out := make([]byte, len(values))
	lo, hi := w.Ends()
	if w.table == nil && w.Function != Sigmoid && hi > lo {
		black, scale := float32(lo), float32(255/(hi-lo))
		if inverted {
			black, scale = float32(hi), -scale
		}
		for i, v := range values {
			if g := (v-black)*scale + 0.5; g >= 0 { // no number is not
				out[i] = byte(min(g, 255))
			}
		}
		return out
	}
	for i, v := range values {
		b := w.At(float64(v))
		if inverted && v == v {
			b = 1 - b
		}
		out[i] = byte(b*255 + 0.5)
	}
	return out
}

// Kind is how values between the ends become grey, in the words of the
// standard, or TABLE.
func (w Window) Kind() string {
	if w.table != nil {
		return "TABLE"
	}
	return [...]string{"LINEAR", "LINEAR_EXACT", "SIGMOID"}[w.Function]
}
