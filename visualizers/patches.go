package visualizers

import (
	"fmt"
	"image"
	"math"
	"slices"

	"picasso/backend/score"
	"picasso/visualizers/spelling"
)

// Patches are the evidence of a perturbation method: what every covered region
// did to every class. Maps of any class come from it without the model.
//
// Patches form a grid of Rows × Columns, row by row. A patch that has not
// been run has Scores without values; maps fill it in from its neighbours.
type Patches struct {
	Height, Width int         // of the model's input
	Rows, Columns int         // of the grid
	Size, Stride  image.Point // X across, Y down, in model pixels
	Base          score.Scores
	// Cells: each window is one cell of the map and shows the score itself, not
	// its drop, as the first Picasso did.
	Cells  bool
	Rects  []image.Rectangle // regions covered, in model pixels, cut at the border
	Scores []score.Scores    // the model's answer with that region covered
}

// Known reports whether window i has been run.
func (w *Patches) Known(i int) bool { return w.Scores[i].Probabilities != nil }

// Run counts the windows that have been run.
func (w *Patches) Run() int {
	n := 0
	for i := range w.Scores {
		if w.Known(i) {
			n++
		}
	}
	return n
}

// At is the window to show for a model pixel, if it has been run: of several
// that cover the pixel the one whose centre is nearest. Where the map is made
// of cells it is the cell's.
func (w *Patches) At(x, y int) (i int, ok bool) {
	if !image.Pt(x, y).In(image.Rect(0, 0, w.Width, w.Height)) {
		return 0, false
	}
	if w.Cells {
		i = y*w.Rows/w.Height*w.Columns + x*w.Columns/w.Width
		return i, w.Known(i)
	}
	nearest := math.MaxInt
	for k, r := range w.Rects {
		if !image.Pt(x, y).In(r) || !w.Known(k) {
			continue
		}
		dx, dy := 2*x+1-r.Min.X-r.Max.X, 2*y+1-r.Min.Y-r.Max.Y
		if d := dx*dx + dy*dy; d < nearest {
			nearest, i, ok = d, k, true
		}
	}
	return i, ok
}

// Drops are f(x) − f(x occluded) of the target per window; windows that have
// not been run are interpolated. At least one must have been run.
func (w *Patches) Drops(t score.Target) ([]float64, error) {
	base, err := t.Value(w.Base)
	if err != nil {
		return nil, err
	}
	drops := make([]float64, len(w.Scores))
	known := 0
	for i, s := range w.Scores {
		drops[i] = math.NaN()
		if !w.Known(i) {
			continue
		}
		v, err := t.Value(s)
		if err != nil {
			return nil, fmt.Errorf("window %d: %w", i, err)
		}
		drops[i] = base - v
		known++
	}
	if known == 0 {
		return nil, fmt.Errorf("no window has been run yet")
	}
	if known < len(drops) {
		NewLattice(w.Rows, w.Columns).fill(drops)
	}
	return drops, nil
}

// Surface is [Patches.Drops] on the surface of least bending through the windows
// that were run, from which maps are made. Where it bends beyond what the score
// allows, it ends there.
func (w *Patches) Surface(t score.Target) ([]float64, error) {
	drops, err := w.Drops(t)
	if err != nil {
		return nil, err
	}
	unknown := w.unknown()
	thinPlate{w.Rows, w.Columns, drops}.fit(unknown)
	low, high := w.possible(t)
	for _, i := range unknown {
		drops[i] = min(max(drops[i], low), high)
	}
	return drops, nil
}

// possible are the least and the largest drop that a score allows: a probability
// falls by no more than itself and rises by no more than what it lacks of 1. Scores
// are taken for probabilities where all that are known lie between 0 and 1; others
// have no bounds.
func (w *Patches) possible(t score.Target) (low, high float64) {
	base, err := t.Value(w.Base)
	if err != nil || t.Score != score.Probability || !w.shared(t) {
		return math.Inf(-1), math.Inf(1)
	}
	if t.Against != score.NoClass { // a difference, from −1 to 1
		return base - 1, base + 1
	}
	return base - 1, base
}

// shared reports whether all known scores of a target's classes can be probabilities.
func (w *Patches) shared(t score.Target) bool {
	for _, s := range append([]score.Scores{w.Base}, w.Scores...) {
		for _, class := range []int{t.Class, t.Against} {
			if class >= 0 && class < len(s.Probabilities) && !shares(s.Probabilities[class:class+1]) {
				return false
			}
		}
	}
	return true
}

// Map is the attribution of a target: at every pixel of the model's input the
// mean drop of the windows that cover it, NaN where none does. Positive means
// the region supports the target. With Cells it is the grid of scores. It
// needs no model, and time proportional to windows + pixels.
func (w *Patches) Map(t score.Target, n score.Namer) (Map, error) {
	if w.Cells {
		drops, err := w.Drops(t)
		if err != nil {
			return Map{}, err
		}
		return w.cells(t, n, drops)
	}
	drops, err := w.Surface(t)
	if err != nil {
		return Map{}, err
	}
	m := Map{
		Target: t, Channels: 1, Height: w.Height, Width: w.Width,
		Values: spread(w, drops),
		Unit:   "drop in " + t.Symbol(n), Positive: "this region supports " + t.Symbol(n),
		Signed: true, Step: w.Stride,
	}
	m.Finding, err = w.largestDrop(m, n)
	return m, err
}

