package picture

import (
	"testing"

	"picasso/backend/picture/dicom"
)

func TestDepth(t *testing.T) {
	m := NewFloat("x", 1, 2, 1, []float32{3, 9})
	if got := m.Depth(); got != [2]float32{0, 255} {
		t.Errorf("an ordinary picture has %v", got)
	}
	m.Scan = &Scan{Auto: exactWindow("all", [2]float32{3, 9}), Inverted: true}
	if got := m.Depth(); got != [2]float32{9, 3} {
		t.Errorf("a scan of unknown depth whose small values are white has %v", got)
	}
	m.Scan.frame = &dicom.Frame{Depth: [2]float32{0, 4095}}
	if got := m.Depth(); got != [2]float32{4095, 0} {
		t.Errorf("12 bits whose small values are white have %v", got)
	}
}
