package trust

import (
	"context"
	"fmt"
	"image"
	"math"
	"math/rand/v2"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

// What cells are covered with. Auto is the first of the four plain ones that
// takes the answer away; Impute guesses covered pixels from their neighbours
// (ROAD, Rong et al. 2022).
const (
	Auto   = "auto"
	Mean   = "mean"
	Blur   = "blur"
	Grey   = "grey"
	Black  = "black"
	Impute = "impute"
)

// Substrates lists what can be asked for.
func Substrates() []string { return []string{Auto, Mean, Blur, Grey, Black, Impute} }

// CheckSubstrate refuses a name that is none; "" stands for auto.
func CheckSubstrate(name string) error {
	for _, s := range Substrates() {
		if name == s || name == "" {
			return nil
		}
	}
	return fmt.Errorf("pictures cannot be covered with %q; choose auto, mean, blur, grey, black or impute", name)
}

// A picture covered whole has to lower the score by enough for the curves in
// between to mean anything: by [enough], or by [little], which is called weak.
// Both are parts of the scale of probabilities, and of the score itself where
// it is none.
const (
	enough = .3
	little = .2
)

// substrate is what covers cells of one picture.
type substrate struct {
	name    string
	fill    infer.Tensor // the picture covered whole
	covered point        // its score
	swing   float64      // by how much that lowers the score
	noise   []float32    // of imputed pixels, in the model's units; nil for others
}

// choose finds a substrate that takes the answer away, by the rule; where none
// does, ok is false and the last one tried comes with the reason.
func (b *bench) choose(ctx context.Context, name string) (s substrate, v Verdict, ok bool, err error) {
	names := []string{Mean, Blur, Grey, Black}
	if name != Auto && name != "" {
		names = []string{name}
	}
	var weak *substrate
	for _, n := range names {
		if s, err = b.substrate(ctx, n); err != nil {
			return s, v, false, err
		}
		if s.swing >= enough {
			return s, v, true, nil
		}
		if s.swing >= little && weak == nil {
			kept := s
			weak = &kept
		}
	}
	if weak != nil {
		return *weak, v, true, nil
	}
	if len(names) == 1 {
		return s, untold("Cannot be told with this picture: covered with %s altogether, %s.", described(s.name), b.remains()), false, nil
	}
	return s, untold("Cannot be told with this picture: whatever covers it altogether, %s.", b.remains()), false, nil
}

func (b *bench) remains() string { return b.subject() + " hardly falls" }

// described is a substrate in words.
func described(name string) string {
	return map[string]string{
		Mean: "its mean colour", Blur: "a blurred copy", Grey: "grey", Black: "black", Impute: "colours guessed from around",
	}[name]
}

// substrate covers the whole picture and asks the model about it.
func (b *bench) substrate(ctx context.Context, name string) (substrate, error) {
	background := name
	if name == Impute { // of which nothing is left to guess from
		background = Mean
	}
	sides := b.cells.size
	size := image.Pt(max(2, sides[2]/10), max(2, sides[1]/10)) // a deviation of a twentieth of the edge
	s := substrate{name: name, fill: infer.Tensor{Shape: b.in.Tensor.Shape, Data: visualizers.Background(b.in, background, size, 0)}}
	if name == Impute {
		s.noise = b.grain()
	}
	points, err := b.predict(ctx, []infer.Tensor{s.fill})
	if err != nil {
		return s, err
	}
	s.covered = points[0]
	s.swing = b.whole.value - s.covered.value
	if !b.measure.share {
		s.swing /= max(math.Abs(b.whole.value), math.SmallestNonzeroFloat32)
	}
	return s, nil
}

// grain is noise of a hundredth of the range from black to white: absolute
// noise would be nothing to a model that takes 0…255 or Hounsfield units.
func (b *bench) grain() []float32 {
	in := b.in
	low, high := visualizers.Shades(in.Image)
	channels := in.Tensor.Shape[0]
	dark, light := make([]float32, channels), make([]float32, channels)
	for c := range channels {
		dark[c], light[c] = float32(low), float32(high)
	}
	encode := in.Subject.Encoder(in.Image)
	dark, light = encode(dark), encode(light)
	random := rand.New(rand.NewPCG(1, 1))
	out := make([]float32, len(in.Tensor.Data))
	plane := len(out) / channels
	for i := range out {
		out[i] = (light[i/plane] - dark[i/plane]) * .01 * float32(random.NormFloat64())
	}
	return out
}

// measure is the score that the curves show: the probability where the target
// has one, whatever scale the map explains.
type measure struct {
	target score.Target
	share  bool // values are probabilities, or differences of two
}

func measureOf(in visualizers.Input, t score.Target) measure {
	t.Score = score.Probability
	m := measure{target: t, share: true}
	for _, p := range in.Base.Probabilities {
		m.share = m.share && p >= -1e-3 && p <= 1+1e-3
	}
	return m
}

// of reads a target's scores.
func (m measure) of(s score.Scores) (point, error) {
	value, err := m.target.Value(s)
	if err != nil {
		return unknown, err
	}
	p := point{value, math.NaN()}
	logit := m.target
	if logit.Score = score.Logit; s.Logits != nil {
		if p.logit, err = logit.Value(s); err != nil {
			return unknown, err
		}
	}
	return p, nil
}
