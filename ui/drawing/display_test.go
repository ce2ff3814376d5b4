package drawing

import (
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"strings"
	"testing"

	"picasso/visualizers"
	"picasso/visualizers/render"
)

// The default is one for window and command line: maps fade towards zero, and
// over a scan nothing is drawn between the computed values.
func TestDefaultStyle(t *testing.T) {
	plain := Default(visualizers.Info{Score: score.Probability})
	s := plain.Style(visualizers.Map{Signed: true}, false)
	if s.Opacity != 0.8 || s.Alpha != render.ByMagnitude || s.Cells || !s.Signed || s.Robust != 0 {
		t.Errorf("over a photo: %+v", s)
	}
	if s = plain.Style(visualizers.Map{Signed: true}, true); !s.Cells {
		t.Errorf("over a scan values are interpolated: %+v", s)
	}
	if s = plain.Style(visualizers.Map{Fixed: &[2]float64{0, 1}}, false); s.Alpha != render.Constant || s.Range == nil || *s.Range != (render.Range{Lo: 0, Hi: 1}) {
		t.Errorf("a map with a natural scale: %+v", s)
	}
	if s = Default(visualizers.Info{Score: score.Logit}).Style(visualizers.Map{Signed: true}, false); s.Robust != 0.01 || s.Opacity != 0.9 {
		t.Errorf("a gradient: %+v", s)
	}
	held := plain
	held.Locked = &Range{Lo: -2, Hi: 2}
	if s = held.Style(visualizers.Map{Fixed: &[2]float64{0, 1}}, false); *s.Range != (render.Range{Lo: -2, Hi: 2}) {
		t.Errorf("a held scale: %+v", s)
	}
}

// What is hidden, cut off or between the computed values is said.
func TestDisplaysAreDescribed(t *testing.T) {
	m := visualizers.Map{Width: 4, Height: 4, Channels: 1, Signed: true}
	for _, c := range []struct {
		display Display
		scan    bool
		want    string
	}{
		{Display{Smooth: true, Fade: true}, false, "interpolated for display; fades towards zero; the picture under it is shown in grey"},
		{Display{Picture: InColour, Clip: 0.01}, true, "drawn as computed; the most extreme 1 % of the values take the colours at the ends"},
		{Display{ScanSmooth: true, Sign: "positive", Threshold: 0.125, Picture: InColour}, true, "interpolated for display; only positive values are drawn; nothing is drawn below 12.5 % of the scale"},
		{Display{Locked: &Range{Lo: 0, Hi: 1}, Clip: 0.01, Contours: true, Picture: InColour}, true, "drawn as computed; lines of equal value, five from zero to the end of the scale; the scale was held by the user"},
	} {
		if got := strings.Join(c.display.Words(m, c.scan, 60), "; "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.display, got, c.want)
		}
	}
}

// What is cut out of the map of a volume has the scale of the whole, whatever lies on
// the slice, and says so.
func TestSlicesHaveTheScaleOfTheirVolume(t *testing.T) {
	whole := visualizers.Map{Channels: 1, Depth: 2, Height: 4, Width: 1, Values: []float32{1, -2, 3, -8}, Signed: true}
	b := preprocess.BlockOf(infer.Tensor{}, preprocess.Input{Depth: 2, Height: 2, Width: 1})
	slice := whole.OnSlice(b, 0)
	d := Default(visualizers.Info{Score: score.Probability})
	if r := d.Style(slice, true).Scale(Field(slice)).Range; r != (render.Range{Lo: -8, Hi: 8}) || ScaleOf(slice) != (Range{-8, 8}) {
		t.Errorf("the scale is %v, on its own %v", r, ScaleOf(slice))
	}
	d.Sign = "absolute"
	if r := d.Style(slice, true).Scale(Field(slice)).Range; r != (render.Range{Lo: 0, Hi: 8}) {
		t.Errorf("of magnitudes: %v", r)
	}
	d.Sign, d.Clip = "all", 0.4 // one of 1, 2, 3, 8 is left out
	if r := d.Style(slice, true).Scale(Field(slice)).Range; r != (render.Range{Lo: -3, Hi: 3}) {
		t.Errorf("without the most extreme values: %v", r)
	}
	said := strings.Join(d.Words(slice, true, 0), "; ")
	if !strings.Contains(said, "the scale is that of the whole volume") || !strings.Contains(said, "the most extreme 40 %") {
		t.Errorf("says %q", said)
	}
	sparse := visualizers.Map{Channels: 1, Depth: 2, Height: 4, Width: 2, Values: []float32{0, 0, 0, 0, 0, 0, 2, 4}}
	slice = sparse.OnSlice(preprocess.BlockOf(infer.Tensor{}, preprocess.Input{Depth: 2, Height: 2, Width: 2}), 0)
	if r := d.Style(slice, true).Scale(Field(slice)).Range; r != (render.Range{Lo: 0, Hi: 4}) {
		t.Errorf("where most is 0: %v", r)
	}
	d.Locked = &Range{Lo: -1, Hi: 1}
	if r := d.Style(slice, true).Scale(Field(slice)).Range; r != (render.Range{Lo: -1, Hi: 1}) || strings.Contains(strings.Join(d.Words(slice, true, 0), ""), "whole volume") {
		t.Errorf("a held scale is %v", r)
	}
}
