package trust

import (
	"context"
	"fmt"
	"image"
	"math"

	"picasso/backend/infer"
	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// Explainer makes the map of the first target of an input.
type Explainer func(ctx context.Context, in visualizers.Input) (visualizers.Map, error)

// Stability is whether the same picture gets the same map again: with other
// seeds, and moved by a few pixels.
type Stability struct {
	Verdict
	Seeds  []Number `json:"seeds,omitempty"` // rank correlation of each pair of maps with different seeds
	Shift  int      `json:"shift"`           // in pixels of the model's input
	Shifts []Number `json:"shifts"`          // rank correlation with the maps of the moved picture, moved back
	Moved  Number   `json:"score_change"`    // by how much moving the picture changed the score, at most
}

const (
	stableRank  = .7  // from which two maps are the same again
	stableScore = .05 // up to which the score counts as the same
	shiftShare  = .02 // of the edge
)

// Again makes the map of a picture again: with each of the values, which differ
// in the seed, and of the picture moved by a fiftieth of its edge, to and fro.
func Again(ctx context.Context, in visualizers.Input, m visualizers.Map, explain Explainer, seeded []visualizers.Values) (Stability, error) {
	_, height, width := in.Subject.Shape()
	s := Stability{Shift: max(1, int(math.Round(shiftShare*float64(min(height, width))))), Moved: Number(math.NaN())}
	g := Field(m)
	if v, ok := readable(g); !ok {
		s.Verdict = v
		return s, nil
	}
	in.Targets = in.Targets[:0:0]
	in.Targets = append(in.Targets, m.Target)
	if err := s.reseed(ctx, in, g, explain, seeded); err != nil {
		return s, err
	}
	if err := s.move(ctx, in, g, explain); err != nil {
		return s, err
	}
	s.Verdict = s.verdict(measureOf(in, m.Target))
	return s, nil
}

// reseed compares all pairs of maps with different seeds. One that equals the
// first tells that the seed plays no part.
func (s *Stability) reseed(ctx context.Context, in visualizers.Input, g similarity.Grid, explain Explainer, seeded []visualizers.Values) error {
	maps := []similarity.Grid{g}
	for _, values := range seeded {
		in.Values = values
		m, err := explain(ctx, in)
		if err != nil {
			return fmt.Errorf("explain with another seed: %w", err)
		}
		again := Field(m)
		if same(g, again) {
			return nil
		}
		maps = append(maps, again)
	}
	for i := range maps {
		for _, other := range maps[i+1:] {
			a, b := together(maps[i], other)
			s.Seeds = append(s.Seeds, Number(similarity.Spearman(a, b)))
		}
	}
	return nil
}

func same(a, b similarity.Grid) bool {
	if a.Height != b.Height || a.Width != b.Width {
		return false
	}
	for i, v := range a.Values {
		if v != b.Values[i] && !(math.IsNaN(v) && math.IsNaN(b.Values[i])) {
			return false
		}
	}
	return true
}

// move compares with the maps of the picture moved to the lower right and to the
// upper left.
func (s *Stability) move(ctx context.Context, in visualizers.Input, g similarity.Grid, explain Explainer) error {
	measure := measureOf(in, in.Targets[0])
	whole, err := measure.of(in.Base)
	if err != nil {
		return err
	}
	_, height, width := in.Subject.Shape()
	tensor := in.Tensor
	for _, by := range []image.Point{{X: s.Shift, Y: s.Shift}, {X: -s.Shift, Y: -s.Shift}} {
		in.Tensor = moved(tensor, by)
		base, err := in.Subject.Predict(ctx, []infer.Tensor{in.Tensor})
		if err != nil {
			return err
		}
		in.Base = base[0]
		there, err := measure.of(in.Base)
		if err != nil {
			return err
		}
		change := Number(math.Abs(there.value - whole.value))
		if !measure.share {
			change /= Number(math.Abs(whole.value))
		}
		if !(s.Moved >= change) {
			s.Moved = change
		}
		m, err := explain(ctx, in)
		if err != nil {
			return fmt.Errorf("explain the moved picture: %w", err)
		}
		a, b := together(g.Pooled(height, width), movedBack(Field(m).Pooled(height, width), by))
		s.Shifts = append(s.Shifts, Number(similarity.Spearman(a, b)))
	}
	return nil
}

// moved is a picture moved by some pixels; what comes in at the border mirrors
// what is there.
func moved(t infer.Tensor, by image.Point) infer.Tensor {
	channels, height, width := t.Shape[0], t.Shape[1], t.Shape[2]
	out := infer.NewTensor(channels, height, width)
	for c := range channels {
		for y := range height {
			for x := range width {
				out.Data[(c*height+y)*width+x] = t.Data[(c*height+reflect(y-by.Y, height))*width+reflect(x-by.X, width)]
			}
		}
	}
	return out
}

// reflect brings a position beyond the ends back as a mirror on the last pixel
// does.
func reflect(i, n int) int {
	for n > 1 && (i < 0 || i >= n) {
		if i < 0 {
			i = -i
		}
		if i >= n {
			i = 2*(n-1) - i
		}
	}
	return min(max(i, 0), n-1)
}

// movedBack undoes a move; what went over the border is unknown.
func movedBack(g similarity.Grid, by image.Point) similarity.Grid {
	out := similarity.Grid{Height: g.Height, Width: g.Width, Values: make([]float64, len(g.Values))}
	for i := range out.Values {
		y, x := i/g.Width+by.Y, i%g.Width+by.X
		out.Values[i] = math.NaN()
		if y >= 0 && x >= 0 && y < g.Height && x < g.Width {
			out.Values[i] = g.Values[y*g.Width+x]
		}
	}
	return out
}

func (s Stability) verdict(m measure) Verdict {
	seeds, shifts := lowest(s.Seeds), lowest(s.Shifts)
	switch {
	case len(s.Seeds) > 0 && !(seeds >= stableRank):
		return fails("Another random start changes this map (similarity %s); more samples help.", Number(seeds))
	case !(s.Moved <= stableScore):
		return untold("Moving the picture by %s changes the model's own answer, so this says nothing about the map.", pixels(s.Shift))
	case !(shifts >= stableRank):
		return fails("Moving the picture by %s changes this map (similarity %s).", pixels(s.Shift), Number(shifts))
	}
	return passes("The map stays the same when the picture is moved by %s (similarity %s).", pixels(s.Shift), Number(shifts))
}

func pixels(n int) string {
	if n == 1 {
		return "1 pixel"
	}
	return fmt.Sprintf("%d pixels", n)
}

// lowest of some numbers; NaN where one is.
func lowest(list []Number) float64 {
	low := math.Inf(1)
	for _, n := range list {
		low = min(low, float64(n)) // NaN stays
	}
	return low
}

// Reseeded are the values of a method with other seeds; none where it has no
// seed.
func Reseeded(v visualizers.Visualizer, values visualizers.Values, n int) []visualizers.Values {
	for _, set := range v.Settings() {
		seed, ok := set.(visualizers.Int)
		if !ok || seed.Key() != "seed" {
			continue
		}
		var list []visualizers.Values
		for i := range n {
			other := visualizers.Values{}
			for k, x := range values {
				other[k] = x
			}
			span := seed.Max - seed.Min + 1
			other[seed.Key()] = seed.Min + (seed.In(values)-seed.Min+i+1)%span
			list = append(list, other)
		}
		return list
	}
	return nil
}

// OtherSeeds are how many seeds a map is made again with.
const OtherSeeds = 2

// Explaining makes maps by a method.
func Explaining(v visualizers.Visualizer) Explainer {
	return func(ctx context.Context, in visualizers.Input) (visualizers.Map, error) {
		r, err := v.Explain(ctx, in, func(visualizers.Result) {})
		if err != nil {
			return visualizers.Map{}, err
		}
		m := r.MapOf(in.Targets[0], in.Subject)
		if m == nil {
			return visualizers.Map{}, fmt.Errorf("%s drew no map", v.Info().Title)
		}
		return *m, nil
	}
}
