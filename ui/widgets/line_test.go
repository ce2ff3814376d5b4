package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestALineSaysWhatFits(t *testing.T) {
	test.NewTempApp(t)
	l := NewLine()
	ways := []string{"all that there is to say", "what is short", "bit"}
	l.Say(ways...)
	for _, way := range append(slices.Clone(ways), ways[0]) { // narrower, then wide again
		width := fyne.MeasureText(way, theme.TextSize(), l.TextStyle).Width + 2*theme.InnerPadding()
		if l.Resize(fyne.NewSize(width+1, 30)); l.Text != way {
			t.Errorf("in %v pixels it says %q, want %q", width+1, l.Text, way)
		}
	}
	if l.Resize(fyne.NewSize(4, 30)); l.Text != "bit" {
		t.Errorf("where nothing fits it says %q, of which the end is cut off", l.Text)
	}
	if l.MinSize().Width > 40 {
		t.Errorf("it asks for a width of %v", l.MinSize().Width)
	}
	if got := Dropping([]string{"a", "b", "c"}, " · "); !slices.Equal(got, []string{"a · b · c", "a · b", "a"}) {
		t.Errorf("dropping gives %q", got)
	}
}
