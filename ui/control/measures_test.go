package control

import (
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/backend/picture/measure"
)

func shape(kind measure.Kind, x0, y0, x1, y1 float64) measure.Shape {
	return measure.Shape{Kind: kind, Points: [][2]float64{{x0, y0}, {x1, y1}}}
}

func TestMeasurementsStayOnTheirSlices(t *testing.T) {
	bubble(t, func(d *desk) {
		d.scanned(3)
		d.q.pass(time.Second)
		d.Draw(0, shape(measure.Length, 0, 0, 1, 1), false)
		if list := d.Measures(); len(list) != 1 || list[0].ID != 0 {
			t.Fatalf("while it is drawn %+v", list)
		}
		d.Draw(0, shape(measure.Length, 0, 0, 3, 4), true)
		d.Draw(0, shape(measure.Rectangle, 0, 0, 8, 8), true)
		d.Draw(0, measure.Shape{}, true) // abandoned
		list := d.Measures()
		if len(list) != 2 || list[0].Reading.Length != 10 || list[1].Reading.Values[0].Mean != -1000 || list[1].Reading.Unit != "HU" || !list[1].Chosen {
			t.Fatalf("%+v", list)
		}
		d.SelectSlice(1)
		d.q.pass(time.Second)
		if len(d.Measures()) != 0 || d.State().Chosen != 0 {
			t.Errorf("another slice has %+v", d.Measures())
		}
		d.Draw(0, shape(measure.Ellipse, 0, 0, 8, 8), true)
		if d.State().Undo != "Draw the ellipse on slice 2" {
			t.Errorf("undo says %q", d.State().Undo)
		}
		d.SelectSlice(0)
		d.q.pass(time.Second)
		if got := d.Measures(); len(got) != 2 || got[0].ID != list[0].ID {
			t.Errorf("back on the slice there are %+v", got)
		}
		d.Undo() // what is on another slice
		d.SelectSlice(1)
		d.q.pass(time.Second)
		if len(d.Measures()) != 0 {
			t.Error("the ellipse is not undone")
		}
	})
}

func TestMeasurementsAreChangedRemovedAndUndone(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(time.Second)
		d.Draw(0, shape(measure.Length, 0, 0, 3, 4), true)
		id := d.Measures()[0].ID
		for i := range 5 { // one drag
			d.Draw(id, shape(measure.Length, 0, 0, 3, float64(10+i)), i == 4)
		}
		if d.State().Undo != "Change the length" {
			t.Errorf("undo says %q", d.State().Undo)
		}
		d.Undo()
		if r := d.Measures()[0].Reading; r.Length != 5 || r.Scale.Unit() != "px" {
			t.Errorf("%+v", r)
		}
		d.Redo()
		d.ChooseMeasure(id)
		if !d.RemoveMeasure() || len(d.Measures()) != 0 || d.RemoveMeasure() {
			t.Errorf("%+v", d.Measures())
		}
		d.Undo()
		d.Draw(0, shape(measure.Rectangle, 0, 0, 2, 2), true)
		d.RemoveMeasures()
		if len(d.Measures()) != 0 || d.State().Undo != "Remove all measurements" {
			t.Errorf("%+v", d.Measures())
		}
		d.Undo()
		if list := d.Measures(); len(list) != 2 || list[0].Shape.Points[1][1] != 14 || list[1].Reading.Values[0].Mean != 200 {
			t.Errorf("%+v", list)
		}
		for range 2 * mostShapes {
			d.Draw(0, shape(measure.Length, 0, 0, 1, 1), true)
		}
		if len(d.Measures()) != mostShapes || d.State().Notice == nil {
			t.Errorf("%d measurements", len(d.Measures()))
		}
	})
}

// Large shapes are counted in the background, and say nothing until then.
func TestLargeShapesAreCountedLater(t *testing.T) {
	bubble(t, func(d *desk) {
		d.Open("m.onnx")
		d.q.pass(time.Second)
		const side = 1024
		px := make([]float32, side*side)
		for i := range px {
			px[i] = 7
		}
		d.AddPicture(picture.NewFloat("large", side, side, 1, px))
		d.q.pass(5 * time.Second)
		d.Draw(0, shape(measure.Rectangle, 0, 0, side, side), true)
		if list := d.Measures(); len(list[0].Reading.Values) != 0 || list[0].Reading.Area != side*side {
			t.Errorf("%+v", list)
		}
		d.view.events = nil
		d.q.settle()
		if list := d.Measures(); d.view.count(MeasuresChanged) == 0 || list[0].Reading.Values[0].N != side*side || list[0].Reading.Values[0].SD != 0 {
			t.Errorf("%+v", list)
		}
	})
}
