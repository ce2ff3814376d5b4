package drawing

import (
	"slices"
	"testing"

	"picasso/visualizers"
)

// TestFieldOfChannels: every pixel keeps its largest value with its sign, the first one of
// those that are equally large.
func TestFieldOfChannels(t *testing.T) {
	m := visualizers.Map{Width: 4, Height: 1, Channels: 3, Values: []float32{
		1, -2, 0, 1e-40,
		-3, 2, 0, -2e-40,
		2, 1, -0.5, 0,
	}}
	if got, want := Field(m).Values, []float32{-3, -2, -0.5, -2e-40}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
