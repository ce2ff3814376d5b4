package nifti

import (
	"encoding/binary"
	"math"
)

// Bounds of a volume.
const (
	maxPixels = 1 << 28 // of a slice
	maxBytes  = 2 << 30 // of the volume
)

// header is what is read of NIfTI-1 and NIfTI-2 headers.
type header struct {
	order            binary.ByteOrder
	two              bool
	dim              [8]int64
	datatype         int
	offset           int64
	slope, intercept float64
	low, high        float64 // proposed display range
	qform, sform     int
	pixdim           [8]float64
	quaternion       [6]float64 // b, c, d, offsets
	rows             [3][4]float64
}

// fields reads a header's numbers by their offsets.
type fields struct {
	data  []byte
	order binary.ByteOrder
}

func (f fields) i16(at int) int64 { return int64(int16(f.order.Uint16(f.data[at:]))) }
func (f fields) i32(at int) int64 { return int64(int32(f.order.Uint32(f.data[at:]))) }
func (f fields) i64(at int) int64 { return int64(f.order.Uint64(f.data[at:])) }
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

// kind tells which version the data begin with.
func kind(data []byte) (order binary.ByteOrder, two, ok bool) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch {
		case len(data) >= 348 && order.Uint32(data) == 348 && (string(data[344:348]) == "n+1\x00" || string(data[344:348]) == "ni1\x00"):
			return order, false, true
		case len(data) >= 540 && order.Uint32(data) == 540 && string(data[4:7]) == "n+2":
			return order, true, true
		}
	}
	return nil, false, false
}

func parseHeader(data []byte) (*header, error) {
	order, two, ok := kind(data)
	if !ok {
		return nil, &Error{"is not a NIfTI volume", "choose a .nii or .nii.gz file", ErrNotNIfTI}
	}
	f := fields{data, order}
	h := &header{order: order, two: two}
	if two {
		h.second(f)
	} else {
		if string(data[344:347]) == "ni1" {
			return nil, &Error{"keeps its pixels in a file of its own", "save the volume as one .nii file", ErrUnsupported}
		}
		h.first(f)
	}
	return h, h.check()
}

func (h *header) first(f fields) {
	for i := range 8 {
		h.dim[i] = f.i16(40 + 2*i)
		h.pixdim[i] = f.f32(76 + 4*i)
	}
	h.datatype, h.offset = int(f.i16(70)), int64(f.f32(108))
	h.slope, h.intercept, h.high, h.low = f.f32(112), f.f32(116), f.f32(124), f.f32(128)
	h.qform, h.sform = int(f.i16(252)), int(f.i16(254))
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
	h.datatype, h.offset = int(f.i16(12)), f.i64(168)
	h.slope, h.intercept, h.high, h.low = f.f64(176), f.f64(184), f.f64(192), f.f64(200)
	h.qform, h.sform = int(f.i32(344)), int(f.i32(348))
	for i := range 6 {
		h.quaternion[i] = f.f64(352 + 8*i)
	}
	for r := range 3 {
		for c := range 4 {
			h.rows[r][c] = f.f64(400 + 32*r + 8*c)
		}
	}
}

// check bounds the sizes.
func (h *header) check() error {
	if h.dim[0] < 2 || h.dim[0] > 7 {
		return damaged("declares %d dimensions", h.dim[0])
	}
	for i := 1; i < 8; i++ {
		if int64(i) > h.dim[0] {
			h.dim[i] = 1
		}
		if h.dim[i] < 1 || h.dim[i] > 1<<24 {
			return damaged("declares %d as one of its sizes", h.dim[i])
		}
	}
	size := elementSize(h.datatype)
	if size == 0 {
		return &Error{"has numbers of a kind that is not read", "save the volume with 16-bit or 32-bit numbers", ErrUnsupported}
	}
	if h.dim[1] > maxPixels/h.dim[2] || h.dim[3] > 1<<16 || h.dim[1]*h.dim[2]*int64(size) > maxBytes/h.dim[3] {
		return &Error{"declares a volume larger than the program takes", "save a smaller part of it", ErrTooLarge}
	}
	if least := int64(348); h.offset < least {
		h.offset = 352
		if h.two {
			h.offset = 544
		}
	}
	if h.offset > 1<<24 {
		return damaged("puts its pixels at byte %d", h.offset)
	}
	return nil
}

// bytes is the size of the first volume, with everything before it.
func (h *header) bytes() int64 {
	return h.offset + h.dim[1]*h.dim[2]*h.dim[3]*int64(elementSize(h.datatype))
}

// Data types of elements.
const (
	typeUint8   = 2
	typeInt16   = 4
	typeInt32   = 8
	typeFloat32 = 16
	typeFloat64 = 64
	typeRGB     = 128
	typeInt8    = 256
	typeUint16  = 512
	typeUint32  = 768
)

// elementSize is the number of bytes of an element, 0 for a type that is not
// read.
func elementSize(t int) int {
	switch t {
	case typeUint8, typeInt8:
		return 1
	case typeInt16, typeUint16:
		return 2
	case typeRGB:
		return 3
	case typeInt32, typeUint32, typeFloat32:
		return 4
	case typeFloat64:
		return 8
	}
	return 0
}
