package viewer

import (
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// A viewer shows ten units a pixel, from 0, 50.
func TestRegionsArePainted(t *testing.T) {
	k := keeping(t)
	var got []Paint
	k.v.OnPaint = func(p Paint) { got = append(got, p) }
	last := func() Paint {
		if len(got) == 0 {
			return Paint{}
		}
		return got[len(got)-1]
	}

	k.v.SetTool(RegionBoxTool)
	k.pull(0, 10, 60, 50, 90)
	if p := last(); p.Tool != RegionBoxTool || p.Erase || !slices.Equal(p.Points, [][2]float64{{1, 1}, {5, 4}}) {
		t.Errorf("a box: %+v", p)
	}
	k.pull(fyne.KeyModifierAlt, 10, 60, 50, 90)
	if p := last(); !p.Erase {
		t.Errorf("with Alt: %+v", p)
	}
	k.pull(0, 10, 60, 10, 60)
	if len(got) != 2 {
		t.Errorf("a box without an inside: %+v", last())
	}

	k.v.SetTool(BrushTool)
	press(k.v, desktop.MouseButtonPrimary, 0, 20, 70)
	k.v.MouseUp(nil)
	if p := last(); p.Tool != BrushTool || !slices.Equal(p.Points, [][2]float64{{2, 2}}) {
		t.Errorf("a dab: %+v", p)
	}
	press(k.v, desktop.MouseButtonPrimary, 0, 20, 70)
	drag(k.v, 40, 70, 20, 0)
	drag(k.v, 40, 71, 0, 1) // too near to be a point of its own
	drag(k.v, 40, 90, 0, 19)
	k.v.MouseUp(nil)
	if p := last(); !slices.Equal(p.Points, [][2]float64{{2, 2}, {4, 2}, {4, 4}}) {
		t.Errorf("a way: %+v", p)
	}

	k.v.SetTool(PolygonTool)
	count := len(got)
	click := func(x, y float32) {
		press(k.v, desktop.MouseButtonPrimary, 0, x, y)
		k.v.MouseUp(nil)
	}
	click(10, 60)
	click(50, 60)
	click(50, 90)
	if len(got) != count || len(k.v.draft()) == 0 {
		t.Error("a polygon is open until it is closed")
	}
	click(12, 62)
	if p := last(); len(got) != count+1 || !slices.Equal(p.Points, [][2]float64{{1, 1}, {5, 1}, {5, 4}}) {
		t.Errorf("a polygon: %+v", p)
	}
	click(10, 60)
	if !k.v.AbandonFigure() || len(k.v.draft()) != 0 || k.v.AbandonFigure() {
		t.Error("a polygon is abandoned once")
	}
	if k.taps != 0 || len(k.list) != 0 {
		t.Errorf("%d clicks, figures %v", k.taps, k.list)
	}
}

func TestRegionsLieOverThePicture(t *testing.T) {
	v, _ := shown(t)
	v.SetRegions(image.NewRGBA(image.Rect(0, 0, v.picture.width, v.picture.height)))
	if v.regions.object.Hidden || v.regions.object.Size() != v.base.object.Size() || v.regions.object.Position() != v.base.object.Position() {
		t.Errorf("%v at %v, the picture %v at %v", v.regions.object.Size(), v.regions.object.Position(), v.base.object.Size(), v.base.object.Position())
	}
	v.SetRegions(nil)
	if !v.regions.object.Hidden {
		t.Error("removed regions still show")
	}
}
