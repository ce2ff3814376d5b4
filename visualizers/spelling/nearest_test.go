package spelling

import "testing"

func TestNearest(t *testing.T) {
	options := []string{"zeros", "ones", "windows", "random_masks"}
	for word, want := range map[string]string{
		"zeroes": "zeros", "one": "ones", "window": "windows", "randommasks": "random_masks", "gradient": "", "": "",
	} {
		if got := Nearest(word, options); got != want {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
}
