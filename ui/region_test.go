package ui

import (
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"picasso/backend/score"
	"picasso/ui/control"
)

func (m *shades) SetRegion(r score.Region) error {
	m.answer.Area = r.Box
	return nil
}

func TestRegionIsDrawnWithShift(t *testing.T) {
	b := newBench(t)
	b.model.answer = control.Answer{Kind: score.Segmentation, Columns: 4, Rows: 4, Region: "all"}
	b.explained()
	v := b.Window.picture.image
	size := b.c.State().Look.Shown.Rect.Size()
	from, to := v.PositionOf(0, 0), v.PositionOf(size.X/2, size.Y/4)
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: from}, Button: desktop.MouseButtonPrimary, Modifier: fyne.KeyModifierShift})
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}, Dragged: fyne.NewDelta(to.X-from.X, to.Y-from.Y)})
	v.DragEnd()
	b.ready(2)
	if want := []int{0, 0, 2, 1}; !slices.Equal(b.model.answer.Area, want) {
		t.Fatalf("the region is %v, want %v", b.model.answer.Area, want)
	}
	if got, want := b.Window.picture.region(), image.Rect(0, 0, size.X/2, size.Y/4); got != want {
		t.Errorf("framed %v, want %v", got, want)
	}
	b.Window.escape()
	b.ready(3)
	if b.model.answer.Area != nil || !b.Window.picture.region().Empty() {
		t.Errorf("Esc leaves the region %v", b.model.answer.Area)
	}
	b.model.answer.Kind = score.Classes
	b.Window.picture.showLook()
	if v.OnRegion != nil {
		t.Error("a region can be drawn for a model of classes")
	}
}
