package control

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/mask"
)

// Regions are drawn, named, taken away, undone and done again, and the test of
// the map follows each change without covering the picture again.
func TestRegionsAreDrawn(t *testing.T) {
	trustDesk(t, func(d *desk, m mirrorMethod, model *plainModel) {
		d.OpenTrust(true)
		d.q.pass(time.Second)
		box := func(x0, y0, x1, y1 float64) mask.Rectangle {
			return mask.Rectangle{A: mask.Point{X: x0, Y: y0}, B: mask.Point{X: x1, Y: y1}}
		}
		area := func() float64 {
			d.q.pass(time.Second)
			r := d.State().Trust.Found
			if r == nil || r.Region == nil || r.Cover == nil {
				return -1
			}
			return float64(r.Region.Area)
		}
		d.DrawRegion(box(0, 0, 8, 4), false)
		if a := area(); a != .5 {
			t.Errorf("area %g", a)
		}
		before := d.State().Trust.Found.Cover
		d.NameRegion("lesion")
		d.DrawRegion(box(0, 6, 8, 8), false)
		d.DrawRegion(box(0, 0, 8, 2), true)
		if r := d.Regions(); area() != .5 || !slices.Equal(r.Names, []string{"region", "lesion"}) || r.Area(1) != 16 || r.Area(2) != 16 {
			t.Errorf("area %g of %+v", area(), r)
		}
		if d.State().Trust.Found.Cover != before {
			t.Error("the picture was covered again for a region")
		}
		if d.State().Undo != "Erase a part of the regions" {
			t.Errorf("to be undone: %q", d.State().Undo)
		}
		d.Undo()
		if area() != .75 {
			t.Errorf("undone: %g", area())
		}
		d.Undo()
		d.Undo()
		if d.Regions() != nil || d.State().Trust.Region != nil {
			t.Error("a region stays when all is undone")
		}
		d.Redo()
		if area() != .5 {
			t.Errorf("done again: %g", area())
		}
		path := filepath.Join(t.TempDir(), "regions.json")
		d.SaveRegions(path)
		d.q.pass(time.Second)
		d.RemoveRegions()
		d.OpenRegion(path)
		if area() != .5 || !slices.Equal(d.Regions().Names, []string{"region"}) {
			t.Errorf("read again: %g, %+v", area(), d.Regions())
		}
		d.RemoveRegions()
		if d.Regions() != nil {
			t.Error("a region stays")
		}
		if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		d.OpenRegion(path)
		d.q.pass(time.Second)
		if n := d.State().Notice; n == nil || n.Err == nil || !strings.Contains(n.Err.Error(), "neither images nor annotations") {
			t.Errorf("notice %+v", n)
		}
	})
}
