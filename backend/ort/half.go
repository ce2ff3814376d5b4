package ort

import (
	"encoding/binary"
	"math"
)

// halfBits rounds to IEEE 754 binary16, to nearest with ties to even. Numbers
// beyond 65504 become infinite.
func halfBits(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits>>16) & 0x8000
	exponent := int(bits>>23&0xff) - 127
	mantissa := bits & 0x7fffff
	switch {
	case exponent == 128 && mantissa != 0: // NaN stays NaN
		return sign | 0x7e00
	case exponent > 15:
		return sign | 0x7c00
	case exponent >= -14:
		// A carry out of the mantissa raises the exponent, as it should.
		return sign + uint16(exponent+15)<<10 + uint16(roundShift(mantissa, 13))
	case exponent >= -25: // subnormal
		return sign | uint16(roundShift(mantissa|0x800000, uint(-exponent-1)))
	}
	return sign
}

// roundShift is v / 2^n to the nearest whole number, ties to even.
func roundShift(v uint32, n uint) uint32 {
	half := uint32(1)<<(n-1) - 1
	return (v + half + v>>n&1) >> n
}

// bfloatBits rounds to bfloat16, to nearest with ties to even.
func bfloatBits(v float32) uint16 {
	bits := math.Float32bits(v)
	if v != v {
		return uint16(bits>>16) | 0x0040
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

// packBits writes one 16-bit number per element in the machine's byte order,
// which is little-endian wherever ONNX Runtime runs.
func packBits(src []float32, bits func(float32) uint16) []byte {
	dst := make([]byte, 0, 2*len(src))
	for _, v := range src {
		dst = binary.LittleEndian.AppendUint16(dst, bits(v))
	}
	return dst
}
