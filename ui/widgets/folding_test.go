package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// Ranks give way from the highest to the lowest and from the right, what has rank 0
// and the room beside the row never; what is kept away takes no room.
func TestFoldingGivesWayByRank(t *testing.T) {
	test.NewTempApp(t)
	block := func() fyne.CanvasObject {
		r := canvas.NewRectangle(nil)
		r.SetMinSize(fyne.NewSize(40, 20))
		return r
	}
	const room = 100
	f, objects := NewFolding(room, block()), make([]fyne.CanvasObject, 5)
	for i, rank := range []int{0, 2, 1, 2, 0} {
		objects[i] = block()
		f.Add(objects[i], rank)
	}
	each := 40 + theme.Padding()
	if got := f.Box.MinSize().Width; got != room+2*each {
		t.Errorf("needs %g, want the room and two objects", got)
	}
	shown := func(width float32) []bool {
		f.Box.Resize(fyne.NewSize(width, 40))
		var list []bool
		for _, o := range objects {
			list = append(list, o.Visible())
		}
		if f.rest.Size().Width < room {
			t.Errorf("at %g the rest has %g", width, f.rest.Size().Width)
		}
		return list
	}
	for n, want := range map[int][]bool{
		5: {true, true, true, true, true},
		4: {true, true, true, false, true},
		3: {true, false, true, false, true},
		2: {true, false, false, false, true},
	} {
		if got := shown(room + float32(n)*each); !slices.Equal(got, want) {
			t.Errorf("room for %d: %v, want %v", n, got, want)
		}
	}
	f.Keep(objects[4], false)
	if got := shown(room + 4*each); !slices.Equal(got, []bool{true, true, true, true, false}) {
		t.Errorf("one kept away: %v", got)
	}
	f.Keep(objects[4], true)
	if got := shown(room + 5*each); !slices.Contains(got, true) || slices.Contains(got, false) {
		t.Errorf("back again: %v", got)
	}
}
