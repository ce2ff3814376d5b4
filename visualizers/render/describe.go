package render

import (
	"fmt"
	"math"

	"picasso/visualizers/spelling"
)

// flatness is the relative difference below which values count as equal: a few
// steps of float32.
const flatness = 1e-6

// Describe says in words what a reader would otherwise misread in the picture
// of f: that it holds no numbers at all, is flat, has no positive values, or
// infinite ones. It is "" when there is nothing to say.
func Describe(f Field, signed bool) string {
	lo, hi := math.Inf(1), math.Inf(-1)
	known, infinite := 0, 0
	if !f.Empty() {
		for _, v := range f.Values {
			switch x := float64(v); {
			case math.IsInf(x, 0):
				infinite++
			case !math.IsNaN(x):
				known++
				lo, hi = min(lo, x), max(hi, x)
			}
		}
	}
	switch {
	case infinite == 1:
		return "one value is infinite and is shown at the end of the scale"
	case infinite > 0:
		return fmt.Sprintf("%d values are infinite and are shown at the ends of the scale", infinite)
	case known == 0:
		return "no values: nothing is known about this picture"
	case lo == 0 && hi == 0 && signed:
		return "flat: every value is 0, so no region makes a difference"
	case hi-lo <= flatness*max(math.Abs(lo), math.Abs(hi)):
		return "flat: every value is " + short(lo)
	case signed && hi <= 0:
		return fmt.Sprintf("no positive evidence: values range from %s to %s", short(lo), short(hi))
	}
	return ""
}

func short(v float64) string { return spelling.Number(v) }
