package control

import (
	"testing"
	"time"
)

// Each kind of work that the user waits for counts as busy, is ended by one
// Stop, and lets the lane go on.
func TestStopEndsWhatTheUserWaitsFor(t *testing.T) {
	kinds := map[string]func(d *desk){
		"opening": func(d *desk) { d.Open("other.onnx") },
		"reading": func(d *desk) { d.Drop([]string{t.TempDir()}) },
		"table":   func(d *desk) { d.Stop(); d.OpenGrid(d.State().Panel()) },
		"run":     func(d *desk) { d.Rerun(); d.q.settle() },
	}
	for name, begin := range kinds {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(d *desk) {
				d.opened()
				d.q.pass(10 * time.Second)
				if d.Busy() {
					t.Fatal("busy at rest")
				}
				begin(d)
				if !d.Busy() {
					t.Error("not busy while the user waits")
				}
				d.Stop()
				if d.Busy() || d.foreground() {
					t.Errorf("after Stop: busy %v, in the way of the lane %v", d.Busy(), d.foreground())
				}
				d.AddPicture(grey("black", 0))
				d.q.pass(10 * time.Second)
				if best := d.State().Images[1].Best; len(best) == 0 {
					t.Error("a picture added after Stop got no answer")
				}
			})
		})
	}
}
