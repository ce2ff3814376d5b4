package ascent

import (
	"fmt"
	"math"

	"picasso/visualizers"
)

// Method says what the parameters of a picture are.
type Method string

// Methods of drawing.
const (
	Pixels Method = "simonyan" // pixels, with priors against noise
	Waves  Method = "fourier"  // coefficients of the spectrum
	Phase  Method = "maco"     // phases of the spectrum
)

// rates are the step sizes of [adam], in the parameters' own units.
var rates = map[Method]float64{Pixels: 0.05, Waves: 0.05, Phase: 0.5}

// Settings of drawing.
var (
	method = visualizers.Choice{
		Field: visualizers.Field{ID: "method", Title: "Drawn by",
			Doc: "fourier: waves of all lengths, long ones first. simonyan: single pixels, with priors against noise. maco: only the phases of waves; how strong each wave is comes from the open pictures where there are eight or more."},
		Options: []string{string(Waves), string(Pixels), string(Phase)},
	}
	steps = visualizers.Int{
		Field: visualizers.Field{ID: "steps", Title: "Steps", Doc: "How often the picture is changed. It is shown every eight steps, and more often at first."},
		Min:   1, Max: 4096, Step: 1, Default: 128,
	}
	views = visualizers.Int{
		Field: visualizers.Field{ID: "views", Title: "Views per step",
			Doc: "In how many places, scales and angles the network looks at the picture before each change. More views give a clearer picture and take longer."},
		Min: 1, Max: 64, Step: 1, Default: 4,
	}
	seed = visualizers.Int{
		Field: visualizers.Field{ID: "seed", Title: "Seed", Doc: "Selects the start and the views; the same seed gives the same picture."},
		Min:   0, Max: 9999, Step: 1,
	}
	// ofPixels: the priors hold back what single pixels would make.
	ofPixels = visualizers.When{Key: "method", Is: string(Pixels)}
	squares  = visualizers.Float{
		Field: visualizers.Field{ID: "l2", Title: "Against contrast", Doc: "Of simonyan: the score that a picture of full contrast must gain to be worth it (the L2 prior).",
			Only: ofPixels},
		Min: 0, Max: 1000, Step: 0.5, Default: 1,
	}
	variation = visualizers.Float{
		Field: visualizers.Field{ID: "tv", Title: "Against noise", Doc: "Of simonyan: the score that a picture of full difference between neighbours must gain to be worth it (total variation).",
			Only: ofPixels},
		Min: 0, Max: 1000, Step: 0.5, Default: 10,
	}
)

// Settings lists those of every method that draws.
func Settings() []visualizers.Setting {
	return []visualizers.Setting{method, steps, views, seed, squares, variation}
}

// Preview counts the gradients, for each of the pictures that are drawn.
func Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	return visualizers.GradientPreview(s, steps.In(v)*views.In(v))
}

// fewest is how many pictures tell an amplitude of their kind, and most how many
// are looked at.
const fewest, most = 8, 64

// amplitudes are the mean of |spectrum| over pictures, channel by channel; of
// too few pictures, or none, 1/f.
func amplitudes(s size, pictures [][]float64) []float64 {
	f := newTransform(s.height, s.width)
	n := f.size()
	out := make([]float64, s.channels*n)
	for c := range s.channels {
		for i := range n {
			if len(pictures) < fewest {
				out[c*n+i] = f.fall(i)
			}
		}
	}
	if len(pictures) < fewest {
		return out
	}
	for _, p := range pictures {
		for c := range s.channels {
			for i, v := range f.spectrum(p[c*s.plane() : (c+1)*s.plane()]) {
				out[c*n+i] += math.Hypot(real(v), imag(v)) / float64(len(pictures))
			}
		}
	}
	return out
}

// learnt says where amplitudes come from.
func learnt(pictures int) string {
	if pictures < fewest {
		return fmt.Sprintf("How strong each wave is follows 1/f, for there are fewer than %d pictures to learn it from.", fewest)
	}
	return fmt.Sprintf("How strong each wave is was learnt from %d pictures.", pictures)
}
