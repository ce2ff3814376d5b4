package viewer

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keeper takes figures as a window does.
type keeper struct {
	v      *Image
	list   []Figure
	draft  *Figure
	chosen int
	taps   int
}

// keeping is a viewer of ten units a pixel, from 0, 50, whose figures are kept.
func keeping(t *testing.T) *keeper {
	t.Helper()
	v, _ := shown(t)
	k := &keeper{v: v}
	v.OnFigure = func(f Figure, done bool) {
		k.draft = nil
		switch {
		case f.ID != 0:
			k.list[f.ID-1] = f
		case done && len(f.Points) > 0:
			f.ID = len(k.list) + 1
			k.list = append(k.list, f)
		case !done:
			k.draft = &f
		}
		k.show()
	}
	v.OnChosen = func(id int) { k.chosen = id; k.show() }
	v.OnTapped = func(int, int) { k.taps++ }
	return k
}

func (k *keeper) show() {
	list := slices.Clone(k.list)
	if k.draft != nil {
		list = append(list, *k.draft)
	}
	for i := range list {
		list[i].Chosen = list[i].ID == k.chosen && k.chosen > 0
		list[i].Lines = []string{fmt.Sprint("figure ", list[i].ID)}
	}
	k.v.SetFigures(list)
}

// pull drags with the left button held.
func (k *keeper) pull(m fyne.KeyModifier, x0, y0, x1, y1 float32) {
	press(k.v, desktop.MouseButtonPrimary, m, x0, y0)
	drag(k.v, x1, y1, x1-x0, y1-y0)
	k.v.MouseUp(nil)
}

func TestFiguresAreDrawnMovedAndChanged(t *testing.T) {
	k := keeping(t)
	k.pull(fyne.KeyModifierControl, 100, 100, 130, 180)
	k.v.SetTool(BoxTool)
	k.pull(0, 200, 100, 260, 140)
	k.v.SetTool(EllipseTool)
	k.pull(0, 300, 100, 360, 140)
	if len(k.list) != 3 || k.list[0].Kind != LineFigure || k.list[1].Kind != BoxFigure || k.list[2].Kind != EllipseFigure || k.draft != nil {
		t.Fatalf("%+v", k.list)
	}
	if want := [][2]float64{{10, 5}, {13, 13}}; !slices.Equal(k.list[0].Points, want) {
		t.Errorf("the line is %v, want %v", k.list[0].Points, want)
	}
	if k.v.View() != fitted {
		t.Error("drawing moves the picture")
	}
	k.pull(0, 200, 120, 210, 110) // its left side, ten to the right, ten up
	if want := [][2]float64{{21, 4}, {27, 8}}; !slices.Equal(k.list[1].Points, want) || k.chosen != 2 {
		t.Errorf("moved to %v, want %v; chosen %d", k.list[1].Points, want, k.chosen)
	}
	k.pull(0, 270, 90, 280, 80) // its upper right corner
	if want := [][2]float64{{21, 3}, {28, 8}}; !slices.Equal(k.list[1].Points, want) {
		t.Errorf("changed to %v, want %v", k.list[1].Points, want)
	}
	k.pull(0, 330, 100, 330, 110) // the top of the ellipse
	if want := [][2]float64{{30, 6}, {36, 10}}; !slices.Equal(k.list[2].Points, want) {
		t.Errorf("the ellipse is at %v, want %v", k.list[2].Points, want)
	}
	if len(k.list) != 3 {
		t.Errorf("%d figures", len(k.list))
	}
}

func TestAPressOnAFigureIsNoClickOnThePicture(t *testing.T) {
	k := keeping(t)
	k.v.SetTool(RulerTool)
	k.pull(0, 100, 100, 200, 100)
	click := func(x, y float32) {
		press(k.v, desktop.MouseButtonPrimary, 0, x, y)
		k.v.MouseUp(nil)
		k.v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, y)})
	}
	click(150, 103)
	if k.chosen != 1 || k.taps != 0 {
		t.Errorf("chosen %d, %d taps", k.chosen, k.taps)
	}
	if len(k.v.figures.grips) != 2 || !k.v.figures.grips[0].Visible() {
		t.Error("the chosen figure has no handles")
	}
	click(150, 150)
	if k.chosen != 0 || k.taps != 1 || len(k.list) != 1 || k.v.figures.grips[0].Visible() {
		t.Errorf("chosen %d, %d taps, %d figures", k.chosen, k.taps, len(k.list))
	}
}

