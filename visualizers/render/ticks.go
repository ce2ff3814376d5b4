package render

import (
	"math"
	"strconv"
	"strings"
)

// Tick is a labelled value of a scale.
type Tick struct {
	Value float64
	Label string
}

// Ticks labels about n round values of r (1, 2 or 5 times a power of ten
// apart), zero among them when r contains it. Where r reaches below zero,
// positive labels carry a plus. A flat range has one tick.
func Ticks(r Range, n int) []Tick {
	r = r.sound()
	signed := r.Lo < 0
	if r.Flat() {
		return []Tick{{r.Lo, Number(r.Lo, r.Magnitude()/100, signed)}}
	}
	step := niceStep((r.Hi - r.Lo) / float64(min(max(n, 1), 50)))
	first, last := math.Ceil(r.Lo/step-1e-9), math.Floor(r.Hi/step+1e-9)
	var ticks []Tick
	for i := first; i <= last; i++ {
		if len(ticks) > 100 || i+1 == i { // steps too fine for the numbers themselves
			break
		}
		v := i * step
		ticks = append(ticks, Tick{v, Number(v, step, signed)})
	}
	return ticks
}

// niceStep is the smallest of 1, 2, 5 times a power of ten that is not much
// below x.
func niceStep(x float64) float64 {
	x *= 0.8
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// minus is an en dash: as wide as a plus, and unlike the real minus sign part
// of the window's own font.
const minus = "\u2013"

// Number writes v with the digits that steps of that size need, and with a
// plus before positive values if signed.
func Number(v, step float64, signed bool) string {
	if math.IsNaN(v) {
		return "unknown"
	}
	if math.Abs(v) < step*1e-6 {
		v = 0
	}
	text := digits(math.Abs(v), math.Abs(step))
	switch {
	case v < 0:
		return minus + text
	case v > 0 && signed:
		return "+" + text
	}
	return text
}

// digits writes v ≥ 0, in powers of ten where plain digits would be many.
func digits(v, step float64) string {
	if v == 0 || math.IsInf(v, 0) || !(step > 0) {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	places := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	if v < 1e5 && places <= 4 {
		return strconv.FormatFloat(v, 'f', places, 64)
	}
	significant := int(math.Floor(math.Log10(v)) - math.Floor(math.Log10(step)+1e-9))
	text := strconv.FormatFloat(v, 'e', min(max(significant, 0), 8), 64)
	mantissa, power, _ := strings.Cut(text, "e")
	exponent, _ := strconv.Atoi(power)
	return mantissa + "e" + strings.Replace(strconv.Itoa(exponent), "-", minus, 1)
}
