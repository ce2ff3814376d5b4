package perturb_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/perturb"
	"picasso/backend/perturb/perturbtest"
	"picasso/backend/score"
)

// volumeNet is a network for volumes of 14×17×20 voxels, of random weights: strides, a
// branch that joins what it left, and groups. dense makes it a segmentation of the
// whole volume, else it has four classes.
func volumeNet(dense bool) *onnx.Model {
	n := &randomNet{rng: rand.New(rand.NewPCG(7, 7)), rank: 3, graph: &onnx.Graph{Name: "volumes"}, at: "x", depth: 1}
	shape := func(channels int64) []onnx.Dim {
		return []onnx.Dim{{Size: -1, Symbol: "n"}, {Size: channels}, {Size: 14}, {Size: 17}, {Size: 20}}
	}
	n.graph.Inputs = []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: shape(1)}}
	pads := intsAttr("pads", 1, 1, 1, 1, 1, 1)
	conv := func(out, in int64, attrs ...*onnx.Attr) {
		n.at = n.node("Relu", n.nodeWith("Conv", append(attrs, pads), n.at, n.floats(out, in, 3, 3, 3), n.floats(out)))
	}
	conv(16, 1)
	skip := n.at
	conv(16, 8, intAttr("group", 2))
	n.at = n.nodeWith("Concat", []*onnx.Attr{intAttr("axis", 1)}, n.at, skip)
	if dense {
		n.at = n.nodeWith("Conv", nil, n.at, n.floats(3, 32, 1, 1, 1))
		n.graph.Outputs = []*onnx.Value{{Name: n.at, Type: onnx.Float, Shape: shape(3)}}
	} else {
		conv(4, 32, intsAttr("strides", 2, 2, 2))
		n.depth = 4
		n.answer()
	}
	return &onnx.Model{IRVersion: 8, Producer: "test", Opsets: map[string]int64{"": 13}, Graph: n.graph}
}

func openVolumeNet(t *testing.T, dense bool, choices ...string) *subject {
	t.Helper()
	data, err := volumeNet(dense).Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "volumes.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return openSubject(t, path, choices...)
}

// borderBoxes are boxes in all corners of a volume, in its middle, on a face, of one
// voxel, over all of it, and outside.
func borderBoxes(sides perturb.Size) []perturb.Box {
	var boxes []perturb.Box
	for corner := range 8 {
		var b perturb.Box
		for k, n := range sides {
			if b.To[k] = 5; corner>>k&1 == 1 {
				b.From[k], b.To[k] = n-5, n
			}
		}
		boxes = append(boxes, b)
	}
	return append(boxes, perturb.Box{From: perturb.Size{5, 5, 5}, To: perturb.Size{9, 9, 9}}, perturb.Box{From: perturb.Size{0, 4, 4}, To: perturb.Size{1, 9, 9}},
		perturb.Box{From: perturb.Size{3, 3, 3}, To: perturb.Size{4, 4, 4}}, perturb.Box{To: sides}, perturb.Box{From: sides, To: sides})
}

// boxCopies are copies of a volume that differ in the boxes.
func boxCopies(rng *rand.Rand, base infer.Tensor, sides perturb.Size) (batch []infer.Tensor, boxes []perturb.Box) {
	boxes = borderBoxes(sides)
	for _, b := range boxes {
		batch = append(batch, perturbtest.Changed(rng, base, sides[0], b))
	}
	return batch, boxes
}

