package visualizers

import (
	"fmt"
	"math"
	"slices"

	"picasso/backend/score"
	"picasso/visualizers/spelling"
)

// ScoreWords writes a score of a class for people: three significant digits,
// and never a certainty that a probability does not have.
func ScoreWords(v float64, s score.Score) string {
	switch {
	case s == score.Logit:
	case v > 0 && v < 0.0005:
		return "<0.001"
	case v > 0.9995 && v < 1:
		return ">0.999"
	case v >= 0 && v <= 1:
		return fmt.Sprintf("%.3f", v)
	}
	return spelling.Number(v)
}

// Stated is how a finding begins: what the score of a target is in a picture;
// "" where it has none.
func Stated(t score.Target, base score.Scores, n score.Namer) string {
	v, err := t.Value(base)
	if err != nil {
		return ""
	}
	return t.Symbol(n) + " is " + ScoreWords(v, t.Score) + "."
}

// Spot is the place of a value of the map, by its index, in words.
func (m Map) Spot(i int) string {
	i %= m.Width * m.Height
	if m.Depth > 0 {
		high := m.Height / m.Depth
		return fmt.Sprintf("slice %d, y %d, x %d of the model's input", i/m.Width/high, i/m.Width%high, i%m.Width)
	}
	return fmt.Sprintf("x %d, y %d of the model's input", i%m.Width, i/m.Width)
}

// Least is the index of the first smallest value; −1 where none is known.
func Least(values []float32) int {
	return extreme(values, func(a, b float32) bool { return a < b })
}

// Focus is the smallest share of a map's values that holds half of their sum of
// magnitudes: little for a map of a few spots, a half for one of equal values,
// 0 for one without any but zeros. NaN counts as zero.
func (m Map) Focus() float64 {
	sizes := make([]float64, 0, len(m.Values))
	sum := 0.0
	for _, v := range m.Values {
		size := math.Abs(float64(v))
		if !(size < math.Inf(1)) {
			size = 0
		}
		sizes = append(sizes, size)
		sum += size
	}
	if sum == 0 {
		return 0
	}
	slices.Sort(sizes)
	half, n := sum/2, 0
	for ; half > 0 && n < len(sizes); n++ {
		half -= sizes[len(sizes)-1-n]
	}
	return float64(n) / float64(len(sizes))
}

// FocusWords says how much of the map its strongest values make up.
func (m Map) FocusWords() string {
	of := "pixels"
	if m.Depth > 0 {
		of = "voxels"
	}
	if m.Channels > 1 {
		of = "values of all channels"
	}
	return fmt.Sprintf("half of the map's total lies in %s of the %s", Percent(m.Focus()), of)
}

// Percent writes a share for people.
func Percent(share float64) string { return spelling.Number(100*share) + " %" }
