package insight

import (
	"context"
	"math"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/ui/control"
	"picasso/ui/uitest"
	"picasso/visualizers"
	"picasso/visualizers/layers"
)

// blind is a model of which layers can be read and nothing can be differentiated.
type blind struct {
	*uitest.Shades
	values []float32 // of its layer of 3 channels of 1×2 cells
}

func (blind) Layers() []visualizers.Layer {
	return []visualizers.Layer{{Name: "l", Channels: 3, Height: 1, Width: 2}}
}
func (blind) LastLayer() string { return "l" }
func (b blind) Activations(context.Context, string, []infer.Tensor) ([]infer.Tensor, error) {
	return []infer.Tensor{{Shape: []int{3, 1, 2}, Data: b.values}}, nil
}

// Without gradients the channels are shown all the same, in the order of their
// means, and why there are no contributions is known; nothing can be drawn.
func TestModelsWithoutGradientsShowActivations(t *testing.T) {
	m := blind{uitest.NewDesk(t).Model, []float32{1, 2, 5, 6, 3, 4}}
	key := sheetKey{look: &control.Look{}, layer: "l", weighted: true}
	told := 0
	s, err := fill(t.Context(), m, m.Layers()[0], key, nil, func(*Sheet) { told++ })
	if err != nil || s.Lack == nil || s.Symbol == "" || told != 1 {
		t.Fatalf("%+v, %v, told %d times", s, err, told)
	}
	in := &Controller{state: State{Sheet: s, Order: layers.ByContribution}}
	in.sort()
	if !slices.Equal(in.state.Sorted, []int{1, 2, 0}) {
		t.Errorf("sorted %v, want 1, 2, 0 by the means 5.5, 3.5, 1.5", in.state.Sorted)
	}
	for _, id := range drawers {
		at := slices.IndexFunc(visualizers.All(), func(v visualizers.Visualizer) bool { return v.Info().ID == id })
		if undrawn(m, visualizers.All()[at]) == nil {
			t.Errorf("%s would draw for a model without gradients", id)
		}
	}
}

// What is no number takes part in no scale and in no count.
func TestNumbersThatAreNoneAreLeftOut(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	s := newSheet(blind{}.Layers()[0], nil, tensor{Shape: []int{3, 1, 2}, Data: []float32{nan, 2, nan, nan, -3, inf}})
	if s.Range.Lo != -3 || s.Range.Hi != 2 || !s.Signed {
		t.Errorf("range %v, signed %v", s.Range, s.Signed)
	}
	counts, lo, hi := s.Histogram(0)
	if counts[0] != 1 || lo != 2 || hi != 2 {
		t.Errorf("%v from %g to %g, want one cell of 2", counts, lo, hi)
	}
	if s := newSheet(blind{}.Layers()[0], nil, tensor{Shape: []int{3, 1, 2}, Data: slices.Repeat([]float32{nan}, 6)}); s.Range.Lo != 0 || s.Range.Hi != 0 {
		t.Errorf("range %v of nothing", s.Range)
	}
}

// The pages of 50 000 channels hold 512 tiles each, and the last the rest.
func TestManyChannelsHavePages(t *testing.T) {
	in := &State{Sorted: make([]int, 50_000)}
	if in.Pages() != 98 || len(in.Shown()) != 512 {
		t.Errorf("%d pages, %d tiles", in.Pages(), len(in.Shown()))
	}
	if in.Page = 97; len(in.Shown()) != 50_000-97*512 {
		t.Errorf("the last page has %d tiles", len(in.Shown()))
	}
}
