package viewer

import (
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"picasso/visualizers/render"
)

func bar(t *testing.T, height float32) *ColorBar {
	t.Helper()
	test.NewTempApp(t)
	b := NewColorBar()
	w := test.NewTempWindow(t, b)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(120, height))
	b.SetScale(render.Style{Signed: true, Range: &render.Range{Lo: -0.83, Hi: 0.83}}.Scale(render.Field{}))
	return b
}

func texts(b *ColorBar) []string {
	var all []string
	for _, l := range b.labels {
		all = append(all, l.Text)
	}
	return all
}

func TestColorBarLabelsFitItsHeight(t *testing.T) {
	for _, height := range []float32{240, 400, 900} {
		b := bar(t, height)
		zero, end := false, height
		for _, l := range b.labels {
			zero = zero || l.Text == "0"
			if l.Position().Y+l.Size().Height > end || l.Position().Y < 0 || l.Position().X+l.Size().Width > b.Size().Width {
				t.Errorf("height %v: labels touch or leave the bar: %v", height, texts(b))
			}
			end = l.Position().Y
		}
		if !zero || len(b.labels) < 3 {
			t.Errorf("height %v: labels %v", height, texts(b))
		}
	}
}

func TestColorBarMarkerStandsAtTheValue(t *testing.T) {
	b := bar(t, 600)
	if b.needle.Visible() {
		t.Error("a marker without a value")
	}
	b.SetMarker(0)
	middle := b.needle.Position().Y + b.needle.Size().Height/2
	if want := b.strip.Position().Y + b.strip.Size().Height/2; math.Abs(float64(middle-want)) > 0.5 {
		t.Errorf("zero is marked at %v, want %v", middle, want)
	}
	b.SetMarker(99)
	if b.needle.Position().Y+b.needle.Size().Height < b.strip.Position().Y {
		t.Error("a value beyond the scale is marked outside the bar")
	}
	b.SetMarker(math.NaN())
	if b.needle.Visible() {
		t.Error("NaN left the marker")
	}
}

func TestColorBarLock(t *testing.T) {
	b := bar(t, 600)
	var got []bool
	b.OnLock = func(on bool) { got = append(got, on) }
	b.SetLocked(true) // not reported
	test.Tap(b.lock)
	if len(got) != 1 || got[0] {
		t.Errorf("reported %v, want [false]", got)
	}
}

// What the values are stands above the strip, whole or cut off in the third
// line, and names the power of ten that the numbers leave out.
func TestColorBarSaysWhatItMeasures(t *testing.T) {
	b := bar(t, 600)
	said := func() string {
		var all []string
		for _, l := range b.unit {
			if end := l.Position().X + l.Size().Width; end > b.Size().Width || l.Position().Y+l.Size().Height > b.strip.Position().Y {
				t.Errorf("%q leaves its place", l.Text)
			}
			all = append(all, l.Text)
		}
		return strings.Join(all, " ")
	}
	b.SetUnit("drop in P(tank)")
	if got := said(); got != "drop in P(tank)" {
		t.Errorf("said %q", got)
	}
	b.SetScale(render.Style{Signed: true, Range: &render.Range{Lo: -2e-6, Hi: 2e-6}}.Scale(render.Field{}))
	if got := said(); got != "drop in P(tank), in millionths" || strings.Contains(strings.Join(texts(b), " "), "e") {
		t.Errorf("said %q with %v", got, texts(b))
	}
	b.SetUnit("∂logit(a cat of a very long name, also called something else)/∂pixel")
	if got := said(); len(b.unit) != 3 || !strings.HasSuffix(got, "…") {
		t.Errorf("said %q", got)
	}
}

func TestColorBarFollowsTheTheme(t *testing.T) {
	b := bar(t, 600)
	dark := b.labels[0].Color
	fyne.CurrentApp().Settings().SetTheme(test.NewTheme())
	b.Refresh()
	if b.labels[0].Color == dark || b.labels[0].Color != theme.Color(theme.ColorNameForeground) {
		t.Errorf("label colour %v", b.labels[0].Color)
	}
}
