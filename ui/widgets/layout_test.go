package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestBetweenGrowsOnlySoFar(t *testing.T) {
	test.NewTempApp(t)
	list := NewSelect([]string{"a name that is longer than the place of it"}, nil)
	box := Between(60, 200, list)
	if w := box.MinSize().Width; w != 60 {
		t.Errorf("it asks for %v", w)
	}
	for room, want := range map[float32]float32{60: 60, 150: 150, 1200: 200} {
		if box.Resize(fyne.NewSize(room, 40)); list.Size().Width != want || list.Position().X != 0 {
			t.Errorf("in %v pixels it is %v wide, at %v", room, list.Size().Width, list.Position().X)
		}
	}
}
