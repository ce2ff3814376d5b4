package audit

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Points lie from the lower left to the upper right: a rectangle takes those inside.
func TestARectangleOfThePlaneChoosesItsPictures(t *testing.T) {
	test.NewTempApp(t)
	var took []int
	c := newCloud(nil, func(rows []int) { took = rows })
	c.Resize(fyne.NewSize(200, 200))
	c.set([]point{{row: 7, x: 0, y: 0}, {row: 3, x: 1, y: 1}, {row: 5, x: 0.5, y: 0.5}})
	drag := func(from, to fyne.Position) {
		took = nil
		c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}, Dragged: fyne.NewDelta(to.X-from.X, to.Y-from.Y)})
		if c.band.Size().IsZero() {
			t.Error("no rectangle is drawn")
		}
		c.DragEnd()
	}
	if drag(fyne.NewPos(0, 90), fyne.NewPos(110, 199)); !slices.Equal(took, []int{7, 5}) {
		t.Errorf("the lower left half holds %v, want 7 and 5", took)
	}
	if drag(fyne.NewPos(199, 0), fyne.NewPos(150, 40)); !slices.Equal(took, []int{3}) || !c.band.Size().IsZero() {
		t.Errorf("the upper right corner holds %v, want 3", took)
	}
	if p, ok := c.nearest(fyne.NewPos(12, 188)); !ok || p.row != 7 {
		t.Errorf("in the lower left lies %+v", p)
	}
	if _, ok := c.nearest(fyne.NewPos(10, 10)); ok {
		t.Error("something lies in the empty corner")
	}
}
