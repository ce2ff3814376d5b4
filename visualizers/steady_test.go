package visualizers

import (
	"image"
	"testing"

	"picasso/backend/score"
)

// TestSteady: nothing moves where all is known or interpolation is exact; errors that
// are small beside the steps of the map move little, large ones leave what chance
// leaves of a tenth.
func TestSteady(t *testing.T) {
	const side = 20
	w := &Patches{Height: side, Width: side, Rows: side, Columns: side, Size: image.Pt(1, 1), Stride: image.Pt(1, 1), Scores: make([]score.Scores, side*side)}
	surface := make([]float64, side*side)
	for i := range surface {
		w.Rects = append(w.Rects, image.Rect(i%side, i/side, i%side+1, i/side+1))
		surface[i] = float64(i)
	}
	if got := w.Steady(surface, 0); got != 1 {
		t.Errorf("without errors %v of the tenth stays", got)
	}
	small, large := w.Steady(surface, 2), w.Steady(surface, 1e6)
	if small < 0.8 || small == 1 {
		t.Errorf("with errors of two steps %v stays", small)
	}
	// Two random tenths of the whole share 0.1²/(0.2 − 0.1²) of it.
	if large > 0.2 {
		t.Errorf("with errors beyond all measure %v stays", large)
	}
	for i := range w.Scores {
		w.Scores[i].Probabilities = []float32{1}
	}
	if got := w.Steady(surface, 1e6); got != 1 {
		t.Errorf("of what is known %v stays", got)
	}
}

func TestThreshold(t *testing.T) {
	values := make([]float32, 40)
	for i := range values {
		values[i] = float32((i * 7) % 40)
	}
	if got := Threshold(values); got != 36 {
		t.Errorf("the largest 4 of 0…39 begin at %v", got)
	}
	if got := Threshold([]float64{3}); got != 3 {
		t.Errorf("%v", got)
	}
}
