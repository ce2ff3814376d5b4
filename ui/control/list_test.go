package control

import (
	"image"
	"testing"
	"time"

	"picasso/ui/drawing"
)

func TestLaneScoresTheOthersWhenIdle(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.AddPicture(grey("odd", 20))
		d.AddPicture(grey("b", 250))
		d.q.pass(500 * time.Millisecond)
		if d.State().Images[1].Best != nil {
			t.Error("the lane did not wait for the current picture")
		}
		d.q.pass(30 * time.Second)
		s := d.State()
		if s.Images[1].Best == nil || s.Images[1].Best[0].Name != "black" || d.Thumb(s.Images[1]) == nil {
			t.Errorf("first other picture: %+v", s.Images[1])
		}
		if s.Images[2].Err == nil || d.Thumb(s.Images[2]) == nil {
			t.Error("a picture that does not fit must say so and still be seen")
		}
		calls := d.models["m.onnx"].calls.Load()
		d.q.pass(30 * time.Second)
		if d.models["m.onnx"].calls.Load() != calls {
			t.Error("the lane never rests")
		}
	})
}

func TestRemoveKeepsTheSelection(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.AddPicture(grey("b", 250))
		d.q.pass(30 * time.Second)
		d.Remove(0)
		if s := d.State(); s.Current != 1 || s.Images[s.Current].Name != "b" {
			t.Errorf("current %d of %d", s.Current, len(s.Images))
		}
		d.Remove(1)
		d.q.pass(30 * time.Second)
		if s := d.State(); s.Current != 0 || s.Look == nil || s.Look.ID != s.Images[0].ID {
			t.Errorf("after removing the current one: %d, look %v", s.Current, s.Look)
		}
		d.Remove(0)
		d.q.pass(time.Second)
		if s := d.State(); s.Current != -1 || s.Look != nil || s.Panel().Result != nil {
			t.Errorf("an empty list still shows %v", s.Look)
		}
	})
}

func TestProbeShowsTheCoveredPicture(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		if !d.ProbeAt(3, 3) || d.State().Probe.Ranked[0].Name != "black" {
			t.Fatalf("probe %+v", d.State().Probe)
		}
		d.ProbeAt(4, 4)
		if d.State().Probe != nil {
			t.Error("the same window again must close the probe")
		}
		if d.ProbeAt(-1, 3) {
			t.Error("there is no window outside the picture")
		}
	})
}

func TestGridHasOneScale(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.q.pass(30 * time.Second)
		d.SelectTab(1)
		d.q.pass(30 * time.Second)
		_ = d.SetValue(1, "steps", 3)
		d.OpenGrid()
		d.q.pass(30 * time.Second)
		g := d.State().Grid
		if g == nil || g.Done != 2 || len(g.Rows[1].Extents) != 2 {
			t.Fatalf("grid %+v", g)
		}
		if g.Range != (drawing.Range{Lo: -3, Hi: 3}) {
			t.Errorf("scale %v, want −3…3", g.Range)
		}
		d.CloseGrid()
		d.q.pass(30 * time.Second)
		if d.State().Grid != nil || d.State().Panel().Status != Ready {
			t.Error("closing the table did not bring the picture back")
		}
	})
}

func TestStopEndsTheGrid(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.AddPicture(grey("a", 10))
		d.q.pass(30 * time.Second)
		d.SelectTab(1)
		d.OpenGrid()
		d.q.pass(1500 * time.Millisecond)
		if !d.Busy() {
			t.Fatal("the table is being filled, yet nothing is busy")
		}
		d.Controller.Stop()
		d.q.pass(30 * time.Second)
		if g := d.State().Grid; g == nil || g.Done != 0 || d.Busy() {
			t.Errorf("grid %+v busy %v", g, d.Busy())
		}
	})
}

func TestLargePicturesAreNotKept(t *testing.T) {
	var l looks
	for i := range 20 {
		l.put(&Look{ID: i, Image: grey("small", 1), Shown: image.NewRGBA(image.Rect(0, 0, 8, 8))})
	}
	if len(l.list) != keptLooks || l.list[0].ID != 19 {
		t.Errorf("%d small pictures kept", len(l.list))
	}
	huge := &image.RGBA{Pix: make([]uint8, 300<<20), Stride: 4, Rect: image.Rect(0, 0, 1, 1)}
	for i := range 3 {
		l.put(&Look{ID: 100 + i, Image: grey("huge", 1), Shown: huge})
	}
	if len(l.list) != 1 || l.get(frame{picture: 102}) == nil {
		t.Errorf("%d huge pictures kept, want the newest", len(l.list))
	}
}
