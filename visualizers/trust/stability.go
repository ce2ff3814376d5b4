package trust

import (
	"context"
	"fmt"
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
	s := Stability{Shift: shiftOf(in.Subject), Moved: Number(math.NaN())}
	g := Field(m)
	if v, ok := readable(g); !ok {
		s.Verdict = v.about(g)
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
	s.Verdict = s.verdict(measureOf(in, m.Target)).about(g)
	return s, nil
}

// shiftOf is how many pixels an input is moved along each axis.
func shiftOf(of visualizers.Subject) int {
	size := sizesOf(of)
	least := min(size[1], size[2])
	if visualizers.DepthOf(of) > 0 {
		least = min(least, size[0])
	}
	return max(1, int(math.Round(shiftShare*float64(least))))
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
	if a.Sizes() != b.Sizes() {
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
// upper left; a volume is moved along its slices too.
func (s *Stability) move(ctx context.Context, in visualizers.Input, g similarity.Grid, explain Explainer) error {
	measure := measureOf(in, in.Targets[0])
	whole, err := measure.of(in.Base)
	if err != nil {
		return err
	}
	size, tensor := sizesOf(in.Subject), in.Tensor
	there := [3]int{0, s.Shift, s.Shift}
	if g.Depth > 0 {
		there[0] = s.Shift
	}
	for _, by := range [][3]int{there, {-there[0], -there[1], -there[2]}} {
		in.Tensor = moved(tensor, size, by)
		base, err := in.Subject.Predict(ctx, []infer.Tensor{in.Tensor})
		if err != nil {
			return err
		}
		in.Base = base[0]
		now, err := measure.of(in.Base)
		if err != nil {
			return err
		}
		change := Number(math.Abs(now.value - whole.value))
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
		a, b := together(g.On(size), movedBack(Field(m).On(size), by))
		s.Shifts = append(s.Shifts, Number(similarity.Spearman(a, b)))
	}
	return nil
}

// moved is a picture or volume of a size moved by some pixels along each axis; what
// comes in at the border mirrors what is there.
func moved(t infer.Tensor, size, by [3]int) infer.Tensor {
	out := t.Clone()
	plane := size[0] * size[1] * size[2]
	for i := range plane {
		z, y, x := i/size[2]/size[1]-by[0], i/size[2]%size[1]-by[1], i%size[2]-by[2]
		from := (reflect(z, size[0])*size[1]+reflect(y, size[1]))*size[2] + reflect(x, size[2])
		for c := 0; c < len(t.Data); c += plane {
			out.Data[c+i] = t.Data[c+from]
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
func movedBack(g similarity.Grid, by [3]int) similarity.Grid {
	out, size := g.With(make([]float64, len(g.Values))), g.Sizes()
	for i := range out.Values {
		z, y, x := i/size[2]/size[1]+by[0], i/size[2]%size[1]+by[1], i%size[2]+by[2]
		out.Values[i] = math.NaN()
		if min(z, y, x) >= 0 && z < size[0] && y < size[1] && x < size[2] {
			out.Values[i] = g.Values[(z*size[1]+y)*size[2]+x]
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
// seed, or none that matters beside them.
func Reseeded(v visualizers.Visualizer, values visualizers.Values, n int) []visualizers.Values {
	for _, set := range v.Settings() {
		seed, ok := set.(visualizers.Int)
		if !ok || seed.Key() != "seed" || !seed.Matters(values) {
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
