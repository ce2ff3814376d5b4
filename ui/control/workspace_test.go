package control

import (
	"testing"
	"time"
)

// In another workspace pictures are answered and nothing is explained; back in
// Explain the map of the picture that is current then comes.
func TestExplanationsRestInOtherWorkspaces(t *testing.T) {
	bubble(t, func(d *desk) {
		d.opened()
		d.q.pass(10 * time.Second)
		before := d.first.runs()
		d.SetWorkspace(Inside)
		d.AddPicture(grey("black", 20))
		d.q.pass(10 * time.Second)
		second := d.State().Images[1].ID
		if k := d.State().Look; !k.Answered() || k.ID != second {
			t.Fatalf("looks at %+v, want an answer for the second picture", k)
		}
		if p := d.State().Panel(); p.Status != Empty || !p.Stale || d.first.runs() != before {
			t.Errorf("status %v, stale %v, %d runs, want the old map, marked, and none but the first %d", p.Status, p.Stale, d.first.runs(), before)
		}
		d.SetWorkspace(Explain)
		d.q.pass(10 * time.Second)
		if p := d.State().Panel(); p.Status != Ready || p.Stale || p.Shown().ID != second {
			t.Errorf("back: status %v, stale %v", p.Status, p.Stale)
		}
	})
}
