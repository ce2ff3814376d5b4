// Package mgh reads the headers of FreeSurfer volumes (.mgh, and .mgz, which is
// the same compressed): https://surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/MghFormat
package mgh

import (
	"encoding/binary"
	"math"

	"picasso/backend/picture/volume"
)

// headerSize is where the elements begin.
const headerSize = 284

// Sniff reports whether unpacked data begin like a volume of FreeSurfer: version
// 1, sizes, and a known type.
func Sniff(head []byte) bool {
	if len(head) < 90 || binary.BigEndian.Uint32(head) != 1 {
		return false
	}
	for i := 1; i <= 4; i++ {
		if n := binary.BigEndian.Uint32(head[4*i:]); n < 1 || n > 1<<24 {
			return false
		}
	}
	return binary.BigEndian.Uint32(head[20:]) <= 10
}

// Header reads the header of a file. Errors are of type *[volume.Error].
func Header(s volume.Source) (*volume.Header, error) {
	b, err := s.Head(headerSize)
	if err != nil {
		return nil, err
	}
	if !Sniff(b) {
		return nil, &volume.Error{Fault: "is not a FreeSurfer volume", Remedy: "choose a .mgh or .mgz file", Err: volume.ErrUnknown}
	}
	word := func(i int) int { return int(int32(binary.BigEndian.Uint32(b[4*i:]))) }
	h := &volume.Header{
		Kind: "FreeSurfer", Size: [3]int{word(1), word(2), word(3)}, Volumes: word(4), Samples: 1,
		Order: binary.BigEndian, Offset: headerSize,
	}
	if h.Size[1] == 1 && h.Size[2] == 1 {
		return nil, volume.Unsupported("holds numbers of a brain surface, one for each of its points", "choose a volume")
	}
	types := map[int]volume.Type{0: volume.Uint8, 1: volume.Int32, 3: volume.Float32, 4: volume.Int16, 10: volume.Uint16}
	if h.Type = types[word(5)]; h.Type == volume.None {
		return nil, volume.Unsupported("has numbers of a kind that is not read", "convert the volume with mri_convert -odt float")
	}
	h.Spacing = [3]float64{1, 1, 1}
	if binary.BigEndian.Uint16(b[28:]) != 0 {
		h.Placed = true
		place(h, b[30:90])
	}
	return h, nil
}

// place reads sizes of voxels, directions of the axes, and the middle, all to the
// right, front and head, and gives them as DICOM does.
func place(h *volume.Header, b []byte) {
	f := func(i int) float64 { return float64(math.Float32frombits(binary.BigEndian.Uint32(b[4*i:]))) }
	for axis := range 3 {
		h.Spacing[axis] = f(axis)
	}
	for i := range 3 {
		sign := -1.0
		if i == 2 {
			sign = 1
		}
		middle := f(12 + i)
		for axis := range 3 {
			step := f(3+3*axis+i) * f(axis)
			h.Affine[i][axis] = sign * step
			middle -= step * float64(h.Size[axis]) / 2
		}
		h.Affine[i][3] = sign * middle
	}
}
