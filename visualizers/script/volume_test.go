package script_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// solid is a net whose input counts as a volume.
type solid struct{ *vistest.Net }

const slabs = 3

func (solid) Depth() int { return slabs }

// volumeInput is what a method is asked about a volume.
func volumeInput(t *testing.T, v visualizers.Visualizer, settings ...string) visualizers.Input {
	t.Helper()
	n := vistestNet()
	in := input(t, v, n)
	in.Subject = solid{n}
	var err error
	if in.Values, err = visualizers.ParseValues(v, in.Subject, settings); err != nil {
		t.Fatal(err)
	}
	return in
}

// TestVolumesInScripts: the occlusion of a script covers the boxes that the built-in
// one covers, and finds the same; one that does not know volumes is refused with the
// reason.
func TestVolumesInScripts(t *testing.T) {
	own := example(t, "occlusion.star")
	if err := visualizers.Suits(own, solid{vistestNet()}); err != nil {
		t.Fatal(err)
	}
	settings := []string{"size=50%", "stride=30%", "fill=mean"}
	builtIn := vistest.Find(t, "occlusion")
	want, got := explain(t, builtIn, volumeInput(t, builtIn, settings...)).Maps[0], explain(t, own, volumeInput(t, own, settings...)).Maps[0]
	if !slices.Equal(got.Shape(), want.Shape()) || got.Depth != slabs {
		t.Fatalf("the map has the shape %v, want %v", got.Shape(), want.Shape())
	}
	for i, v := range got.Values {
		if math.Abs(float64(v-want.Values[i])) > 1e-5 {
			t.Fatalf("voxel %d is %g, want %g", i, v, want.Values[i])
		}
	}
	rise := explain(t, example(t, "rise.star"), volumeInput(t, example(t, "rise.star"), "masks=20", "cells=2"))
	if m := rise.Maps[0]; m.Depth != slabs || len(m.Values) != len(want.Values) {
		t.Errorf("RISE has the shape %v", m.Shape())
	}
	err := visualizers.Suits(example(t, "two_windows.star"), solid{vistestNet()})
	if !errors.Is(err, visualizers.ErrNoVolumes) || !strings.Contains(fmt.Sprint(err), "volumes=True") {
		t.Errorf("a script for pictures: %v", err)
	}
}

// TestBoxesInScripts: shapes, boxes and means of a volume, worked out by hand.
func TestBoxesInScripts(t *testing.T) {
	v, err := host(t).Load(t.Context(), "boxes.star", `
visualizer(id = "boxes", title = "Boxes", about = "a", link = "https://example.org", volumes = True, returns = ["map", "table"],
    settings = [extent("size", 50, doc = "d")])

def run(ctx, x, settings):
    if ctx.shape != x.shape or len(x.shape) != 4 or ctx.depth != x.shape[1]:
        fail("shape %s of %s" % (ctx.shape, x.shape))
    m = zeros(x.shape[1:])
    m.add_rect(1, 0, 2, 2, 4, 3, 5)           # slices 1 and 2, rows 0 to 3, columns 2 to 4
    if m.sum() != 2 * 4 * 3 * 5:
        fail("sum %s" % m.sum())
    if m[0].sum() != 0 or m.at(1, 0, 2) != 5 or m.at(1, 0, 5) != 0:
        fail("the box lies elsewhere")
    if m.crop(1, 0, 2, 1, 4, 3).shape != (1, 4, 3):
        fail("crop %s" % str(m.crop(1, 0, 2, 1, 4, 3).shape))
    y = x.filled(0, 0, 0, 3, 4, 12, value = x.channel_means())
    if abs(y[0].mean() - x[0].mean()) > 0.0001 or len(x.channel_means()) != 3:
        fail("filled with %s" % x.channel_means())
    places = windows(4, 12, settings.size, settings.size, depth = 3)
    if places[0] != (0, 0, 0, 2, 2, 6) or len(places) != 2 * 2 * 2 or places[-1] != (2, 2, 6, 1, 2, 6):
        fail("places %s" % places)
    return [heat(m), table(["score"], [[s] for s in ctx.score([x, y])])]
`)
	if err != nil {
		t.Fatal(err)
	}
	r := explain(t, v, volumeInput(t, v, "size=50%"))
	if !slices.Equal(r.Maps[0].Shape(), []int{3, 4, 12}) || len(r.Parts) != 1 {
		t.Errorf("the map has the shape %v, %d parts", r.Maps[0].Shape(), len(r.Parts))
	}
}
