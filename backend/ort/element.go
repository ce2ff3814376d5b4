package ort

import "math"

// integer are the whole-number types a port may have.
type integer interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64
}

// number are the types Go can convert to float32 by itself.
type number interface{ integer | float32 | float64 }

// toIntegers rounds to the nearest whole number, halves to the even one, and
// clamps to [lo, hi], the range of T. NaN becomes 0 where T can hold it.
func toIntegers[T integer](src []float32, lo, hi T) []T {
	dst := make([]T, len(src))
	low, high := float64(lo), float64(hi)
	for i, v := range src {
		switch x := math.RoundToEven(float64(v)); {
		case x != x: // NaN: leave 0
		case x <= low:
			dst[i] = lo
		case x >= high:
			dst[i] = hi
		default:
			dst[i] = T(x)
		}
	}
	return dst
}

func toDoubles(src []float32) []float64 {
	dst := make([]float64, len(src))
	for i, v := range src {
		dst[i] = float64(v)
	}
	return dst
}

// toBools takes every number but zero for true.
func toBools(src []float32) []bool {
	dst := make([]bool, len(src))
	for i, v := range src {
		dst[i] = v != 0
	}
	return dst
}

// fromNumbers rounds to float32: whole numbers beyond ±2²⁴ lose their last
// digits.
func fromNumbers[T number](src []T) []float32 {
	dst := make([]float32, len(src))
	for i, v := range src {
		dst[i] = float32(v)
	}
	return dst
}

func fromBools(src []bool) []float32 {
	dst := make([]float32, len(src))
	for i, v := range src {
		if v {
			dst[i] = 1
		}
	}
	return dst
}
