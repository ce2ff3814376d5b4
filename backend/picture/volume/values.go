package volume

import (
	"encoding/binary"
	"math"
	"slices"

	"picasso/backend/picture/dicom"
)

// Values are the values of slice i, Width×Height×Channels, interleaved. Numbers
// that are none, and infinite ones, stay as they are. It is an error, of type *[Error],
// where the file has changed since the volume was loaded.
func (v *Volume) Values(i int) ([]float32, error) {
	b, done, err := v.slice(i)
	if err != nil {
		return nil, err
	}
	defer done()
	h := v.header
	out := make([]float32, 0, v.Width*v.Height*v.Channels)
	size := int64(h.Type.Size())
	for y := range v.Height {
		row := int64(v.turned(1, y)) * h.Step[2]
		for x := range v.Width {
			at := row + int64(v.turned(0, x))*h.Step[1]
			for c := range v.Channels {
				out = append(out, h.value(b[(at+int64(c)*h.Step[0])*size:]))
			}
		}
	}
	return out, nil
}

// turned is where place i along an axis is in the file.
func (v *Volume) turned(axis, i int) int {
	if v.flip[axis] {
		return [3]int{v.Width, v.Height, v.Slices}[axis] - 1 - i
	}
	return i
}

// slice are the bytes of slice i from its first element on; done gives them back.
func (v *Volume) slice(i int) (b []byte, done func(), err error) {
	h := v.header
	size := int64(h.Type.Size())
	from := int64(v.turned(2, i)) * h.Step[3] * size
	if v.file == nil {
		return v.data[from:], func() {}, nil
	}
	room, _ := v.rooms.Get().(*[]byte)
	if room == nil {
		room = new([]byte)
		*room = make([]byte, h.slice()*size)
	}
	done = func() { v.rooms.Put(room) }
	if n, err := v.file.ReadAt(*room, from); n < len(*room) {
		done()
		return nil, nil, &Error{"cannot be read any more; it has changed since it was opened", "open it again", err}
	}
	return *room, done, nil
}

// Whole gives the values of slice i as whole numbers of 16 bits, in out, which has as
// many as the slice has pixels: the numbers of [Volume.Values]. ok is false where that
// cannot be, for colours for instance, and for slices of which a value is another number;
// out holds nothing of use then. Errors are those of [Volume.Values].
func (v *Volume) Whole(i int, out []int16) (ok bool, err error) {
	h := v.header
	rescale, whole := dicom.WholeRescale(1, 0)
	if h.Slope != 0 {
		rescale, whole = dicom.WholeRescale(h.Slope, h.Intercept)
	}
	if !whole || v.Channels != 1 || len(out) != v.Width*v.Height || h.Type == None || h.Type.Size() > 2 {
		return false, nil
	}
	b, done, err := v.slice(i)
	if err != nil {
		return false, err
	}
	defer done()
	size := int64(h.Type.Size())
	row := make([]int64, v.Width)
	for y := range v.Height {
		h.whole16(b[int64(v.turned(1, y))*h.Step[2]*size:], row)
		if v.flip[0] {
			slices.Reverse(row)
		}
		if !rescale.Row(row, out[y*v.Width:][:v.Width]) {
			return false, nil
		}
	}
	return true, nil
}

// whole16 reads a row of elements of at most 16 bits.
func (h *Header) whole16(b []byte, row []int64) {
	step := h.Step[1] * int64(h.Type.Size())
	little := h.Order == binary.ByteOrder(binary.LittleEndian)
	for x := range row {
		switch at := int64(x) * step; h.Type {
		case Uint8:
			row[x] = int64(b[at])
		case Int8:
			row[x] = int64(int8(b[at]))
		default:
			n := uint16(b[at]) | uint16(b[at+1])<<8
			if !little {
				n = n<<8 | n>>8
			}
			if row[x] = int64(n); h.Type == Int16 {
				row[x] = int64(int16(n))
			}
		}
	}
}

// value reads one element and rescales it.
func (h *Header) value(b []byte) float32 {
	x := h.Type.Number(h.Order, b)
	if h.Slope != 0 {
		x = x*h.Slope + h.Intercept
	}
	if math.Abs(x) > math.MaxFloat32 {
		return float32(math.Copysign(math.Inf(1), x))
	}
	return float32(x)
}