func TestAngleIsADragAndAClick(t *testing.T) {
	k := keeping(t)
	k.v.SetTool(AngleTool)
	k.pull(0, 100, 100, 200, 100)
	if len(k.list) != 0 {
		t.Fatal("the angle is done after its first arm")
	}
	k.v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(210, 150)}})
	if k.draft == nil || k.draft.Points[2] != [2]float64{21, 10} {
		t.Errorf("the second arm does not follow: %+v", k.draft)
	}
	press(k.v, desktop.MouseButtonPrimary, 0, 200, 200)
	k.v.MouseUp(nil)
	k.v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(200, 200)})
	if want := [][2]float64{{10, 5}, {20, 5}, {20, 15}}; len(k.list) != 1 || !slices.Equal(k.list[0].Points, want) || k.taps != 0 {
		t.Errorf("%+v, %d taps", k.list, k.taps)
	}
	k.pull(0, 300, 60, 320, 60)
	if !k.v.AbandonFigure() || k.draft != nil || len(k.list) != 1 || k.v.AbandonFigure() {
		t.Error("an open angle cannot be abandoned")
	}
}

// What is written stays inside the viewer, and follows the picture.
func TestFiguresFollowTheView(t *testing.T) {
	v, w := shown(t)
	v.SetFigures([]Figure{{ID: 1, Kind: BoxFigure, Points: [][2]float64{{30, 10}, {40, 20}}, Lines: []string{"a long line of words", "another"}}})
	for _, l := range v.figures.texts {
		at, size := l.light.Position(), l.size()
		if at.X < 0 || at.X+size.Width > 400 || at.Y < 0 || at.Y+size.Height > 300 {
			t.Errorf("words at %v, %v", at, size)
		}
	}
	line := v.figures.lines[0].light
	if line.Position1 != fyne.NewPos(300, 150) || line.Position2 != fyne.NewPos(400, 150) {
		t.Errorf("a side from %v to %v", line.Position1, line.Position2)
	}
	v.SetTurn(Turn{Mirrored: true})
	if line.Position1 != fyne.NewPos(100, 150) {
		t.Errorf("mirrored it begins at %v", line.Position1)
	}
	if c := pixelOf(w, 50, 150); c.R < 200 || c.B > 210 {
		t.Errorf("nothing is drawn: %v", c)
	}
	v.SetFigures(nil)
	if line.Visible() {
		t.Error("the figure stays")
	}
}

// What is written in the corners, at the edges and at the scale never lies on
// each other, however narrow the viewer.
func TestNotesDoNotOverlap(t *testing.T) {
	v, _ := shown(t)
	v.SetNotes(Notes{
		TopLeft: []string{"Name: somebody with a name"}, TopRight: []string{"something at the right"},
		BottomLeft: []string{"lossy compression", "window 1  W 400 L 40, inverted", "CT slice 12 / 23"}, BottomRight: []string{"map: interpolated for display"},
		Letters: [4]string{"R", "L", "A", "P"}, Spacing: [2]float64{0.5, 0.5}, Detector: true,
	})
	for _, width := range []float32{900, 400, 300, 240, 220} {
		v.Resize(fyne.NewSize(width, 300))
		var all []*lettering
		for _, lines := range v.notes.lines {
			all = append(all, lines...)
		}
		all = append(append(all, v.notes.edges[:]...), v.notes.label)
		for i, a := range all {
			for _, b := range all[:i] {
				p, q, s, u := a.light.Position(), b.light.Position(), a.size(), b.size()
				if p.X < q.X+u.Width-1 && q.X < p.X+s.Width-1 && p.Y < q.Y+u.Height-1 && q.Y < p.Y+s.Height-1 {
					t.Errorf("%v wide: %q lies on %q", width, a.light.Text, b.light.Text)
				}
			}
		}
	}
}
