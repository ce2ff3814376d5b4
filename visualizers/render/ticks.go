package render

import (
	"math"
	"strconv"
	"strings"

	"picasso/visualizers/spelling"
)

// Tick is a labelled value of a scale.
type Tick struct {
	Value float64
	Label string
}

// Ticks labels about n round values of r (1, 2 or 5 times a power of ten
// apart), zero among them when r contains it. Where r reaches below zero,
// positive labels carry a plus. Labels count in [Range.Unit]. A flat range has
// one tick.
func Ticks(r Range, n int) []Tick {
	r = r.sound()
	signed := r.Lo < 0
	_, factor := r.Unit()
	if r.Flat() {
		return []Tick{{r.Lo, Number(r.Lo*factor, r.Magnitude()*factor/100, signed)}}
	}
	step := niceStep((r.Hi - r.Lo) / float64(min(max(n, 1), 50)))
	first, last := math.Ceil(r.Lo/step-1e-9), math.Floor(r.Hi/step+1e-9)
	var ticks []Tick
	for i := first; i <= last; i++ {
		if len(ticks) > 100 || i+1 == i { // steps too fine for the numbers themselves
			break
		}
		v := i * step
		ticks = append(ticks, Tick{v, Number(v*factor, step*factor, signed)})
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

// Number writes v with the digits that steps of that size need, and with a
// plus before positive values if signed; never with an exponent.
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
		return spelling.Minus + text
	case v > 0 && signed:
		return "+" + text
	}
	return text
}

// digits writes v ≥ 0.
func digits(v, step float64) string {
	const most = 12
	if v == 0 || math.IsInf(v, 0) || !(step > 0) {
		return spelling.Number(v)
	}
	return strconv.FormatFloat(v, 'f', min(max(0, -int(math.Floor(math.Log10(step)+1e-9))), most), 64)
}

// Unit is what the labels of [Ticks] count where plain digits would be many:
// "millionths" with a factor of 1e6. It is "" with 1 for ranges of usual size.
func (r Range) Unit() (word string, factor float64) {
	size := r.sound().Magnitude()
	const smallest, largest = 5e-4, 1e6 // written with plain digits
	if size == 0 || size >= smallest && size < largest {
		return "", 1
	}
	power := 3 * int(math.Floor(math.Log10(size)/3+1e-9))
	if size < 1 {
		power = min(power, -6)
	}
	names := map[int]string{-6: "millionths", -9: "billionths", -12: "trillionths", 6: "millions", 9: "billions", 12: "trillions"}
	word = names[power]
	if word == "" {
		word = "units of 10" + superscript(power)
	}
	return word, math.Pow(10, -float64(power))
}

func superscript(n int) string {
	return strings.NewReplacer("-", "\u207b", "0", "\u2070", "1", "\u00b9", "2", "\u00b2", "3", "\u00b3", "4", "\u2074",
		"5", "\u2075", "6", "\u2076", "7", "\u2077", "8", "\u2078", "9", "\u2079").Replace(strconv.Itoa(n))
}

// Axis is the unit of a bar with this range: what the values are, and in what
// they are counted.
func (r Range) Axis(unit string) string {
	word, _ := r.Unit()
	switch {
	case word == "":
		return unit
	case unit == "":
		return "in " + word
	}
	return unit + ", in " + word
}
