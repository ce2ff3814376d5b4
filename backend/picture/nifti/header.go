package nifti

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"picasso/backend/picture/volume"
)

// Sizes of the headers.
const (
	firstSize  = 348
	secondSize = 540
)

// family is which of the three related headers a file has.
type family int

const (
	analyze family = iota
	first
	second
)

// fields reads a header's numbers by their offsets.
type fields struct {
	data  []byte
	order binary.ByteOrder
}

func (f fields) i16(at int) int { return int(int16(f.order.Uint16(f.data[at:]))) }
func (f fields) i32(at int) int { return int(int32(f.order.Uint32(f.data[at:]))) }
func (f fields) i64(at int) int { return int(int64(f.order.Uint64(f.data[at:]))) }
func (f fields) f32(at int) float64 {
	return finite(float64(math.Float32frombits(f.order.Uint32(f.data[at:]))))
}
func (f fields) f64(at int) float64 {
	return finite(math.Float64frombits(f.order.Uint64(f.data[at:])))
}

func finite(v float64) float64 {
	if math.IsNaN(v) || math.Abs(v) > 1e30 {
		return 0
	}
	return v
}

// header is what is read of each of the headers.
type header struct {
	family           family
	pair             bool // the elements are in a file of their own
	dim              [8]int
	datatype         int
	offset           float64
	slope, intercept float64
	low, high        float64 // proposed display range
	qform, sform     int
	pixdim           [8]float64
	quaternion       [6]float64 // b, c, d, offsets
	rows             [3][4]float64
	units            int
}

// kind tells which header the data begin with.
func kind(data []byte) (order binary.ByteOrder, f family, ok bool) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch {
		case len(data) >= firstSize && order.Uint32(data) == firstSize:
			if magic := string(data[344:348]); magic == "n+1\x00" || magic == "ni1\x00" {
				return order, first, true
			}
			if old(fields{data, order}) {
				return order, analyze, true
			}
		case len(data) >= secondSize && order.Uint32(data) == secondSize && (string(data[4:7]) == "n+2" || string(data[4:7]) == "ni2"):
			return order, second, true
		}
	}
	return nil, 0, false
}

// old tells whether the rest of a header is that of Analyze, which has no magic
// number: dimensions, and a type with as many bits as it says.
func old(f fields) bool {
	if n := f.i16(40); n < 1 || n > 7 {
		return false
	}
	for i := 1; i <= f.i16(40); i++ {
		if f.i16(40+2*i) < 0 {
			return false
		}
	}
	t, samples := elements(f.i16(70))
	return t == volume.None && f.i16(70) <= 32 && f.i16(70) > 0 || t != volume.None && f.i16(72) == 8*samples*t.Size()
}

// Sniff reports whether unpacked data begin like one of the headers.
func Sniff(head []byte) bool {
	_, _, ok := kind(head)
	return ok
}

// Header reads the header of a file. Errors are of type *[volume.Error].
func Header(s volume.Source) (*volume.Header, error) {
	data, err := s.Head(secondSize)
	if err != nil {
		return nil, err
	}
	order, family, ok := kind(data)
	if !ok {
		return nil, &volume.Error{Fault: "is not a NIfTI volume", Remedy: "choose a .nii, .nii.gz or .hdr file", Err: volume.ErrUnknown}
	}
	h := header{family: family}
	if family == second {
		h.second(fields{data, order})
	} else {
		h.first(fields{data, order})
	}
	out, err := h.volume()
	if err != nil {
		return nil, err
	}
	out.Order = order
	if h.pair {
		out.Files = []string{besides(s)}
	}
	return out, nil
}

// besides is the name of the file with the elements.
func besides(s volume.Source) string {
	stem := s.Name
	for _, e := range []string{".gz", ".hdr", ".nii"} {
		if n := len(stem) - len(e); n > 0 && strings.EqualFold(stem[n:], e) {
			stem = stem[:n]
		}
	}
	if s.Beside != nil {
		for _, e := range []string{".img", ".img.gz", ".IMG"} {
			if p, err := s.Beside(stem + e); err == nil {
				p.Close()
				return stem + e
			}
		}
	}
	return stem + ".img"
}

func (h *header) first(f fields) {
	for i := range 8 {
		h.dim[i] = f.i16(40 + 2*i)
		h.pixdim[i] = f.f32(76 + 4*i)
	}
	h.datatype, h.offset = f.i16(70), f.f32(108)
	h.slope, h.high, h.low = f.f32(112), f.f32(124), f.f32(128)
	if h.family == analyze {
		h.pair = true
		return
	}
	h.intercept = f.f32(116)
	h.pair = f.data[345] == 'i'
	h.units = int(f.data[123] & 7)
	h.qform, h.sform = f.i16(252), f.i16(254)
	for i := range 6 {
		h.quaternion[i] = f.f32(256 + 4*i)
	}
	for r := range 3 {
		for c := range 4 {
			h.rows[r][c] = f.f32(280 + 16*r + 4*c)
		}
	}
}

func (h *header) second(f fields) {
	for i := range 8 {
		h.dim[i] = f.i64(16 + 8*i)
		h.pixdim[i] = f.f64(104 + 8*i)
	}
	h.pair = f.data[5] == 'i'
	h.datatype, h.offset = f.i16(12), float64(f.i64(168))
	h.slope, h.intercept, h.high, h.low = f.f64(176), f.f64(184), f.f64(192), f.f64(200)
	h.qform, h.sform = f.i32(344), f.i32(348)
	h.units = f.i32(500) & 7
	for i := range 6 {
		h.quaternion[i] = f.f64(352 + 8*i)
	}
	for r := range 3 {
		for c := range 4 {
			h.rows[r][c] = f.f64(400 + 32*r + 8*c)
		}
	}
}

