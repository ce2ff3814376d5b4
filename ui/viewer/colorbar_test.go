package viewer

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"picasso/visualizers/render"
)

func bar(t *testing.T, width float32) *ColorBar {
	t.Helper()
	test.NewTempApp(t)
	b := NewColorBar()
	w := test.NewTempWindow(t, b)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, 160))
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

func TestColorBarLabelsFitItsWidth(t *testing.T) {
	for _, width := range []float32{240, 400, 900} {
		b := bar(t, width)
		zero, end := false, float32(-1)
		for _, l := range b.labels {
			zero = zero || l.Text == "0"
			if l.Position().X < end || l.Position().X+l.Size().Width > width {
				t.Errorf("width %v: labels touch or leave the bar: %v", width, texts(b))
			}
			end = l.Position().X + l.Size().Width
		}
		if !zero || len(b.labels) < 3 {
			t.Errorf("width %v: labels %v", width, texts(b))
		}
	}
}

func TestColorBarMarkerStandsAtTheValue(t *testing.T) {
	b := bar(t, 600)
	if b.needle.Visible() {
		t.Error("a marker without a value")
	}
	b.SetMarker(0)
	middle := b.needle.Position().X + b.needle.Size().Width/2
	if want := b.strip.Position().X + b.strip.Size().Width/2; math.Abs(float64(middle-want)) > 0.5 {
		t.Errorf("zero is marked at %v, want %v", middle, want)
	}
	b.SetMarker(99)
	if end := b.strip.Position().X + b.strip.Size().Width; b.needle.Position().X > end {
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

func TestColorBarWords(t *testing.T) {
	b := bar(t, 600)
	b.SetWords("drop in P(tank)", "")
	before := b.MinSize().Height
	b.SetWords("drop in P(tank)", "no positive evidence")
	if b.unit.Text != "drop in P(tank)" || !b.note.Visible() || b.MinSize().Height <= before {
		t.Errorf("unit %q, note %q visible %v", b.unit.Text, b.note.Text, b.note.Visible())
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
