package modelcard

import (
	"testing"

	"picasso/backend/preprocess"
	"picasso/ui/uitest"
)

// What concerns scans alone is shown, read back, and refused in words.
func TestFieldsOfScans(t *testing.T) {
	d := uitest.NewControl(t)
	d.Explained()
	fill := -1024.0
	want := preprocess.Preprocess{Orientation: "SPL", Modality: "MRI", Fill: &fill}
	f := newPrepForm(d.C)
	f.mute = true
	for _, p := range []preprocess.Preprocess{want, {}} {
		got := p
		for _, field := range f.scans() {
			field.show(p)
			if err := field.read(&got); err != nil {
				t.Fatal(err)
			}
		}
		same := p.Fill == nil && got.Fill == nil || p.Fill != nil && got.Fill != nil && *p.Fill == *got.Fill
		if got.Orientation != p.Orientation || got.Modality != p.Modality || !same {
			t.Errorf("%+v became %+v", p, got)
		}
	}
}
