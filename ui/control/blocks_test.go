package control

import (
	"context"
	"fmt"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/report"
	"picasso/visualizers"
)

// cube is a model of volumes of 2×2×2 voxels, which counts the blocks that it was asked
// about.
type cube struct {
	plainModel
	how   preprocess.Volume
	whole *preprocess.Prepared
	runs  int
}

func (m *cube) Shape() (int, int, int) { return 1, 4, 2 }
func (m *cube) Depth() int             { return 2 }
func (m *cube) Rank(s score.Scores) []score.Class {
	return s.Rank(m.ClassName)
}

func (m *cube) Predict(_ context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	m.runs += len(batch)
	var out []score.Scores
	for _, x := range batch {
		if len(x.Data) != 8 {
			return nil, fmt.Errorf("%d voxels are no block", len(x.Data))
		}
		out = append(out, score.Scores{Probabilities: []float32{x.Data[0], 1 - x.Data[0]}})
	}
	return out, nil
}

func (m *cube) PrepareBlock(ctx context.Context, img *picture.Image, at []int) (preprocess.Block, error) {
	if m.whole == nil {
		p := preprocess.Preprocess{Color: preprocess.Grey, Scale: [2]float64{1, 0}, Resize: preprocess.DefaultResize(), Volume: &m.how}
		w, err := preprocess.PrepareWhole(ctx, img, p, preprocess.Input{Channels: 1, Depth: 2, Height: 2, Width: 2}, picture.Options{})
		if err != nil {
			return preprocess.Block{}, err
		}
		m.whole = w
	}
	before, _ := img.Span()
	return m.whole.Block(before, at), nil
}

// A model moved over a volume is asked about every block once, whichever slice is looked
// at, and tells how far it is; a block around the slice is asked about for each.
func TestSlicesOfOneBlockShareTheirAnswer(t *testing.T) {
	series := picture.NewSeries("series", greySlices(4))
	for _, tt := range []struct {
		block string
		runs  []int // after each slice
		over  int   // blocks
	}{{preprocess.SlideBlock, []int{8, 8, 8}, 8}, {preprocess.CenterBlock, []int{1, 1, 1}, 0}, {preprocess.SliceBlock, []int{1, 2, 3}, 0}} {
		m := &cube{how: preprocess.Volume{Block: tt.block}}
		h := &held{Model: m}
		for i, want := range tt.runs {
			sh := shot{frame: frame{slice: i}, name: "series", open: func() (*picture.Image, error) { return series.Slice(i) }}
			k, err := lookAt(t.Context(), sh, h, nil)
			if err != nil {
				t.Fatal(err)
			}
			if m.runs != want || k.Over.Blocks() != tt.over || !k.Answered() {
				t.Errorf("%s, slice %d: asked about %d blocks, moved over %d", tt.block, i, m.runs, k.Over.Blocks())
			}
			if _, moved := k.Asks(m).(interface{ Blocks() int }); moved != (tt.over > 0) {
				t.Errorf("%s: methods are given %T", tt.block, k.Asks(m))
			}
		}
	}
	m := &cube{}
	k, err := lookAt(t.Context(), shot{frame: frame{slice: 1, aim: aim{true, 0, 2}}, open: func() (*picture.Image, error) { return series.Slice(1) }}, &held{Model: m}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if row, column := k.Block.Middle(); row != 1 || column != 2 {
		t.Errorf("the block lies around %d, %d", row, column)
	}
}

// lifted is an input whose first half is brighter.
type lifted struct{}

func (lifted) Input(m Model, k *Look) (infer.Tensor, report.Covered, error) {
	out := k.Input.Clone()
	for i := range out.Data[:len(out.Data)/2] {
		out.Data[i] += 0.5
	}
	return out, report.Covered{Share: 0.5}, nil
}

// A covered volume that is larger than the model's input is answered for block by block
// as the whole one is.
func TestACoveredVolumeIsAnsweredBlockByBlock(t *testing.T) {
	series := picture.NewSeries("series", greySlices(4))
	m := &cube{how: preprocess.Volume{Block: preprocess.SlideBlock}}
	h := &held{Model: m}
	whole, err := lookAt(t.Context(), shot{name: "series", open: func() (*picture.Image, error) { return series.Slice(0) }}, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	covered, err := alter(t.Context(), h, whole, alteration{lifted{}, 1})
	if err != nil {
		t.Fatal(err)
	}
	if covered.Over.Blocks() != 8 || covered.Base.Probabilities[0] <= whole.Base.Probabilities[0] {
		t.Errorf("%d blocks answer %v, of the whole volume %v", covered.Over.Blocks(), covered.Base.Probabilities, whole.Base.Probabilities)
	}
}

// greySlices are n slices of 3×3, each brighter than the one before.
func greySlices(n int) []*picture.Image {
	var out []*picture.Image
	for z := range n {
		values := make([]float32, 9)
		for i := range values {
			values[i] = float32(z) / 10
		}
		out = append(out, picture.NewFloat("slice", 3, 3, 1, values))
	}
	return out
}

// A map of a volume is cut anew where another slice of the same block is looked at.
func TestMapsFollowTheSlice(t *testing.T) {
	var pictures []*picture.Image
	for range 3 {
		pictures = append(pictures, picture.NewFloat("slice", 1, 1, 1, []float32{0}))
	}
	series := picture.NewSeries("series", pictures)
	block := preprocess.BlockOf(infer.NewTensor(1, 3, 1), preprocess.Input{Channels: 1, Depth: 3, Height: 1, Width: 1})
	m := visualizers.Map{Channels: 1, Depth: 3, Height: 3, Width: 1, Values: []float32{5, 6, 7}}
	r := visualizers.Result{Maps: []visualizers.Map{m}}
	for slice, want := range []float32{5, 6, 7} {
		img, err := series.Slice(slice)
		if err != nil {
			t.Fatal(err)
		}
		k := &Look{Image: img, Block: &block}
		if r = k.OnSlice(r); r.Maps[0].Values[0] != want || r.Maps[0].Of.Slice != slice {
			t.Errorf("on slice %d lies %v", slice, r.Maps[0].Values)
		}
	}
}
