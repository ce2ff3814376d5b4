package audit

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/visualizers"
)

// Tested is what trials showed of a way.
type Tested struct {
	Covered *Covered
	Moved   *Moved
}

// Tried reports whether every way was tried, and there is one.
func (a *Analysis) Tried() bool {
	tried := false
	for _, c := range a.Classes {
		for _, w := range c.Ways {
			if w.Covered == nil {
				return false
			}
			tried = true
		}
	}
	return tried
}

// Tested is what [Analysis.Try] found, by class and way, for [Analysis.Recall].
func (a *Analysis) Tested() [][]Tested {
	out := make([][]Tested, len(a.Classes))
	for i, c := range a.Classes {
		for _, w := range c.Ways {
			out[i] = append(out[i], Tested{w.Covered, w.Moved})
		}
	}
	return out
}

// Recall takes over what was found for the same sample, and reports whether it
// fits.
func (a *Analysis) Recall(s Sample, found [][]Tested) bool {
	if len(found) != len(a.Classes) {
		return false
	}
	for i, c := range a.Classes {
		if len(found[i]) != len(c.Ways) {
			return false
		}
	}
	for i := range found {
		for k, t := range found[i] {
			a.Classes[i].Ways[k].Covered, a.Classes[i].Ways[k].Moved = t.Covered, t.Moved
		}
	}
	s.repeats = repeats(a.Copies, s.Rows)
	a.Flags = s.flags(a)
	return true
}

// Covered is what covering one place of all pictures of a way does.
type Covered struct {
	Pictures int
	Drop     float64 // mean fall of the explained class's probability
	Flips    int     // answers that changed
	// ControlDrop and ControlFlips are the means over places of the same size and
	// shape elsewhere.
	ControlDrop, ControlFlips float64
}

// Moved is whether a map follows what the picture shows.
type Moved struct {
	Pictures int
	// Content and Frame are mean cosines of the map of a moved picture with the
	// moved map, and with the map as it was.
	Content, Frame float64
}

// stayMargin is how much more a map must look like itself than like itself moved:
// wide maps look like both.
const stayMargin = 0.2

// Stays reports maps that stay where they were, with the frame.
func (m Moved) Stays() bool { return m.Frame > m.Content+stayMargin }

// Trials run the model on changed pictures of the sample.
type Trials struct {
	Auditor
	// Open gives picture i of the sample.
	Open func(ctx context.Context, i int) (*picture.Image, error)
	// Progress is told how many pictures of all were tried; nil is allowed.
	Progress func(done, of int)
}

const (
	controls  = 3   // places elsewhere
	moveShare = 0.1 // of the picture's side
)

// Try covers the place of every way in all its pictures, moves the pictures that
// stand for it, and adds what that shows to the flags. Pictures that cannot be opened
// any more are left out.
func (a *Analysis) Try(ctx context.Context, s Sample, t Trials) error {
	total, done := 0, 0
	for _, c := range a.Classes {
		for _, w := range c.Ways {
			total += len(w.Items)
		}
	}
	for ci := range a.Classes {
		for wi := range a.Classes[ci].Ways {
			w := &a.Classes[ci].Ways[wi]
			covered, moved := &Covered{}, &Moved{}
			for _, i := range w.Items {
				if err := t.on(ctx, i, func(m *picture.Image, x infer.Tensor) error {
					return t.cover(ctx, m, x, *w, a.Classes[ci].Class, covered)
				}); err != nil {
					return err
				}
				if done++; t.Progress != nil {
					t.Progress(done, total)
				}
			}
			for _, i := range w.Typical() {
				if err := t.on(ctx, i, func(m *picture.Image, x infer.Tensor) error {
					return t.move(ctx, m, x, s.Map(i), a.Classes[ci].Class, moved)
				}); err != nil {
					return err
				}
			}
			covered.finish()
			moved.finish()
			w.Covered, w.Moved = covered, moved
		}
	}
	s.repeats = repeats(a.Copies, s.Rows)
	a.Flags = s.flags(a)
	return nil
}

// cover covers the hot cells of a way in one picture, and the controls.
func (t Trials) cover(ctx context.Context, m *picture.Image, x infer.Tensor, w Way, class int, sum *Covered) error {
	at := t.Subject.Place(m)
	batch := []infer.Tensor{x, t.covered(x, m, at, w.Hot)}
	for k := range controls {
		batch = append(batch, t.covered(x, m, at, elsewhere(w.Hot, uint64(k))))
	}
	answers, err := t.Subject.Predict(ctx, batch)
	if err != nil {
		return err
	}
	p := func(k int) float64 { return float64(answers[k].Probabilities[class]) }
	flipped := func(k int) bool { return answers[k].Order()[0] != answers[0].Order()[0] }
	sum.Pictures++
	sum.Drop += p(0) - p(1)
	if flipped(1) {
		sum.Flips++
	}
	for k := range controls {
		sum.ControlDrop += (p(0) - p(2+k)) / controls
		if flipped(2 + k) {
			sum.ControlFlips += 1.0 / controls
		}
	}
	return nil
}

func (c *Covered) finish() {
	n := float64(max(c.Pictures, 1))
	c.Drop, c.ControlDrop = c.Drop/n, c.ControlDrop/n
}

// on runs a trial on picture i, if that can still be opened.
func (t Trials) on(ctx context.Context, i int, trial func(m *picture.Image, x infer.Tensor) error) error {
	m, err := t.Open(ctx, i)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return nil
	}
	x, err := t.Subject.Prepare(m)
	if err != nil {
		return err
	}
	return trial(m, x)
}

