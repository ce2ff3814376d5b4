package drawing

import (
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
