package drawing

import (
	"picasso/backend/score"
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
