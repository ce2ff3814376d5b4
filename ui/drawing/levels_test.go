package drawing

import (
	"testing"

	"picasso/backend/picture/dicom"
)

func TestWindowsAreWrittenInWholeNumbers(t *testing.T) {
	for want, w := range map[string]dicom.Window{
		"W 1500 L \u2013600":   {Width: 1500, Center: -600},
		"W 1685 L \u2013182":   {Width: 1685.2, Center: -181.5},
		"W 12000 L 0":          {Width: 12000},
		"W 0.425 L \u20131.50": {Width: 0.425, Center: -1.5},
	} {
		if got := Levels(w); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