// volume tells what the header says in the terms of all volumes.
func (h *header) volume() (*volume.Header, error) {
	if h.dim[0] < 2 || h.dim[0] > 7 {
		return nil, volume.Damaged("declares %d dimensions", h.dim[0])
	}
	out := &volume.Header{Kind: "NIfTI", Volumes: 1, Slope: h.slope, Intercept: h.intercept, Range: [2]float64{h.low, h.high}}
	for i := 1; i < 8; i++ {
		if i > h.dim[0] {
			h.dim[i] = 1
		}
		if h.dim[i] < 1 || h.dim[i] > 1<<24 {
			return nil, volume.Damaged("declares %d as one of its sizes", h.dim[i])
		}
		if i <= 3 {
			out.Size[i-1] = h.dim[i]
			out.Spacing[i-1] = math.Abs(h.pixdim[i]) * h.millimetres()
		} else {
			out.Volumes = min(out.Volumes*h.dim[i], 1<<24)
		}
	}
	if out.Type, out.Samples = elements(h.datatype); out.Type == volume.None {
		return nil, volume.Unsupported(unread(h.datatype), "save the volume with 16-bit or 32-bit numbers")
	}
	if out.Samples > 1 { // colours are not rescaled
		out.Slope = 0
	}
	if h.family == analyze {
		out.Kind = "Analyze"
		out.Warnings = append(out.Warnings, "an Analyze file does not tell left from right")
		if h.slope != 0 && h.slope != 1 {
			out.Warnings = append(out.Warnings, fmt.Sprintf("the values are multiplied by %g, as SPM writes it", h.slope))
		}
	}
	out.Affine, out.Placed = h.affine()
	return out, h.begin(out)
}

// begin is where the elements are.
func (h *header) begin(out *volume.Header) error {
	least := [...]float64{analyze: 0, first: firstSize, second: secondSize}[h.family]
	if h.pair {
		least = 0
	}
	if h.offset < least {
		h.offset = [...]float64{analyze: 0, first: 352, second: 544}[h.family]
		if h.pair {
			h.offset = 0
		}
	}
	if h.offset > 1<<24 {
		return volume.Damaged("puts its pixels at byte %.0f", h.offset)
	}
	out.Offset = int64(h.offset)
	return nil
}

// elements is how the elements of a data type are stored, and how many there are
// in one place; None for a type that is not read.
func elements(datatype int) (t volume.Type, samples int) {
	switch datatype {
	case 2:
		return volume.Uint8, 1
	case 4:
		return volume.Int16, 1
	case 8:
		return volume.Int32, 1
	case 16:
		return volume.Float32, 1
	case 64:
		return volume.Float64, 1
	case 128:
		return volume.Uint8, 3
	case 256:
		return volume.Int8, 1
	case 512:
		return volume.Uint16, 1
	case 768:
		return volume.Uint32, 1
	case 1024:
		return volume.Int64, 1
	case 1280:
		return volume.Uint64, 1
	case 2304:
		return volume.Uint8, 4
	}
	return volume.None, 1
}

// unread names a data type that is not read.
func unread(datatype int) string {
	switch datatype {
	case 1:
		return "has one bit for every voxel, which is not read"
	case 32, 1792, 2048:
		return "has complex numbers, which are not read"
	case 1536:
		return "has numbers of 128 bits, which are not read"
	}
	return fmt.Sprintf("has numbers of a kind that is not read (data type %d)", datatype)
}

// millimetres is how long the header's unit of length is.
func (h *header) millimetres() float64 {
	switch h.units {
	case 1:
		return 1000
	case 3:
		return 0.001
	}
	return 1
}

// affine maps column, row and slice to millimetres, left, back and head (NIfTI
// itself counts to the right and front). It is false where the file does not say.
func (h *header) affine() (m [3][4]float64, ok bool) {
	switch {
	case h.sform > 0:
		m = h.rows
	case h.qform > 0:
		m = h.rotation()
	default:
		return m, false
	}
	mm := h.millimetres()
	for c := range 4 {
		m[0][c], m[1][c], m[2][c] = -m[0][c]*mm, -m[1][c]*mm, m[2][c]*mm
	}
	return m, true
}

// rotation is the transform of a unit quaternion (qform).
func (h *header) rotation() [3][4]float64 {
	b, c, d := h.quaternion[0], h.quaternion[1], h.quaternion[2]
	a := math.Sqrt(max(0, 1-b*b-c*c-d*d))
	r := [3][3]float64{
		{a*a + b*b - c*c - d*d, 2*b*c - 2*a*d, 2*b*d + 2*a*c},
		{2*b*c + 2*a*d, a*a + c*c - b*b - d*d, 2*c*d - 2*a*b},
		{2*b*d - 2*a*c, 2*c*d + 2*a*b, a*a + d*d - c*c - b*b},
	}
	var m [3][4]float64
	for i := range 3 {
		for axis := range 3 {
			step := math.Abs(h.pixdim[axis+1])
			if axis == 2 && h.pixdim[0] < 0 {
				step = -step
			}
			m[i][axis] = r[i][axis] * step
		}
		m[i][3] = h.quaternion[3+i]
	}
	return m
}
