package control

import (
	"fmt"
	"testing"
	"time"

	"picasso/ui/control/kept"
	"picasso/ui/control/listing"
)

// tabled has a model, n pictures and their answers, and shows the table of the
// second method, which takes a second a step.
func tabled(d *desk, n, steps int) *Grid {
	d.opened()
	for i := range n - 1 {
		d.AddPicture(grey(fmt.Sprint(i), float32(10*i%251)))
	}
	d.q.pass(time.Minute)
	d.SelectTab(1)
	d.q.pass(10 * time.Second)
	_ = d.SetValue(1, "steps", steps)
	d.q.pass(time.Minute)
	d.OpenGrid(d.State().Panel())
	return d.State().Grid
}

// Rows on the screen are computed at once; all of them only when that takes no
// more than a minute, or when it is wanted.
func TestTableAsksBeforeItTakesLong(t *testing.T) {
	bubble(t, func(d *desk) {
		g := tabled(d, 40, 3)
		for i := range 4 {
			d.WantRow(g.Rows[i])
		}
		d.WantRow(g.Rows[30])
		d.q.pass(time.Minute)
		for i, row := range g.Rows {
			if want := i < 4 || i == 30; row.Known() != want {
				t.Errorf("row %d: known %v, want %v", i, row.Known(), want)
			}
		}
		if left := d.GridLeft(); d.Filling() || left < 100*time.Second || left > 110*time.Second {
			t.Errorf("filling %v, %v left, want 35 rows of 3 s", d.Filling(), left)
		}
		d.WantRow(g.Rows[20]) // scrolled to
		d.q.pass(4 * time.Second)
		if !g.Rows[20].Known() || d.Filling() {
			t.Error("a row that comes on the screen is not computed")
		}
		d.ContinueGrid()
		d.q.pass(2 * time.Minute)
		if g.Done != 40 || d.Filling() || d.GridLeft() != 0 {
			t.Errorf("%d of 40 rows, filling %v", g.Done, d.Filling())
		}
	})
}

// After Stop nothing is computed, scrolled to or not, until it is wanted again.
func TestTableRestsAfterAStop(t *testing.T) {
	bubble(t, func(d *desk) {
		g := tabled(d, 5, 1)
		d.q.pass(1500 * time.Millisecond)
		d.Controller.Stop()
		done := g.Done
		d.WantRow(g.Rows[4])
		d.q.pass(time.Minute)
		if g.Done != done || g.Now != nil || d.Filling() {
			t.Errorf("stopped at %d rows, now %d", done, g.Done)
		}
		d.ContinueGrid()
		d.q.pass(time.Minute)
		if g.Done != 5 {
			t.Errorf("gone on, %d of 5 rows", g.Done)
		}
	})
}

// Maps that were driven out are computed again when their row comes back on the
// screen, and count once.
func TestTableKeepsWithinItsBound(t *testing.T) {
	bubble(t, func(d *desk) {
		g := tabled(d, 6, 1)
		one := kept.ShrinkMap(*d.State().Panel().Map)
		g.maps = kept.NewCache[*GridRow](5*one.Bytes(), func(maps []*kept.Map) (n int) {
			for _, m := range maps {
				n += m.Bytes()
			}
			return n
		})
		d.q.pass(time.Minute)
		if g.Done != 6 {
			t.Fatalf("%d rows", g.Done)
		}
		in := 0
		for _, row := range g.Rows {
			if _, ok := d.GridMaps(row); ok {
				in++
			}
		}
		if in != 2 { // of two classes each
			t.Errorf("%d rows in memory, want 2", in)
		}
		runs := d.second.runs()
		d.WantRow(g.Rows[0])
		d.q.pass(5 * time.Second)
		open, ok := d.GridMaps(g.Rows[0])
		if !ok || d.second.runs() != runs+1 || g.Done != 6 {
			t.Fatalf("scrolled back: in memory %v, %d runs, %d done", ok, d.second.runs()-runs, g.Done)
		}
		if shown, maps := open(); shown == nil || len(maps) != 2 || maps[0].Values[0] != 1 {
			t.Errorf("scrolled back: %v, %+v", shown, maps)
		}
	})
}

// A table belongs to its settings, its score and the list.
func TestTableFollowsWhatItShows(t *testing.T) {
	bubble(t, func(d *desk) {
		tabled(d, 3, 1)
		d.q.pass(10 * time.Second)
		d.ArrangeGrid(listing.Listing{By: listing.Confidence})
		before := d.State().Grid
		_ = d.SetValue(1, "steps", 2)
		d.q.pass(30 * time.Second)
		g := d.State().Grid
		if g == before || g.Done != 3 || g.Range.Hi != 2 || g.Listing.By != listing.Confidence {
			t.Errorf("after a change of settings: %+v", g)
		}
		d.Remove(0)
		if len(g.Rows) != 2 || g.Done != 2 {
			t.Errorf("a picture was removed: %d rows, %d done", len(g.Rows), g.Done)
		}
		d.AddPicture(grey("late", 99))
		if len(g.Rows) != 3 || g.Done != 2 {
			t.Errorf("a picture was added: %d rows, %d done", len(g.Rows), g.Done)
		}
		d.q.pass(20 * time.Second)
		if g.Done != 3 || g.Rows[2].Classes == nil {
			t.Errorf("its row: %+v", g.Rows[2])
		}
		d.Open("logits.onnx")
		d.q.pass(20 * time.Second)
		now := d.State().Grid
		if now == g || now == nil || now.Done != 3 {
			t.Errorf("another model: %+v", now)
		}
		d.OpenGrid(d.State().Panels[0])
		d.q.pass(20 * time.Second)
		if now := d.State().Grid; now.Panel != d.State().Panels[0] || now.Done != 3 {
			t.Errorf("another method: %s", now.Panel.Info.ID)
		}
	})
}

// A table that was left is there again with all its rows, but for what is another slice
// or has another name since; with other settings it begins anew.
func TestTableThatWasLeftIsThereAgain(t *testing.T) {
	bubble(t, func(d *desk) {
		g := tabled(d, 3, 1)
		d.q.pass(10 * time.Second)
		runs := d.second.runs()
		d.CloseGrid()
		d.AddPicture(grey("late", 99))
		d.q.pass(10 * time.Second)
		d.OpenGrid(g.Panel)
		if now := d.State().Grid; now != g || g.Done != 3 || len(g.Rows) != 4 {
			t.Errorf("%d of %d rows", g.Done, len(g.Rows))
		}
		d.q.pass(10 * time.Second)
		if g.Done != 4 || d.second.runs() > runs+2 { // the late one, and its map in Explain
			t.Errorf("%d rows after %d further runs", g.Done, d.second.runs()-runs)
		}
		d.CloseGrid()
		_ = d.SetValue(1, "steps", 2)
		d.OpenGrid(g.Panel)
		if d.State().Grid == g {
			t.Error("other settings have the old table")
		}
	})
}
