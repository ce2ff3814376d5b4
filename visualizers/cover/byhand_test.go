package cover_test

import (
	"context"
	"image"
	"math"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture/voxels"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/cover"
	"picasso/visualizers/vistest"
)

// recorder keeps the inputs that it is asked about.
type recorder struct {
	visualizers.Subject
	seen []infer.Tensor
}

func (r *recorder) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	for _, t := range batch {
		r.seen = append(r.seen, t.Clone())
	}
	return r.Subject.Predict(ctx, batch)
}

// TestAHandThatCoversAWindowIsThatWindow: to the last bit, for every fill of hard
// edges.
func TestAHandThatCoversAWindowIsThatWindow(t *testing.T) {
	for _, fill := range []string{"mean", "grey", "black", "white", "zero", "blur", "noise", "17"} {
		r := &recorder{Subject: vistest.Random(3, 12, 12)}
		x := infer.NewTensor(3, 12, 12)
		for i := range x.Data {
			x.Data[i] = float32(i*37%101) / 101
		}
		values, err := visualizers.ParseValues(cover.Occlusion{}, r, []string{"size=4", "stride=4", "fill=" + fill, "engine=plain"})
		if err != nil {
			t.Fatal(err)
		}
		in := visualizers.Input{Subject: r, Tensor: x, Targets: []score.Target{score.ClassTarget(0, score.Probability)}, Values: values}
		base, err := r.Subject.Predict(t.Context(), []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		in.Base = base[0]
		if _, err := (cover.Occlusion{}).Explain(t.Context(), in, nil); err != nil {
			t.Fatal(err)
		}
		inside := make([]bool, 144)
		window := image.Rect(4, 8, 8, 12)
		for y := window.Min.Y; y < window.Max.Y; y++ {
			for x := window.Min.X; x < window.Max.X; x++ {
				inside[y*12+x] = true
			}
		}
		h := cover.Project(inside, 12, 12, preprocess.Placement{ScaleX: 1, ScaleY: 1}, 12, 12)
		got := h.Covered(in)
		painted := make([]uint8, 144) // with a hard brush
		for i, in := range inside {
			if in {
				painted[i] = 255
			}
		}
		soft := cover.ProjectSoft(painted, 12, 12, preprocess.Placement{ScaleX: 1, ScaleY: 1}, 12, 12)
		if !slices.Equal(soft.Covered(in).Data, got.Data) {
			t.Errorf("%s: what is painted over the window is another picture", fill)
		}
		if h.Bounds() != window || h.Share() != 16.0/144 {
			t.Errorf("bounds %v, share %g", h.Bounds(), h.Share())
		}
		if !slices.ContainsFunc(r.seen, func(x infer.Tensor) bool { return slices.Equal(x.Data, got.Data) }) {
			t.Errorf("%s: no window of occlusion is the covered picture", fill)
		}
	}
}

// TestAHandCoversWhatTheModelSees: the picture has twice the pixels of the input
// and a margin that the model is not shown.
func TestAHandCoversWhatTheModelSees(t *testing.T) {
	inside := make([]bool, 10*8)
	for i := range inside {
		inside[i] = i%8 < 3 // the first three columns of eight
	}
	h := cover.Project(inside, 10, 8, preprocess.Placement{ScaleX: 2, ScaleY: 2, OffsetX: 0, OffsetY: 1}, 4, 4)
	// Centres of the columns lie at 1, 3, 5, 7: the first alone is inside.
	if want := (image.Rect(0, 0, 1, 4)); h.Bounds() != want || h.Share() != 0.25 {
		t.Errorf("bounds %v, share %g", h.Bounds(), h.Share())
	}
}

// A ramp goes on through what is covered smoothly, also where that is only faded;
// nothing else changes, and where all is covered nothing goes on.
func TestASmoothFillGoesOn(t *testing.T) {
	const n = 12
	x := infer.NewTensor(2, n, n)
	for i := range x.Data {
		x.Data[i] = float32(i/(n*n)) + float32(i%n)*.25
	}
	h := cover.Hand{Height: n, Width: n, Weights: make([]float32, n*n)}
	covered := x.Clone()
	for y := 3; y < 8; y++ {
		for c := 4; c < 9; c++ {
			h.Weights[y*n+c] = 1
			covered.Data[y*n+c], covered.Data[n*n+y*n+c] = 50, -50 // what must not show through
		}
	}
	in := visualizers.Input{Tensor: covered, Values: visualizers.Values{cover.HandFill.ID: cover.Smooth}}
	for i, v := range h.Covered(in).Data {
		if d := v - x.Data[i]; d > .02 || d < -.02 {
			t.Fatalf("value %d is %g, the ramp has %g", i, v, x.Data[i])
		}
	}
	for i := range h.Weights {
		h.Weights[i] = 1
	}
	in.Tensor = x
	for i, v := range h.Covered(in).Data {
		if want := float32(i/(n*n)) + .25*5.5; v-want > 1e-5 || want-v > 1e-5 {
			t.Fatalf("with all covered, value %d is %g, the mean %g", i, v, want)
		}
	}
}

// TestASliceCoversAsDeepAsItIsNarrow: three columns and four rows painted on the third
// slice cover the slices from the second to the fourth; the block takes every row, and
// columns from the second on.
func TestASliceCoversAsDeepAsItIsNarrow(t *testing.T) {
	b := preprocess.Block{Source: [3]int{6, 5, 7}}
	for k, n := range [3]int{6, 5, 6} {
		b.Axes[k] = voxels.Axis{Of: k, Step: 1, Len: n}
	}
	b.Axes[2].Start = 1
	share := make([]uint8, 5*7)
	for y := range 4 {
		for x := 2; x < 5; x++ {
			share[y*7+x] = 255
		}
	}
	h := cover.ProjectSlice(share, b, 2)
	if h.Depth != 6 || h.Height != 30 || h.Width != 6 || math.Abs(h.Share()-3*4*3/180.) > 1e-9 {
		t.Fatalf("%d slices in %d×%d, %g covered", h.Depth, h.Height, h.Width, h.Share())
	}
	for i, w := range h.Weights {
		z, y, x := i/30, i/6%5, i%6
		if want := z >= 1 && z <= 3 && y < 4 && x >= 1 && x <= 3; (w == 1) != want {
			t.Errorf("voxel %d, %d, %d is covered by %g", z, y, x, w)
		}
	}
	if h := cover.ProjectSlice(share, b, 9); h.Share() != 0 {
		t.Errorf("a slice beyond the block covers %g", h.Share())
	}
}
