package explain

import (
	"image"
	"picasso/backend/score"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestRegionIsDrawnWithShift(t *testing.T) {
	b := newBench(t)
	b.Model.Known.Output = score.Output{Kind: score.Segmentation, Classes: 2, Axis: 1, Shape: []int{1, 2, 4, 4}}
	b.Explained()
	v := b.Workspace.Picture.image
	size := b.C.State().Look.Shown.Rect.Size()
	side := min(v.Size().Width, v.Size().Height) // of the square picture, in the middle
	at := func(x, y float32) fyne.Position {
		return fyne.NewPos((v.Size().Width-side)/2+x*side, (v.Size().Height-side)/2+y*side)
	}
	from, to := at(0, 0), at(0.5, 0.25)
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: from}, Button: desktop.MouseButtonPrimary, Modifier: fyne.KeyModifierShift})
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}, Dragged: fyne.NewDelta(to.X-from.X, to.Y-from.Y)})
	v.DragEnd()
	b.Ready(2)
	if want := []int{0, 0, 2, 1}; !slices.Equal(b.Model.Known.Output.Region.Box, want) {
		t.Fatalf("the region is %v, want %v", b.Model.Known.Output.Region.Box, want)
	}
	if got, want := b.Workspace.Picture.region(), image.Rect(0, 0, size.X/2, size.Y/4); got != want {
		t.Errorf("framed %v, want %v", got, want)
	}
	b.Workspace.Picture.ClearRegion()
	b.Ready(3)
	if b.Model.Known.Output.Region.Box != nil || !b.Workspace.Picture.region().Empty() {
		t.Errorf("it leaves the region %v", b.Model.Known.Output.Region.Box)
	}
	b.Model.Known.Output.Kind = score.Classes
	b.Workspace.Picture.showLook()
	if v.OnRegion != nil {
		t.Error("a region can be drawn for a model of classes")
	}
}