// covered fills the cells of the picture with the mean colour of the input.
func (t Trials) covered(x infer.Tensor, m *picture.Image, at preprocess.Placement, cells []bool) infer.Tensor {
	channels, height, width := t.Subject.Shape()
	out := x.Clone()
	fill := visualizers.ChannelMeans(x)
	for y := range height {
		row := int(math.Floor((at.ScaleY*(float64(y)+0.5) + at.OffsetY) / float64(m.Height) * Side))
		for col := range width {
			column := int(math.Floor((at.ScaleX*(float64(col)+0.5) + at.OffsetX) / float64(m.Width) * Side))
			if row < 0 || row >= Side || column < 0 || column >= Side || !cells[row*Side+column] {
				continue
			}
			for c := range channels {
				out.Data[(c*height+y)*width+col] = fill[c]
			}
		}
	}
	return out
}

// elsewhere moves cells to where few of them were, around the edges where they
// leave the picture. The same number gives the same place.
func elsewhere(cells []bool, number uint64) []bool {
	random := rand.New(rand.NewPCG(seed, number))
	var best []bool
	least := math.MaxInt
	for range 20 {
		down, right := random.IntN(Side), random.IntN(Side)
		moved, overlap := make([]bool, len(cells)), 0
		for i, in := range cells {
			if !in {
				continue
			}
			to := (i/Side+down)%Side*Side + (i%Side+right)%Side
			moved[to] = true
			if cells[to] {
				overlap++
			}
		}
		if overlap < least {
			best, least = moved, overlap
		}
		if overlap == 0 {
			break
		}
	}
	return best
}

// move moves a picture by a tenth towards the nearer side of its map, what enters
// at the other being reflected, and compares its map with the map as it was and with
// that map moved.
func (t Trials) move(ctx context.Context, m *picture.Image, x infer.Tensor, before []float32, class int, sum *Moved) error {
	_, _, width := t.Subject.Shape()
	shift := max(1, int(moveShare*float64(width)))
	if PlaceOf(before, Side, Side).CentreX < 0.5 {
		shift = -shift
	}
	x = t.shifted(x, shift)
	answers, err := t.Subject.Predict(ctx, []infer.Tensor{x})
	if err != nil {
		return err
	}
	var r Row
	r.Explained = class
	after, err := t.explain(ctx, &r, m, x, sight{answer: answers[0]})
	if err != nil {
		return err
	}
	if after == nil {
		return nil // nothing to compare
	}
	cells := int(math.Round(t.Subject.Place(m).ScaleX * float64(shift) / float64(m.Width) * Side))
	moved := make([]float32, len(before))
	for k := range moved {
		if from := k%Side - cells; from >= 0 && from < Side {
			moved[k] = before[k-cells]
		} else {
			after[k] = 0 // what entered is not compared
		}
	}
	sum.Pictures++
	sum.Content += cosine(after, moved)
	sum.Frame += cosine(after, before)
	return nil
}

// shifted is an input moved to the right, reflected where something enters.
func (t Trials) shifted(x infer.Tensor, by int) infer.Tensor {
	channels, height, width := t.Subject.Shape()
	out := x.Clone()
	for k := range channels * height {
		for col := range width {
			from := col - by
			if from < 0 {
				from = -from - 1
			}
			if from >= width {
				from = 2*width - 1 - from
			}
			out.Data[k*width+col] = x.Data[k*width+min(max(from, 0), width-1)]
		}
	}
	return out
}

func (m *Moved) finish() {
	n := float64(max(m.Pictures, 1))
	m.Content, m.Frame = m.Content/n, m.Frame/n
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i, v := range a {
		ab += float64(v) * float64(b[i])
		aa += float64(v) * float64(v)
		bb += float64(b[i]) * float64(b[i])
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

// trialFlags are what covering and moving the pictures of a way tell.
func (c Class) trialFlags(k int, w Way) []Flag {
	var list []Flag
	if v := w.Covered; v != nil && v.Drop >= coverDrop && v.Drop >= coverTimes*max(v.ControlDrop, 0) {
		list = append(list, Flag{
			Kind: Cover, Class: c.Class, Way: k, Effect: v.Drop, Interval: none(), Control: v.ControlDrop,
			Sentence: fmt.Sprintf("%s is decided in %s: covering it lowers the probability by %.2f and changes %d of %d answers, the same area elsewhere %.2f and %.1f. Is the object always there?",
				c.who(k, len(w.Items)), where(w.Hot), v.Drop, v.Flips, v.Pictures, v.ControlDrop, v.ControlFlips),
		})
	}
	if m := w.Moved; m != nil && m.Stays() && c.Fixed >= fixedPlace {
		list = append(list, Flag{
			Kind: FixedPlace, Class: c.Class, Way: k, Effect: c.Fixed, Interval: none(), Control: math.NaN(),
			Sentence: fmt.Sprintf("%s: the maps lie at one place, %s, and stay there when the picture is moved. Is there a mark of the device?", c.who(k, len(w.Items)), where(w.Hot)),
		})
	}
	return list
}

// Where names the part of the picture in which the mean map of a way is strongest.
func (w Way) Where() string { return where(w.Hot) }

// where names the part of the picture in which most of the cells lie.
func where(cells []bool) string {
	var y, x, n float64
	for i, in := range cells {
		if in {
			y, x, n = y+(float64(i/Side)+0.5)/Side, x+(float64(i%Side)+0.5)/Side, n+1
		}
	}
	if n == 0 {
		return "no place"
	}
	names := [3][3]string{
		{"the upper left", "the upper middle", "the upper right"},
		{"the left", "the middle", "the right"},
		{"the lower left", "the lower middle", "the lower right"},
	}
	return names[min(int(y/n*3), 2)][min(int(x/n*3), 2)]
}
