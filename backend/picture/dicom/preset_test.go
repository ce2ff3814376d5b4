package dicom

import "testing"

func TestParseWindow(t *testing.T) {
	for text, want := range map[string]Window{
		"400,40":      {Center: 40, Width: 400},
		" 1500, -600": {Center: -600, Width: 1500},
		"Lung":        {Center: -600, Width: 1500},
	} {
		if got, err := ParseWindow(text); err != nil || got.Center != want.Center || got.Width != want.Width {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "400", "a,b", "0,40", "-5,1", "NaN,1", "1e300,1", "400,40,3"} {
		if got, err := ParseWindow(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}
