package spelling

import (
	"math"
	"strconv"
)

// Digits of a number as people read it, and the decimals beyond which it is
// called almost zero.
const (
	significant  = 3
	mostDecimals = 12
)

// Minus is an en dash: as wide as a plus, and unlike the real minus sign part
// of the window's own font.
const Minus = "\u2013"

// Number writes v for people: with three significant digits, every digit before
// the point, and never with an exponent.
func Number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "unknown"
	case math.IsInf(v, 0):
		return sign(v) + "infinity"
	case v == 0:
		return "0"
	}
	size := math.Abs(v)
	decimals := significant - 1 - int(math.Floor(math.Log10(size)))
	if decimals > 0 && size >= math.Pow(10, float64(significant-decimals))-math.Pow(10, -float64(decimals))/2 {
		decimals-- // rounds up to one digit more: 0.9999 is 1.00
	}
	if decimals > mostDecimals {
		return "almost 0"
	}
	return sign(v) + strconv.FormatFloat(size, 'f', max(decimals, 0), 64)
}

// Signed is [Number] with a plus before positive values.
func Signed(v float64) string {
	if text := Number(v); v > 0 && text != "almost 0" {
		return "+" + text
	} else {
		return text
	}
}

func sign(v float64) string {
	if v < 0 {
		return Minus
	}
	return ""
}
