package control

import (
	"context"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
)

// solid maps a volume of 3×2×2 voxels: every slice has its number, times the stage of
// the work.
type solid struct{}

func (solid) Info() visualizers.Info          { return visualizers.Info{ID: "solid", Volumes: true} }
func (solid) Settings() []visualizers.Setting { return nil }
func (solid) Explain(_ context.Context, _ visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	at := func(stage float32) visualizers.Result {
		m := visualizers.Map{Target: score.ClassTarget(0, score.Logit), Channels: 1, Depth: 3, Height: 6, Width: 2}
		for i := range 12 {
			m.Values = append(m.Values, stage*float32(i/4))
		}
		return visualizers.Result{Maps: []visualizers.Map{m}, Done: float64(stage) / 2}
	}
	emit(at(1))
	return at(2), nil
}

// The map of a volume is shown on the slice that is looked at, while it gets finer
// too; outside of the block it is empty.
func TestSlicesShowTheirPartOfAVolume(t *testing.T) {
	var pictures []*picture.Image
	for range 5 {
		pictures = append(pictures, picture.NewFloat("slice", 2, 2, 1, make([]float32, 4)))
	}
	series := picture.NewSeries("series", pictures)
	in := preprocess.Input{Channels: 1, Depth: 3, Height: 2, Width: 2}
	block := preprocess.BlockOf(infer.NewTensor(1, 6, 2), in)
	block.Source[0], block.Axes[0].Start = 5, 1 // slices 1 to 3 of five
	for slice, want := range map[int]float32{1: 0, 2: 1, 3: 2} {
		img, err := series.Slice(slice)
		if err != nil {
			t.Fatal(err)
		}
		k := &Look{Image: img, Block: &block}
		var partial visualizers.Result
		r, err := k.Explained(t.Context(), solid{}, visualizers.Input{}, func(r visualizers.Result) { partial = r })
		if err != nil {
			t.Fatal(err)
		}
		for stage, got := range []visualizers.Result{partial, r} {
			m := got.Maps[0]
			if m.Depth != 0 || m.Height != 2 || m.Width != 2 || !m.WholePicture || m.Values[3] != want*float32(stage+1) {
				t.Errorf("slice %d, stage %d: a map of %v: %v", slice, stage, m.Shape(), m.Values)
			}
		}
	}
	img, err := series.Slice(4)
	if err != nil {
		t.Fatal(err)
	}
	k := &Look{Image: img, Block: &block}
	r, err := k.Explained(t.Context(), solid{}, visualizers.Input{}, func(visualizers.Result) {})
	if v := r.Maps[0].Values[0]; err != nil || v == v {
		t.Errorf("outside of the block the map is %g (%v)", v, err)
	}
}
