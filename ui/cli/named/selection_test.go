package named

import (
	"slices"
	"testing"
)

func TestSelectionCountsAsPythonDoes(t *testing.T) {
	for _, c := range []struct {
		frame, slices string
		want          []int // of five slices; nil where there are none
	}{
		{"", "", []int{0, 1, 2, 3, 4}},
		{"0", "", []int{0}},
		{"-1", "", []int{4}},
		{"5", "", nil},
		{"-6", "", nil},
		{"", ":", []int{0, 1, 2, 3, 4}},
		{"", "1:3", []int{1, 2}},
		{"", ":2", []int{0, 1}},
		{"", "-2:", []int{3, 4}},
		{"", "3:99", []int{3, 4}},
		{"", "-99:1", []int{0}},
		{"", "3:3", nil},
		{"", "7:9", nil},
	} {
		var s Selection
		if c.frame != "" {
			if err := s.setFrame(c.frame); err != nil {
				t.Fatal(err)
			}
		}
		if c.slices != "" {
			if err := s.setSlices(c.slices); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.of(5)
		if !slices.Equal(got, c.want) || (err != nil) != (c.want == nil) {
			t.Errorf("frame %q, slices %q: %v, %v; want %v", c.frame, c.slices, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "3", "a:b", "1:2:3", "1.5:2"} {
		if err := new(Selection).setSlices(bad); err == nil {
			t.Errorf("%q is taken for slices", bad)
		}
	}
}

func TestNamesAreGivenOnce(t *testing.T) {
	taken := names{}
	for _, c := range [][2]string{{"a", "a"}, {"A", "A-2"}, {"a", "a-3"}, {"", "image"}, {"..", "image-2"}} {
		if got := taken.take(c[0]); got != c[1] {
			t.Errorf("%q is called %q, want %q", c[0], got, c[1])
		}
	}
}
