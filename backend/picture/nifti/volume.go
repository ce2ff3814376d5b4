package nifti

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"

	"picasso/backend/picture/inflate"
)

// Volume is a stack of slices.
type Volume struct {
	Width, Height int // of a slice, as it is shown
	Channels      int // 1, or 3 for colours
	Slices        int
	Range         [2]float32 // to show as black and white, if the file says so; else equal
	Place         Place
	Warnings      []string
	header        *header
	data          []byte // of the first voxel on
	flip          [3]bool
}

// Sniff reports whether the data begin like a NIfTI volume, compressed or not.
func Sniff(data []byte) bool {
	if _, _, ok := kind(data); ok {
		return true
	}
	if !zipped(data) {
		return false
	}
	head, err := beginning(data)
	if err != nil {
		return false
	}
	_, _, ok := kind(head)
	return ok
}

func zipped(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }

func unzip(data []byte) func() (io.Reader, error) {
	return func() (io.Reader, error) { return gzip.NewReader(bytes.NewReader(data)) }
}

// beginning inflates as much as a header has.
func beginning(data []byte) ([]byte, error) {
	r, err := unzip(data)()
	if err != nil {
		return nil, err
	}
	head := make([]byte, 544)
	n, err := io.ReadFull(r, head)
	if n < 348 {
		return nil, err
	}
	return head[:n], nil
}

// Parse reads a volume from memory and keeps data, which must not change. Of
// several volumes in a file, the first is read. Errors are of type *[Error].
func Parse(data []byte) (*Volume, error) {
	head, whole := data, data
	if zipped(data) {
		var err error
		if head, err = beginning(data); err != nil {
			return nil, damaged("is compressed and cannot be unpacked")
		}
	}
	h, err := parseHeader(head)
	if err != nil {
		return nil, err
	}
	if zipped(data) {
		whole, err = inflate.All(func() (io.Reader, error) {
			r, err := unzip(data)()
			return io.LimitReader(r, h.bytes()), err
		}, h.bytes())
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && len(whole) == 0 {
			return nil, damaged("is compressed and cannot be unpacked")
		}
	}
	return newVolume(h, whole)
}

func newVolume(h *header, data []byte) (*Volume, error) {
	v := &Volume{Width: int(h.dim[1]), Height: int(h.dim[2]), Slices: int(h.dim[3]), Channels: 1, header: h}
	if h.datatype == typeRGB {
		v.Channels = 3
	}
	slice := v.Width * v.Height * elementSize(h.datatype)
	v.data = data[min(int64(len(data)), h.offset):]
	if there := len(v.data) / slice; there < v.Slices {
		if there == 0 {
			return nil, damaged("ends before its first slice")
		}
		v.Warnings = append(v.Warnings, "the file ends too early; the last slices are missing")
		v.Slices = there
	}
	for _, n := range h.dim[4:] {
		if n > 1 {
			v.Warnings = append(v.Warnings, "the first volume of several in the file is used")
			break
		}
	}
	if h.high > h.low {
		v.Range = [2]float32{float32(h.low), float32(h.high)}
	}
	v.turn()
	return v, nil
}

// Values are the values of slice i, Width×Height×Channels, interleaved.
// Numbers that are none count as 0.
func (v *Volume) Values(i int) []float32 {
	if v.flip[2] {
		i = v.Slices - 1 - i
	}
	size := elementSize(v.header.datatype)
	row := v.Width * size
	out := make([]float32, v.Width*v.Height*v.Channels)
	for y := range v.Height {
		from := y
		if v.flip[1] {
			from = v.Height - 1 - y
		}
		src := v.data[(i*v.Height+from)*row:][:row]
		dst := out[y*v.Width*v.Channels : (y+1)*v.Width*v.Channels]
		for x := range v.Width {
			at := x
			if v.flip[0] {
				at = v.Width - 1 - x
			}
			if v.Channels == 3 {
				for c := range 3 {
					dst[3*x+c] = float32(src[3*at+c])
				}
				continue
			}
			dst[x] = v.value(src[at*size:])
		}
	}
	return out
}

// value reads one element and rescales it.
func (v *Volume) value(b []byte) float32 {
	x := v.header.number(b)
	if s := v.header.slope; s != 0 {
		x = x*s + v.header.intercept
	}
	if math.IsNaN(x) || math.Abs(x) > math.MaxFloat32 {
		return 0
	}
	return float32(x)
}

func (h *header) number(b []byte) float64 {
	switch h.datatype {
	case typeUint8:
		return float64(b[0])
	case typeInt8:
		return float64(int8(b[0]))
	case typeInt16:
		return float64(int16(h.order.Uint16(b)))
	case typeUint16:
		return float64(h.order.Uint16(b))
	case typeInt32:
		return float64(int32(h.order.Uint32(b)))
	case typeUint32:
		return float64(h.order.Uint32(b))
	case typeFloat32:
		return float64(math.Float32frombits(h.order.Uint32(b)))
	default:
		return math.Float64frombits(h.order.Uint64(b))
	}
}
