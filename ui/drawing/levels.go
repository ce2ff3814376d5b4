package drawing

import (
	"math"
	"strconv"

	"picasso/backend/picture/dicom"
	"picasso/visualizers/spelling"
)

// Levels is a window as width and level, in the words of radiology: whole numbers
// where they are that or from 100 on, three digits otherwise.
func Levels(w dicom.Window) string { return "W " + level(w.Width) + " L " + level(w.Center) }

func level(v float64) string {
	whole := math.Round(v)
	switch {
	case v != whole && math.Abs(v) < 100:
		return spelling.Number(v)
	case whole < 0:
		return "\u2013" + strconv.FormatFloat(-whole, 'f', 0, 64)
	}
	return strconv.FormatFloat(whole, 'f', 0, 64)
}