// Boxes at every border have the scores of full runs, of classes and of segmentations
// over a region, and how many are scored together changes none of them.
func TestBoxesAtBorders(t *testing.T) {
	sides := perturb.Size{14, 17, 20}
	for name, m := range map[string]*subject{
		"classes":       openVolumeNet(t, false),
		"sum over all":  openVolumeNet(t, true, "kind=segmentation", "region=all"),
		"sum over mask": openVolumeNet(t, true, "kind=segmentation", "region=mask"),
		"sum over part": openVolumeNet(t, true, "kind=segmentation", "region=[2,20,9,60]"),
	} {
		rng := rand.New(rand.NewPCG(2, 2))
		base := perturbtest.Noise(rng, m.Input)
		batch, boxes := boxCopies(rng, base, sides)
		var first []string
		units, err := perturb.Units(t.Context(), m.Scorer)
		if err != nil || units < 2 {
			t.Fatalf("%s: %d units, %v", name, units, err)
		}
		for _, together := range []int{len(batch), 1, 4} {
			c, err := perturb.Split(t.Context(), m.Scorer, base, 1, units)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for at := 0; at < len(batch); at += together {
				end := min(at+together, len(batch))
				scores, err := c.Score(t.Context(), batch[at:end], boxes[at:end])
				if err != nil {
					t.Fatal(err)
				}
				perturbtest.AsFullRuns(t, m.Model, batch[at:end], scores)
				for _, s := range scores {
					got = append(got, fmt.Sprintf("%.5g", s.Logits))
				}
			}
			if a := c.Stats(); a.Engine != perturb.IncrementalEngine || a.Notice != "" {
				t.Errorf("%s: %+v", name, a)
			}
			c.Close()
			if first == nil {
				first = got
			}
			if !slices.Equal(got, first) {
				t.Errorf("%s, %d together: %v, want %v", name, together, got, first)
			}
		}
	}
}

// Where maps or copies would take more memory than they may, full inference is used
// and words say so; the estimate knows it.
func TestMemoryOfVolumesIsBounded(t *testing.T) {
	for want, bounds := range map[string][2]int64{"inner maps": {1 << 10, 1 << 40}, "each copy": {1 << 40, 1 << 10}} {
		m := openVolumeNet(t, false)
		rng := rand.New(rand.NewPCG(2, 2))
		base := perturbtest.Noise(rng, m.Input)
		b := perturb.Box{From: perturb.Size{0, 4, 16}, To: perturb.Size{4, 8, 20}}
		batch, boxes := []infer.Tensor{perturbtest.Changed(rng, base, 14, b)}, []perturb.Box{b}
		if _, a := boxScores(t, m, base, batch, boxes); a.Engine != perturb.IncrementalEngine {
			t.Fatalf("without a bound: %+v", a)
		}
		m = openVolumeNet(t, false)
		perturb.Bound(m.Scorer, bounds[0], bounds[1])
		if got, a := boxScores(t, m, base, batch, boxes); a.Engine != perturb.PlainEngine || !strings.Contains(a.Notice, want) {
			t.Errorf("%+v", a)
		} else {
			perturbtest.AsFullRuns(t, m.Model, batch, got)
		}
		e := m.rates.Copies(b.Size(), 1000, perturb.IncrementalEngine, false)
		if e.Engine != perturb.PlainEngine || !strings.Contains(e.Notice, want) {
			t.Errorf("estimate %+v", e)
		}
	}
}

func boxScores(t *testing.T, m *subject, base infer.Tensor, batch []infer.Tensor, boxes []perturb.Box) ([]score.Scores, perturb.Stats) {
	t.Helper()
	c, err := m.Scorer.Copies(t.Context(), base, boxes, nil, perturb.IncrementalEngine)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got, err := c.Score(t.Context(), batch, boxes)
	if err != nil {
		t.Fatal(err)
	}
	return got, c.Stats()
}

// Plans for boxes of several sizes keep the maps of one volume only as far as they
// fit beside each other, and all give the same scores.
func TestMapsMakeRoomForEachOther(t *testing.T) {
	m := openVolumeNet(t, false)
	rng := rand.New(rand.NewPCG(2, 2))
	both := func() int64 {
		t.Helper()
		base := perturbtest.Noise(rng, m.Input)
		for _, width := range []int{2, 9} {
			b := perturb.Box{To: perturb.Size{2, 2, width}}
			batch := []infer.Tensor{perturbtest.Changed(rng, base, 14, b)}
			got, a := boxScores(t, m, base, batch, []perturb.Box{b})
			if a.Engine != perturb.IncrementalEngine {
				t.Fatalf("boxes of width %d: %+v", width, a)
			}
			perturbtest.AsFullRuns(t, m.Model, batch, got)
		}
		return perturb.Held(m.Scorer)
	}
	all := both()
	perturb.Bound(m.Scorer, all-4, 1<<40)
	if held := both(); held == 0 || held > all-4 {
		t.Errorf("%d bytes of maps are held, %d without a bound", held, all)
	}
}
