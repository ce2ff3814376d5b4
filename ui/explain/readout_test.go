package explain

import (
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Of what is under the pointer whole parts are left out where the line is short, and
// the value of the map, which it is about, is the last to go.
func TestReadingsFitTheirLine(t *testing.T) {
	newBench(t)
	ways := readings("x 139  y 132", "-1000 HU", "(-168.8, -188.0, -178.0 mm)", "drop in P(no nodule)", -0.000805)
	for _, want := range []string{"HU", "mm", "drop in P(no nodule) –0.000805"} {
		if !strings.Contains(ways[0], want) {
			t.Errorf("the longest %q lacks %q", ways[0], want)
		}
	}
	line := newReadout()
	line.Say(ways...)
	size := theme.Size(line.SizeName)
	for width := float32(900); width > 330; width -= 10 {
		line.Resize(fyne.NewSize(width, 20))
		if !strings.HasSuffix(line.Text, "–0.000805") {
			t.Fatalf("%v pixels say %q", width, line.Text)
		}
		if fyne.MeasureText(line.Text, size, line.TextStyle).Width > width-2*theme.InnerPadding() {
			t.Errorf("%q is cut off at %v pixels", line.Text, width)
		}
	}
	if got := readings("x 1  y 2", "3", "", "", math.NaN()); got[0] != "x 1  y 2  3" {
		t.Errorf("without a map it says %q", got)
	}
}

// Who leaves the pointer where it is and turns the slices reads each slice there.
func TestTheReadingFollowsTheSlices(t *testing.T) {
	b := newBench(t)
	b.C.Settings().ResearchUse = true
	b.C.Drop([]string{b.Write("m.onnx"), b.Scan(3)})
	b.Ready(1)
	p := b.Workspace.Picture
	p.image.OnHover(5, 5, true)
	before := p.readout.Text
	b.C.StepSlice(1)
	b.Ready(2)
	if after := p.readout.Text; !strings.Contains(after, "HU") || after == before {
		t.Errorf("on the slice before it said %q, then %q", before, after)
	}
}
