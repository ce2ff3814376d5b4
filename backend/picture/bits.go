package picture

import (
	"fmt"
	"math/bits"
)

// noteBits notices that a picture of 16 bits uses fewer: detectors of 10, 12 and 14
// bits are often saved so, and then a model that expects the full range of the
// file gets next to nothing.
func (m *Image) noteBits() {
	if m.px.u16 == nil || m.Channels > 3 {
		return
	}
	largest := uint16(0)
	for _, v := range m.px.u16 {
		largest = max(largest, v)
	}
	used := max(8, (bits.Len16(largest)+1)/2*2)
	if largest == 0 || used >= 16 {
		return
	}
	m.Bits = used
	m.Range = [2]float32{0, m.top()}
	m.Notes = append(m.Notes, fmt.Sprintf("the values use %d of the file's 16 bits: the largest is %d", used, largest))
}

// top is the largest raw value that the bits of an ordinary picture can hold.
func (m *Image) top() float32 {
	if m.Bits == 0 {
		return 255
	}
	return float32(uint(1)<<m.Bits-1) / 257
}
