package sliding

import (
	"context"
	"math"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
)

// Blocks overlap by a quarter and end with the volume.
func TestBlocksCoverTheVolume(t *testing.T) {
	for _, tt := range []struct {
		n, block int
		want     []int
	}{{4, 4, []int{0}}, {5, 4, []int{0, 1}}, {7, 4, []int{0, 3}}, {10, 4, []int{0, 3, 6}}, {11, 4, []int{0, 3, 6, 7}}} {
		if got := starts(tt.n, tt.block); !slices.Equal(got, tt.want) {
			t.Errorf("%d voxels in blocks of %d: %v, want %v", tt.n, tt.block, got, tt.want)
		}
	}
}

// weighted is a model of volumes of 2×1×2 voxels: the sum of 1, 2, 3, 4 times their
// values.
type weighted struct{}

func (weighted) Shape() (channels, height, width int)                 { return 1, 2, 2 }
func (weighted) Depth() int                                           { return 2 }
func (weighted) Batch() int                                           { return 2 }
func (weighted) Classes() int                                         { return 1 }
func (weighted) ClassName(int) string                                 { return "sum" }
func (weighted) HasLogits() bool                                      { return true }
func (weighted) Prepare(*picture.Image) (infer.Tensor, error)         { return infer.Tensor{}, nil }
func (weighted) Encoder(*picture.Image) func(raw []float32) []float32 { return nil }
func (weighted) CheckGradient() error                                 { return nil }

func (weighted) Predict(_ context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	var out []score.Scores
	for _, x := range batch {
		sum := float32(0)
		for i, v := range x.Data {
			sum += float32(i+1) * v
		}
		out = append(out, score.Scores{Probabilities: []float32{sum / 100}, Logits: []float32{sum}})
	}
	return out, nil
}

func (weighted) Gradient(_ context.Context, batch []infer.Tensor, targets []score.Target) ([][]infer.Tensor, error) {
	var out [][]infer.Tensor
	for range batch {
		out = append(out, slices.Repeat([]infer.Tensor{{Shape: []int{1, 2, 2}, Data: []float32{1, 2, 3, 4}}}, len(targets)))
	}
	return out, nil
}

// Over 3×1×3 voxels there are four blocks, which begin at slices and columns 0 and
// 1: scores are their mean, gradients the mean of theirs where they lie.
func TestMeansOverBlocks(t *testing.T) {
	x := infer.Tensor{Shape: []int{1, 3, 3}, Data: []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}}
	o, err := New(weighted{}, [3]int{3, 1, 3}, x)
	if err != nil || o.Blocks() != 4 {
		t.Fatalf("%v, %v", o, err)
	}
	got, err := o.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	// 1·1+2·2+3·4+4·5 = 37, then 2, 3, 5, 6: 47, then 4, 5, 7, 8: 67, then 5, 6, 8, 9: 77.
	if want := float32(57); math.Abs(float64(got[0].Logits[0]-want)) > 1e-5 || math.Abs(float64(got[0].Probabilities[0]-want/100)) > 1e-6 {
		t.Errorf("the scores are %+v, want %g", got[0], want)
	}
	g, err := o.Gradient(t.Context(), []infer.Tensor{x}, []score.Target{score.ClassTarget(0, score.Logit)})
	if err != nil {
		t.Fatal(err)
	}
	if want := []float32{0.25, 0.75, 0.5, 1, 2.5, 1.5, 0.75, 1.75, 1}; !slices.Equal(g[0][0].Data, want) {
		t.Errorf("the gradient is %v, want %v", g[0][0].Data, want)
	}
	small := infer.Tensor{Shape: []int{1, 1, 3}, Data: []float32{1, 2, 3}}
	if _, err := New(weighted{}, [3]int{1, 1, 3}, small); err == nil {
		t.Error("a volume smaller than the model's input is taken")
	}
	if _, err := New(weighted{}, [3]int{3, 1, 3}, small); err == nil {
		t.Error("a volume of another size than it is said to have is taken")
	}
}

// counting counts the blocks that run.
type counting struct {
	weighted
	runs *int
}

func (c counting) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	*c.runs += len(batch)
	return c.weighted.Predict(ctx, batch)
}

// Of a volume with a covered corner only the block runs that holds the corner; what comes
// of it is what a run of all blocks gives.
func TestOnlyChangedBlocksRun(t *testing.T) {
	x := infer.Tensor{Shape: []int{1, 3, 3}, Data: []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}}
	covered := infer.Tensor{Shape: []int{1, 3, 3}, Data: []float32{0, 2, 3, 4, 5, 6, 7, 8, 9}}
	runs := 0
	o, err := New(counting{runs: &runs}, [3]int{3, 1, 3}, x)
	if err != nil {
		t.Fatal(err)
	}
	var tells []int
	ctx := WithProgress(t.Context(), func(done, of int) { tells = append(tells, done, of) })
	if _, err := o.Predict(ctx, []infer.Tensor{x}); err != nil || runs != 4 || !slices.Equal(tells, []int{2, 4, 4, 4}) {
		t.Fatalf("%d blocks ran, told %v: %v", runs, tells, err)
	}
	got, err := o.Predict(t.Context(), []infer.Tensor{covered, x})
	if err != nil || runs != 5 {
		t.Fatalf("%d blocks ran, %v", runs-4, err)
	}
	// The first block has 0·1 in the place of 1·1, a fourth of which is in the mean.
	if a, b := got[0].Logits[0], got[1].Logits[0]; math.Abs(float64(a)-56.75) > 1e-5 || b != 57 {
		t.Errorf("the scores are %g and %g", a, b)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.Predict(gone, []infer.Tensor{{Shape: x.Shape, Data: make([]float32, 9)}}); err == nil {
		t.Error("a run goes on after it was stopped")
	}
}
