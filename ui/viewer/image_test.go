package viewer

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// shown puts a 40×20 picture into a viewer of 400×300: ten units a pixel, the
// picture from 0, 50 to 400, 250.
func shown(t *testing.T) (*Image, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	v := NewImage("Drop a picture here")
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 300))
	v.SetBase(numbered(40, 20))
	return v, w
}

func pixelOf(w fyne.Window, x, y int) color.RGBA {
	return color.RGBAModel.Convert(w.Canvas().Capture().At(x, y)).(color.RGBA)
}

func wheel(v *Image, dy, x, y float32) {
	v.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Scrolled: fyne.NewDelta(0, dy)})
}

func TestTapReportsPicturePixels(t *testing.T) {
	v, _ := shown(t)
	var got []image.Point
	v.OnTapped = func(x, y int) { got = append(got, image.Pt(x, y)) }
	test.TapAt(v, fyne.NewPos(5, 55))
	test.TapAt(v, fyne.NewPos(399, 249))
	test.TapAt(v, fyne.NewPos(200, 20)) // beside the picture
	if len(got) != 2 || got[0] != image.Pt(0, 0) || got[1] != image.Pt(39, 19) {
		t.Errorf("taps at %v", got)
	}
}

func TestHoverFollowsThePointer(t *testing.T) {
	v, w := shown(t)
	type hover struct {
		x, y   int
		inside bool
	}
	var got []hover
	v.OnHover = func(x, y int, inside bool) { got = append(got, hover{x, y, inside}) }
	test.MoveMouse(w.Canvas(), fyne.NewPos(125, 155))
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, 10)}})
	v.MouseOut()
	want := []hover{{12, 10, true}, {0, 0, false}, {0, 0, false}}
	if len(got) != len(want) {
		t.Fatalf("hovers %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("hover %d: %v, want %v", i, got[i], want[i])
		}
	}
}

func TestWheelZoomsAroundThePointerAndDragPans(t *testing.T) {
	v, w := shown(t)
	var views []View
	v.OnViewChanged = func(view View) { views = append(views, view) }
	x0, y0, _ := v.PixelAt(fyne.NewPos(125, 155))
	wheel(v, wheelDoubling, 125, 155)
	if x, y, _ := v.PixelAt(fyne.NewPos(125, 155)); x != x0 || y != y0 || v.View().Zoom != 2 {
		t.Errorf("pixel %d, %d became %d, %d at %+v", x0, y0, x, y, v.View())
	}
	test.Drag(w.Canvas(), fyne.NewPos(125, 155), -40, 0)
	if x, _, _ := v.PixelAt(fyne.NewPos(85, 155)); x != x0 {
		t.Errorf("after the drag pixel %d is under the pointer, want %d", x, x0)
	}
	test.DoubleTap(v)
	if v.View() != fitted {
		t.Errorf("a double click shows %+v", v.View())
	}
	wheel(v, -wheelDoubling, 125, 155) // already fitted: nothing to report
	if len(views) != 3 {
		t.Errorf("views reported: %v", views)
	}
}

func TestLinkedViewsDoNotAnswer(t *testing.T) {
	v, _ := shown(t)
	v.OnViewChanged = func(View) { t.Error("SetView was reported") }
	v.SetView(View{3, 0.5, 0.5})
	if v.View().Zoom != 3 {
		t.Errorf("%+v", v.View())
	}
	v.SetBase(numbered(40, 20)) // same size: the view stays
	if v.View().Zoom != 3 {
		t.Errorf("a picture of the same size moved the view: %+v", v.View())
	}
	v.SetBase(numbered(30, 20))
	if v.View() != fitted {
		t.Errorf("a picture of another size kept the view: %+v", v.View())
	}
}

func TestPixelsOnTheScreen(t *testing.T) {
	v, w := shown(t)
	for _, at := range []image.Point{{0, 0}, {39, 19}, {20, 3}} {
		p := v.positionOf(float64(at.X), float64(at.Y))
		for _, d := range []int{1, 8} { // both edges of an enlarged pixel
			if got, want := pixelOf(w, int(p.X)+d, int(p.Y)+d), v.base.levels[0].RGBAAt(at.X, at.Y); got != want {
				t.Errorf("pixel %v shows %v, want %v", at, got, want)
			}
		}
	}
	if got := pixelOf(w, 200, 20); got == (color.RGBA{20, 0, 7, 255}) {
		t.Error("the picture reaches beyond its place")
	}
}

func TestOverlayVisibleStaleAndGone(t *testing.T) {
	v, w := shown(t)
	red := image.NewRGBA(image.Rect(0, 0, 4, 2)) // stretched to the picture
	for i := 0; i < len(red.Pix); i += 4 {
		red.Pix[i], red.Pix[i+3] = 255, 255
	}
	base := pixelOf(w, 205, 155)
	v.SetOverlay(red)
	if got := pixelOf(w, 205, 155); got != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("overlay shows %v", got)
	}
	v.SetState("old map", true)
	if got := pixelOf(w, 205, 155); got.R == 255 || got.R == base.R || !v.badge.Visible() {
		t.Errorf("a stale overlay shows %v, badge %v", got, v.badge.Visible())
	}
	v.SetState("partial map", false)
	if got := pixelOf(w, 205, 155); got != (color.RGBA{255, 0, 0, 255}) || !v.badge.Visible() || v.badge.text.Text != "partial map" {
		t.Errorf("a partial overlay shows %v, badge %q", got, v.badge.text.Text)
	}
	v.SetState("", false)
	v.SetOverlayVisible(false)
	if got := pixelOf(w, 205, 155); got != base || v.badge.Visible() {
		t.Errorf("a hidden overlay shows %v", got)
	}
	v.SetOverlayVisible(true)
	v.SetOverlay(nil)
	if got := pixelOf(w, 205, 155); got != base {
		t.Errorf("a removed overlay shows %v", got)
	}
}

func TestMarkFramesTheRegion(t *testing.T) {
	v, _ := shown(t)
	v.Mark(image.Rect(4, 2, 8, 5))
	if v.frame.Position() != fyne.NewPos(40, 70) || v.frame.Size() != fyne.NewSize(40, 30) || !v.frame.Visible() {
		t.Errorf("%v %v", v.frame.Position(), v.frame.Size())
	}
	v.Mark(image.Rectangle{})
	if v.frame.Visible() || v.halo.Visible() {
		t.Error("an empty mark stays visible")
	}
}

func TestEmptyViewerSaysWhatToDo(t *testing.T) {
	v, w := shown(t)
	if v.empty.Visible() {
		t.Error("the words stay over the picture")
	}
	v.SetBase(nil)
	if !v.empty.Visible() || v.base.object.Visible() {
		t.Error("without a picture there are no words")
	}
	v.SetOverlay(numbered(4, 4)) // without a picture nothing to lay it over
	if v.overlay.object.Visible() {
		t.Error("an overlay without a picture is visible")
	}
	wheel(v, 50, 10, 10)
	v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(5, 5)})
	test.TapAt(v, fyne.NewPos(10, 10))
	v.SetEmptyText("Nothing here")
	if v.empty.Text != "Nothing here" || w.Content() == nil {
		t.Error("the words did not change")
	}
}
