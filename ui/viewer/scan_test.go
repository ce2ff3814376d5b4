package viewer

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func press(v *Image, b desktop.MouseButton, m fyne.KeyModifier, x, y float32) {
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: b, Modifier: m})
}

func drag(v *Image, x, y, dx, dy float32) {
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Dragged: fyne.NewDelta(dx, dy)})
}

func TestScanHands(t *testing.T) {
	v, _ := shown(t)
	v.SetHands(ScanHands)
	var across, down float32
	var slices []int
	v.OnWindow = func(a, d float32) { across, down = across+a, down+d }
	v.OnSlices = func(n int) { slices = append(slices, n) }

	press(v, desktop.MouseButtonPrimary, 0, 100, 100)
	drag(v, 110, 95, 10, -5)
	v.DragEnd()
	if across != 10 || down != -5 || v.View() != fitted {
		t.Errorf("a left drag gave window %v, level %v, view %+v", across, down, v.View())
	}
	wheel(v, -wheelSlice/2.0, 100, 100)
	wheel(v, -wheelSlice/2.0, 100, 100)
	wheel(v, 2*wheelSlice, 100, 100)
	if len(slices) != 2 || slices[0] != 1 || slices[1] != -2 || v.View() != fitted {
		t.Errorf("the wheel gave slices %v, view %+v", slices, v.View())
	}
	press(v, desktop.MouseButtonSecondary, 0, 200, 200)
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(200, 200-dragDoubling)}, Button: desktop.MouseButtonSecondary})
	v.MouseUp(nil)
	if v.View().Zoom != 2 {
		t.Errorf("a right drag zoomed to %v", v.View().Zoom)
	}
	at := v.View().CenterX
	press(v, desktop.MouseButtonTertiary, 0, 200, 200)
	drag(v, 180, 200, -20, 0)
	v.DragEnd()
	if v.View().CenterX <= at || across != 10 {
		t.Error("a middle drag does not move the picture")
	}
}

func TestRegionIsDrawnInPicturePixels(t *testing.T) {
	v, _ := shown(t)
	v.SetTurn(Turn{Mirrored: true})
	var got image.Rectangle
	done := 0
	v.OnRegion = func(r image.Rectangle, whole bool) {
		got = r
		if whole {
			done++
		}
	}
	press(v, desktop.MouseButtonPrimary, fyne.KeyModifierShift, 5, 55)
	drag(v, 95, 1000, 90, 945) // beyond the lower edge
	v.DragEnd()
	if want := image.Rect(30, 0, 40, 20); got != want || done != 1 {
		t.Errorf("region %v, want %v (%d)", got, want, done)
	}
}

func TestPixelsOfATurnedPictureWithTallPixels(t *testing.T) {
	v, _ := shown(t) // 40×20 in 400×300
	v.SetAspect(2)   // 40×40 square units: 7.5 a column, 15 a row, from 50, 0
	if x, y, in := v.PixelAt(fyne.NewPos(50+7.5*39+1, 15*19+1)); x != 39 || y != 19 || !in {
		t.Errorf("the last pixel is %d, %d, %v", x, y, in)
	}
	v.SetTurn(Turn{Quarters: 1}) // the first column is the uppermost row, seen from the right
	if x, y, in := v.PixelAt(fyne.NewPos(350-1, 1)); x != 0 || y != 0 || !in {
		t.Errorf("turned, the first pixel is %d, %d, %v", x, y, in)
	}
	if p := v.positionOf(0, 0); p != fyne.NewPos(350, 0) {
		t.Errorf("turned, its corner lies at %v", p)
	}
	v.Mark(image.Rect(0, 0, 4, 2))
	if v.frame.Position() != fyne.NewPos(320, 0) || v.frame.Size() != fyne.NewSize(30, 30) {
		t.Errorf("the mark lies at %v, %v", v.frame.Position(), v.frame.Size())
	}
	for _, at := range []fyne.Position{{X: 49, Y: 10}, {X: 351, Y: 10}} {
		if _, _, in := v.PixelAt(at); in {
			t.Errorf("%v is inside", at)
		}
	}
}

func TestScaleBarIsARoundLength(t *testing.T) {
	for v, want := range map[float64]float64{0.7: 0.5, 1: 1, 4.9: 2, 5: 5, 99: 50, 230: 200} {
		if got := round125(v); got != want {
			t.Errorf("%v gives %v, want %v", v, got, want)
		}
	}
	v, _ := shown(t)
	v.SetNotes(Notes{Spacing: [2]float64{0.5, 0.5}, Letters: [4]string{"R", "L"}})
	from, to := v.notes.scale.light.Position1, v.notes.scale.light.Position2
	if v.notes.label.light.Text != "5 mm" || to.X-from.X != 100 { // ten pixels of ten units
		t.Errorf("%q over %v units", v.notes.label.light.Text, to.X-from.X)
	}
	if !v.notes.edges[0].light.Visible() || v.notes.edges[2].light.Visible() {
		t.Error("known letters are not shown, or unknown ones are")
	}
	v.SetNotes(Notes{})
	if v.notes.scale.light.Visible() {
		t.Error("a scale without spacing")
	}
}
