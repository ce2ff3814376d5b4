package report_test

import (
	"reflect"
	"testing"

	"picasso/backend/mask"
	"picasso/ui/report"
)

// Two rectangles of 2×3 and of one pixel in a picture of 10×5; a name without a pixel
// is left out.
func TestRegions(t *testing.T) {
	r := mask.NewRegions(5, 10)
	v, err := r.Add("hull")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Fill(mask.Rectangle{A: mask.Point{X: 2, Y: 1}, B: mask.Point{X: 5, Y: 3}}, v); err != nil {
		t.Fatal(err)
	}
	r.Names = append(r.Names, "gone", "spot")
	r.Pixels[49] = 3
	got := report.Regions(r)
	want := []report.Region{{"hull", 6, 6. / 50, [4]int{1, 2, 3, 5}}, {"spot", 1, 1. / 50, [4]int{4, 9, 5, 10}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, not %+v", got, want)
	}
	if words := got[0].Words(); words != "hull: 6 pixels, 12.0 % of the picture, rows 2 to 3, columns 3 to 5" {
		t.Error(words)
	}
	if report.Regions(nil) != nil {
		t.Error("no regions are some")
	}
}