// largestDrop says where the map of drops is highest, in the map's own values, and
// whether what it says was seen or is only estimated.
func (w *Patches) largestDrop(m Map, n score.Namer) (string, error) {
	if _, err := m.Target.Value(w.Base); err != nil {
		return "", err
	}
	is := Stated(m.Target, w.Base, n)
	best := Highest(m.Values)
	if best < 0 || !(m.Values[best] > 0) {
		if w.Run() < len(w.Scores) {
			return is + " As far as windows were run, covering lowers it nowhere.", nil
		}
		return is + " Covering lowers it nowhere, so nothing in this picture supports it.", nil
	}
	by := "by "
	if !w.seen(best%m.Width, best/m.Width) {
		by = "by an estimated "
	}
	return fmt.Sprintf("%s Covering lowers it most around %s: %s%s.", is, m.Spot(best), by, fallWords(float64(m.Values[best]), m.Target.Score)), nil
}

// seen reports whether all windows that cover a pixel were run.
func (w *Patches) seen(x, y int) bool {
	for i, r := range w.Rects {
		if image.Pt(x, y).In(r) && !w.Known(i) {
			return false
		}
	}
	return true
}

// fallWords writes by how much a score falls, so that rounding makes no fall larger
// than the score.
func fallWords(v float64, s score.Score) string {
	if s == score.Probability && v > 0.9995 {
		return ScoreWords(v, s)
	}
	return spelling.Number(v)
}

// Highest is the index of the first largest value; −1 where none is known.
func Highest(values []float32) int {
	return extreme(values, func(a, b float32) bool { return a > b })
}

// extreme is the index of the first value that no other one beats; −1 where
// none is known.
func extreme(values []float32, beats func(a, b float32) bool) int {
	best := -1
	for i, v := range values {
		if v == v && (best < 0 || beats(v, values[best])) {
			best = i
		}
	}
	return best
}

// unknown are the windows that have not been run.
func (w *Patches) unknown() []int {
	var list []int
	for i := range w.Scores {
		if !w.Known(i) {
			list = append(list, i)
		}
	}
	return list
}

// cells is the grid of the target's scores, one cell a window.
func (w *Patches) cells(t score.Target, n score.Namer, drops []float64) (Map, error) {
	base, err := t.Value(w.Base)
	if err != nil {
		return Map{}, err
	}
	m := Map{
		Target: t, Channels: 1, Height: w.Rows, Width: w.Columns,
		Values: make([]float32, len(drops)),
		Unit:   t.Symbol(n) + " while covered", Positive: "low values mark what " + t.Symbol(n) + " needs",
		Cells: true, WholePicture: true, Inverse: true,
	}
	for i, d := range drops {
		m.Values[i] = float32(base - d)
	}
	switch {
	case t.Against != score.NoClass:
		m.Signed = true
		m.Fixed = &[2]float64{-1, 1}
	default:
		m.Fixed = &[2]float64{0, 1}
	}
	if t.Score == score.Logit || !shares(m.Values) && t.Against == score.NoClass {
		m.Signed, m.Fixed = true, nil
	}
	if i := w.leastRun(m.Values); i >= 0 {
		m.Finding = fmt.Sprintf("%s It is lowest, %s, while row %d, column %d of the grid is covered.",
			Stated(t, w.Base, n), ScoreWords(float64(m.Values[i]), t.Score), i/w.Columns+1, i%w.Columns+1)
	}
	return m, nil
}

// leastRun is the first of the windows that were run with the smallest value; −1 where
// none has one.
func (w *Patches) leastRun(values []float32) int {
	best := -1
	for i, v := range values {
		if v == v && w.Known(i) && (best < 0 || v < values[best]) {
			best = i
		}
	}
	return best
}

// shares reports whether values can be probabilities: all of 0…1, but for
// rounding.
func shares(values []float32) bool {
	const rounding = 1e-3
	return !slices.ContainsFunc(values, func(v float32) bool { return v < -rounding || v > 1+rounding })
}

// spread averages the windows' numbers over the pixels they cover, with two
// running sums over corner differences (Crow's summed areas, backwards).
func spread(w *Patches, drops []float64) []float32 {
	stride := w.Width + 1
	sum := make([]float64, stride*(w.Height+1))
	count := make([]int32, len(sum))
	for i, r := range w.Rects {
		a, b := r.Min.Y*stride, r.Max.Y*stride
		sum[a+r.Min.X] += drops[i]
		sum[a+r.Max.X] -= drops[i]
		sum[b+r.Min.X] -= drops[i]
		sum[b+r.Max.X] += drops[i]
		count[a+r.Min.X]++
		count[a+r.Max.X]--
		count[b+r.Min.X]--
		count[b+r.Max.X]++
	}
	out := make([]float32, w.Height*w.Width)
	for y := range w.Height {
		var rowSum float64
		var rowCount int32
		for x := range w.Width {
			k := y*stride + x
			rowSum += sum[k]
			rowCount += count[k]
			sum[k], count[k] = rowSum, rowCount
			if y > 0 {
				sum[k] += sum[k-stride]
				count[k] += count[k-stride]
			}
			if count[k] == 0 {
				out[y*w.Width+x] = float32(math.NaN())
				continue
			}
			out[y*w.Width+x] = float32(sum[k] / float64(count[k]))
		}
	}
	return out
}
