package phantom

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math"
)

// Planes is the number of slices of a [Volume], which lie closer than those of a
// [Phantom] over the same height: Distance millimetres.
const (
	Planes   = 36
	Distance = Thickness * Depth / Planes
)

// Volume is the body of a seed in finer slices, as a network of volumes takes it.
type Volume struct {
	Values []int16 // Planes×Side×Side Hounsfield units: slices from the feet up, rows as in [Phantom]
	Nodule *Nodule // in slices of the volume; nil where there is none
}

// NewVolume makes the volume of a seed. It shows the body that [New] makes of it.
func NewVolume(seed uint64, nodule bool) *Volume {
	b := newBody(seed, nodule)
	v := &Volume{Values: make([]int16, 0, Planes*Side*Side)}
	for z := range Planes {
		v.Values = append(v.Values, b.scan(height(z))...)
	}
	if n := b.nodule; n != nil {
		v.Nodule = &Nodule{X: n.X, Y: n.Y, Z: (n.Z+0.5)*Thickness/Distance - 0.5, Radius: n.Radius}
	}
	return v
}

// height is where slice z of a volume lies among those of a phantom: the edges of
// the first and the last are the same.
func height(z int) float64 { return (float64(z)+0.5)*Distance/Thickness - 0.5 }

// NIfTI writes the volume as a compressed NIfTI-1 file (.nii.gz) of signed 16-bit
// numbers whose affine leads to millimetres to the right, the front and the head.
// There is no patient in it.
func (v *Volume) NIfTI() ([]byte, error) {
	const header = 352
	h := make([]byte, header, header+2*len(v.Values))
	le := binary.LittleEndian
	le.PutUint32(h, 348)
	for i, n := range []int{3, Side, Side, Planes, 1, 1, 1, 1} {
		le.PutUint16(h[40+2*i:], uint16(n))
	}
	le.PutUint16(h[70:], 4) // signed
	le.PutUint16(h[72:], 16)
	put := func(at int, values ...float64) {
		for i, x := range values {
			le.PutUint32(h[at+4*i:], math.Float32bits(float32(x)))
		}
	}
	put(76, 1, Spacing, Spacing, Distance)
	put(108, header, 1)
	h[123] = 2               // millimetres
	le.PutUint16(h[254:], 1) // coordinates of a scanner
	const corner = Spacing * (Side - 1) / 2
	put(280, -Spacing, 0, 0, corner, 0, -Spacing, 0, corner, 0, 0, Distance, 0)
	copy(h[344:], "n+1\x00")
	for _, x := range v.Values {
		h = le.AppendUint16(h, uint16(x))
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(h); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
