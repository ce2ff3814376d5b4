package insight

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/fixtures/nodule"
)

// Channels of a volume are shown on the slice that is looked at, and a cell sees a box of
// it.
func TestInsideVolumes(t *testing.T) {
	folder := t.TempDir()
	data, err := nodule.Network([3]int{24, 40, 48}, 1, false).Encode()
	if err != nil {
		t.Fatal(err)
	}
	model, scan := filepath.Join(folder, "nodule.onnx"), filepath.Join(folder, "body.nii")
	sidecar := []byte(`{"preprocess": {"range": [-1000, 200], "clip": [0, 1], "volume": {"block": "center"}}}`)
	body := nodule.Placed(1, [3]float64{15, 20, 24}, 3.3)
	if err := errors.Join(os.WriteFile(model, data, 0o600), os.WriteFile(scan, body.NIfTI(), 0o600), os.WriteFile(filepath.Join(folder, "nodule.picasso.json"), sidecar, 0o600)); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, model, 0)
	d.c.Settings().ResearchUse = true
	d.until("the model", func() bool { return d.c.State().Model != nil })
	d.c.Drop([]string{scan})
	d.until("the volume", func() bool { return d.c.State().Look.Answered() })
	d.c.SelectSlice(15)
	d.Choose("found")
	d.until("the channels on the slice", func() bool { return d.Current() && !d.state.Working && d.state.Sheet.Look.Slice == 15 })
	s := d.state.Sheet
	// The block has the slices 4 to 27, the file's slice 15 is its slice 11: cell 3 of 8.
	plane := s.Plane(0)
	if plane.Height != 16 || plane.Width != 20 || len(s.All(0).Values) != 8*16*20 {
		t.Fatalf("%d×%d cells of %d are shown", plane.Height, plane.Width, len(s.All(0).Values))
	}
	for _, at := range [][2]int{{0, 0}, {7, 9}, {15, 19}} {
		cell := s.CellOn(at[0], at[1])
		if v := float64(plane.Values[at[0]*20+at[1]]); cell[0]/16 != 3 || cell[0]%16 != at[0] || cell[1] != at[1] || s.Value(0, cell) != v {
			t.Errorf("cell %v of the slice is %v with %v, shown is %v", at, cell, s.Value(0, cell), v)
		}
	}
	cell, ok := d.CellAt(24, 20)
	if !ok || cell != [2]int{3*16 + 8, 10} {
		t.Errorf("over the nodule lies cell %v, %v", cell, ok)
	}
	// A cell sees 9 voxels on each axis, from twice its number on.
	on, slices := d.FieldOn([2]int{3*16 + 8, 10})
	if slices != [2]int{4 + 6, 4 + 14} || on.Min.X != 20 || on.Max.X != 29 || on.Min.Y != 16 || on.Max.Y != 25 {
		t.Errorf("it sees %v of the slices %v", on, slices)
	}
	d.ChooseUnit(0)
	d.ChooseCell(&cell)
	d.SetMethod("saliency")
	d.until("what drives it", func() bool { return d.state.Drive != nil && d.state.Drive.Map != nil && d.state.Drive.Done == 1 })
	m := s.OnLook(*d.state.Drive.Map)
	if m.Depth != 0 || m.Height != 40 || m.Width != 48 {
		t.Fatalf("the map on the slice has %d×%d×%d values", m.Depth, m.Height, m.Width)
	}
	inside := 0
	for i, v := range m.Values {
		y, x := i/48, i%48
		if v != 0 && (x < 20 || x >= 29 || y < 16 || y >= 25) {
			t.Fatalf("pixel %d, %d has %v, which the cell does not see", x, y, v)
		}
		if v != 0 {
			inside++
		}
	}
	if inside < 20 {
		t.Errorf("%d pixels of the slice drive the cell", inside)
	}
	if d.SearchPictures(); d.state.Search.Err == nil || !strings.Contains(d.state.Search.Err.Error(), "takes volumes") {
		t.Errorf("looked through: %+v", d.state.Search)
	}
}
