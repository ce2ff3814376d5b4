package ort

import (
	"math"
	"slices"
	"testing"
)

func TestIntegersRoundToEvenAndClamp(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	src := []float32{-0.5, 0.5, 1.5, 2.5, 2.6, -3, 255, 255.5, 1e9, inf, -inf, nan}
	if got, want := toIntegers[uint8](src, 0, 255), []uint8{0, 0, 2, 2, 3, 0, 255, 255, 255, 255, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("uint8 %v, want %v", got, want)
	}
	if got, want := toIntegers[int8](src, -128, 127), []int8{0, 0, 2, 2, 3, -3, 127, 127, 127, 127, -128, 0}; !slices.Equal(got, want) {
		t.Errorf("int8 %v, want %v", got, want)
	}
	got := toIntegers[int64]([]float32{inf, -inf, 1 << 40}, math.MinInt64, math.MaxInt64)
	if want := []int64{math.MaxInt64, math.MinInt64, 1 << 40}; !slices.Equal(got, want) {
		t.Errorf("int64 %v, want %v", got, want)
	}
	if got := toIntegers[uint64]([]float32{inf, -1}, 0, math.MaxUint64); got[0] != math.MaxUint64 || got[1] != 0 {
		t.Errorf("uint64 %v", got)
	}
}

func TestIntegersOfSmallTypesSurviveTheWayBack(t *testing.T) {
	for v := math.MinInt16; v <= math.MaxInt16; v++ {
		if got := fromNumbers(toIntegers[int16]([]float32{float32(v)}, math.MinInt16, math.MaxInt16)); got[0] != float32(v) {
			t.Fatalf("%d became %v", v, got[0])
		}
	}
}

func TestBools(t *testing.T) {
	if got := fromBools(toBools([]float32{0, 1, -2, 0.1})); !slices.Equal(got, []float32{0, 1, 1, 1}) {
		t.Errorf("%v", got)
	}
}

// Every binary16 number comes back from its exact float32 value, and the
// numbers between two neighbours go to the nearer, ties to the even one.
func TestHalfRoundsToNearestEven(t *testing.T) {
	for bits := range uint16(0x7c00) {
		low, high := halfValue(bits), halfValue(bits+1)
		if got := halfBits(float32(low)); got != bits {
			t.Fatalf("%g became %#x, want %#x", low, got, bits)
		}
		if got := halfBits(float32(-low)); got != bits|0x8000 {
			t.Fatalf("%g became %#x", -low, got)
		}
		middle := float32((low + high) / 2)
		even := bits + bits&1
		for _, c := range []struct {
			v    float32
			want uint16
		}{{middle, even}, {math.Nextafter32(middle, 0), bits}, {math.Nextafter32(middle, 1e9), bits + 1}} {
			if got := halfBits(c.v); got != c.want {
				t.Fatalf("%g, between %g and %g, became %#x, want %#x", c.v, low, high, got, c.want)
			}
		}
	}
	for v, want := range map[float32]uint16{65519: 0x7bff, 65520: 0x7c00, 1e30: 0x7c00, float32(math.Inf(-1)): 0xfc00, 1e-30: 0} {
		if got := halfBits(v); got != want {
			t.Errorf("%g became %#x, want %#x", v, got, want)
		}
	}
	if got := halfBits(float32(math.NaN())); got&0x7c00 != 0x7c00 || got&0x3ff == 0 {
		t.Errorf("NaN became %#x", got)
	}
}

// halfValue is the value of a finite positive binary16 number; 0x7c00 gives
// 65536, the neighbour that rounding to infinity is about.
func halfValue(bits uint16) float64 {
	exponent, mantissa := int(bits>>10), float64(bits&0x3ff)
	if exponent == 0 {
		return math.Ldexp(mantissa, -24)
	}
	return math.Ldexp(1024+mantissa, exponent-25)
}

func TestBfloatRoundsToNearestEven(t *testing.T) {
	for bits := uint32(0); bits < 0x7f7f; bits++ {
		low := math.Float32frombits(bits << 16)
		middle := math.Float32frombits(bits<<16 | 0x8000)
		if bfloatBits(low) != uint16(bits) || bfloatBits(middle) != uint16(bits+bits&1) ||
			bfloatBits(math.Float32frombits(bits<<16|0x7fff)) != uint16(bits) || bfloatBits(math.Float32frombits(bits<<16|0x8001)) != uint16(bits+1) {
			t.Fatalf("around %g", low)
		}
	}
	if got := bfloatBits(math.Float32frombits(0x7f800001)); got&0x7f80 != 0x7f80 || got&0x7f == 0 {
		t.Errorf("NaN became %#x", got)
	}
}
