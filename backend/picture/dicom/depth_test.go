package dicom

import "testing"

func TestDepthOfSamples(t *testing.T) {
	for _, tt := range []struct {
		m      modality
		bits   int
		signed bool
		want   [2]float32
	}{
		{modality{slope: 1}, 12, false, [2]float32{0, 4095}},
		{modality{slope: 2, intercept: -1000}, 12, false, [2]float32{-1000, 7190}},
		{modality{slope: 1}, 16, true, [2]float32{-32768, 32767}},
		{modality{table: &table{}}, 12, false, [2]float32{}},
	} {
		if got := tt.m.depth(tt.bits, tt.signed); got != tt.want {
			t.Errorf("%d bits, signed %v: %v, want %v", tt.bits, tt.signed, got, tt.want)
		}
	}
}
