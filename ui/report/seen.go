package report

import (
	"image"
	"math"
	"reflect"

	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/compare"
)

// Seen is a picture as one of two compared models sees it, with the method that
// explains both.
type Seen struct {
	Subject
	Method visualizers.Visualizer
	Values visualizers.Values
}

// kind is what the model's output holds.
func (s Seen) kind() score.OutputKind { return s.known().Output.Kind }

func (s Seen) preparation() preprocess.Preprocess { return s.known().Preprocess }

func (s Seen) known() metadata.Card {
	if s.Card == nil {
		return metadata.Card{}
	}
	return *s.Card
}

// side is a map with its place on the picture.
func (s Seen) side(m visualizers.Map) compare.Side {
	_, height, width := s.Model.Shape()
	return compare.Side{Map: m, Place: s.Place, Input: image.Pt(width, height)}
}

func (s Seen) answered() ComparedModel {
	c := ComparedModel{Model: s.File, Predictions: Predictions(s.Model, s.Scores, MostPredictions), Settings: map[string]string{}}
	if s.Method != nil {
		c.Settings = visualizers.FormatValues(s.Method, s.Values)
	}
	return c
}

// NewCompared compares the answers of two models to a picture that is called image
// in files.
func NewCompared(image string, a, b Seen) Compared {
	c := Compared{
		Image: image, SHA256: a.SHA256, Notice: drawing.Notice(a.Picture),
		A: a.answered(), B: b.answered(), Spearman: Number(math.NaN()), DeltaProbability: Number(math.NaN()), Notes: []string{}, Files: []string{},
	}
	if a.Method != nil {
		c.Visualizer = a.Method.Info().ID
	}
	if !a.kind().OfClasses() || !b.kind().OfClasses() {
		return c
	}
	bestA, bestB := c.A.Predictions, c.B.Predictions
	if len(bestA) > 0 && len(bestB) > 0 {
		m, err := compare.Classes(a.Model, b.Model, bestA[0].Index)
		same := err == nil && m.B == bestB[0].Index
		c.SameAnswer = &same
	}
	return c
}

// Match finds what is explained of the second model where it is of the first; ok is
// false where only the answers can be compared, which it notes.
func (c *Compared) Match(a, b Seen, of score.Target) (other score.Target, ok bool) {
	c.Output = of.Score.String()
	if kindA, kindB := a.kind(), b.kind(); kindA != kindB {
		c.Note("the outputs are of different kinds, %s and %s: only the answers are compared", kindA, kindB)
		return other, false
	}
	m, err := compare.Classes(a.Model, b.Model, of.Class)
	if err != nil {
		c.Note("%v: only the answers are compared", err)
		return other, false
	}
	c.Note("%s", m.Note(a.Model, b.Model))
	other = score.ClassTarget(m.B, of.Score)
	byName := m.ByName
	if of.Against != score.NoClass {
		against, err := compare.Classes(a.Model, b.Model, of.Against)
		if err != nil {
			c.Note("%v: only the answers are compared", err)
			return other, false
		}
		c.Note("%s", against.Note(a.Model, b.Model))
		other.Against, byName = against.B, byName && against.ByName
	}
	c.Class = &ClassPair{A: ClassOf(a.Model, of), B: ClassOf(b.Model, other), Matched: "index"}
	if byName {
		c.Class.Matched = "name"
	}
	c.DeltaProbability = delta(a.Scores, b.Scores, of, other)
	return other, true
}

// delta is the difference of the probabilities of what is explained.
func delta(a, b score.Scores, of, other score.Target) Number {
	of.Score, other.Score = score.Probability, score.Probability
	x, errA := of.Value(a)
	y, errB := other.Value(b)
	if errA != nil || errB != nil {
		return Number(math.NaN())
	}
	return Number(x - y)
}

// OnOnePicture reports whether maps of both models lie on the same picture, and
// notes where they do not.
func (c *Compared) OnOnePicture(a, b Seen) bool {
	if a.Base.Rect.Size() != b.Base.Rect.Size() || a.preparation().Orientation != b.preparation().Orientation {
		c.Note("the models turn the picture in different ways, so that their maps do not lie on one picture: only the answers are compared")
		return false
	}
	return true
}

// Maps compares the maps of both models in pixels of the picture. It takes a moment
// for large ones.
func (c *Compared) Maps(a, b Seen, maps [2]visualizers.Map) compare.Result {
	size, info := a.Base.Rect.Size(), a.Method.Info()
	shapeOnly := compare.ShapeOnly(info.Group, a.File.SHA256 == b.File.SHA256, reflect.DeepEqual(a.preparation(), b.preparation()))
	r := compare.Maps(a.side(maps[0]), b.side(maps[1]), size.Y, size.X, shapeOnly)
	c.Spearman, c.ShapeOnly, c.Unit = Number(r.Spearman), r.ShapeOnly, maps[0].Unit
	if r.ShapeOnly {
		c.Unit += ", divided by its root mean square"
		c.Note("values of %s in two models are no quantities of one kind: each map is divided by its root mean square, and only shapes are compared", info.Title)
	}
	return r
}

// Parts of a comparison of maps, in the order in which they are shown.
const (
	PartA = iota
	PartB
	PartDifference
)

// PartNames are what files of the parts are called.
var PartNames = [3]string{"a", "b", "difference"}

// Draw notes how the parts of a comparison are drawn.
func (c *Compared) Draw(parts [3]drawing.Figure) {
	c.Drawn = nil
	for _, f := range parts {
		c.Drawn = append(c.Drawn, drawnOf(f.Display, f.Map, f.Scan))
	}
}

// Figures are both maps and their difference over the picture, all on one scale: that
// of the maps for these, and for the difference the same with zero in its middle. like
// is the first model's map. d is how maps are drawn; a scale it holds is left out.
func (s Seen) Figures(like visualizers.Map, r compare.Result, d drawing.Display) [3]drawing.Figure {
	scan := s.medical()
	like.Channels, like.Apart, like.Height, like.Width, like.WholePicture = 1, false, r.Height, r.Width, true
	like.Fixed = nil
	d.Locked = nil
	a, b := like, like
	a.Values, b.Values = r.A, r.B
	both := d.Shared(scan, a, b)
	var out [3]drawing.Figure
	_, height, width := s.Model.Shape()
	for i, values := range [][]float32{r.A, r.B, r.Difference} {
		m := like
		m.Values = values
		locked := both
		if i == PartDifference {
			most := max(-both.Lo, both.Hi)
			m.Signed, locked = true, drawing.Range{Lo: -most, Hi: most}
		}
		shown := d
		shown.Locked = &locked
		out[i] = drawing.Figure{Base: s.Base, Map: m, At: drawing.Place(m, s.Place, width, height, s.Base.Rect.Size()), Display: shown, Scan: scan}
	}
	return out
}
