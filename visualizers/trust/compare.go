package trust

import (
	"fmt"
	"math"

	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// From which likeness on two maps count as the same. The first is for maps that
// ought to differ, the last for those of different pictures, which share more.
const (
	sameRank      = .8
	outlineRank   = .7
	agreeingRank  = .5
	agreeingIoU   = .25 // of the greatest tenths, five times what chance gives
	samePicture   = .9
	fewestOthers  = 2 // pictures beside the one explained
	agreementEdge = 16
)

// EdgeLikeness is how far the order of a map's values is that of the outlines
// in the picture.
type EdgeLikeness struct {
	Verdict
	Spearman    Number `json:"spearman"`     // with the map as it is
	SpearmanAbs Number `json:"spearman_abs"` // with its values without signs
}

// LikeOutlines compares a map with the outlines of the picture it explains.
func LikeOutlines(in visualizers.Input, m visualizers.Map) EdgeLikeness {
	g := Field(m)
	nan := Number(math.NaN())
	if v, ok := readable(g); !ok {
		return EdgeLikeness{v, nan, nan}
	}
	a, b := together(g, Outlines(Luminance(in)))
	e := EdgeLikeness{Spearman: Number(similarity.Spearman(a, b)), SpearmanAbs: Number(similarity.SpearmanAbs(a, b))}
	switch like := max(e.Spearman, e.SpearmanAbs); {
	case math.IsNaN(float64(like)):
		e.Verdict = untold("The picture has no outlines to compare with.")
	case like >= outlineRank:
		e.Verdict = fails("This map resembles the outlines in the picture (similarity %s): it may show the picture and not the decision.", like)
	default:
		e.Verdict = passes("This map is more than the outlines in the picture (similarity %s).", like)
	}
	return e
}

// together shrinks two maps to one size at which they are compared.
func together(a, b similarity.Grid) (x, y similarity.Grid) {
	return alike(a, b, a.Edge())
}

// alike shrinks two maps to one size with no edge longer than edge.
func alike(a, b similarity.Grid, edge int) (x, y similarity.Grid) {
	var size [3]int
	for k, n := range a.Sizes() {
		size[k] = min(n, b.Sizes()[k], edge)
	}
	return a.On(size), b.On(size)
}

// Completeness is whether the values of a map add up to what they explain.
type Completeness struct {
	Verdict
	Gap Number `json:"gap"` // of the sum, as a share of the difference explained
}

// completeGap is the gap up to which values count as adding up.
const completeGap = .1

// AddsUp reads the gap that a method states of its map; ok is false for maps
// that do not claim to add up.
func AddsUp(m visualizers.Map) (c Completeness, ok bool) {
	gap, ok := m.Metrics["completeness_gap"]
	difference, has := m.Metrics["score_difference"]
	if !ok || !has {
		return c, false
	}
	c.Gap = Number(math.Abs(gap) / max(math.Abs(difference), 1e-9))
	switch {
	case !(math.Abs(difference) > 1e-6):
		c.Verdict = untold("The picture and the baseline have the same score, so there is nothing to add up to.")
	case c.Gap <= completeGap:
		c.Verdict = passes("The values of this map add up to what they explain, but for %s.", percent(float64(c.Gap)))
	default:
		c.Verdict = fails("The values of this map miss what they should add up to by %s: read them as an order of places, not as amounts. More steps help where the method takes some.", percent(float64(c.Gap)))
	}
	return c, true
}

// OtherClass is how much the map of another class is like this one.
type OtherClass struct {
	Verdict
	Class    int    `json:"class"` // whose map it is compared with
	Name     string `json:"name"`
	Spearman Number `json:"spearman"`
	SSIM     Number `json:"ssim"`
}

// NextClass is the target to compare a map of a target with: the most probable
// of the other classes. The difference of two classes has no other.
func NextClass(base score.Scores, t score.Target) (score.Target, bool) {
	if t.Against == score.NoClass {
		for _, class := range base.Order() {
			if class != t.Class {
				return score.ClassTarget(class, t.Score), true
			}
		}
	}
	return t, false
}

// ComparedWith compares a map with that of another class by the same method.
func ComparedWith(in visualizers.Input, m, other visualizers.Map) OtherClass {
	o := OtherClass{Class: other.Target.Class, Name: in.Subject.ClassName(other.Target.Class)}
	a, b := together(Field(m), Field(other))
	o.Spearman, o.SSIM = Number(similarity.Spearman(a, b)), Number(similarity.SSIM(a, b))
	switch {
	case math.IsNaN(float64(o.Spearman)):
		o.Verdict = untold("One of the two maps is the same everywhere.")
	case o.Spearman >= sameRank && in.Subject.Classes() == 2 && !m.Signed:
		o.Verdict = untold("With two classes, what speaks for one speaks against the other; a map without signs is the same for both.")
	case o.Spearman >= sameRank:
		o.Verdict = fails("The class “%s” gets nearly the same map (similarity %s): this map does not tell the classes apart.", o.Name, o.Spearman)
	default:
		o.Verdict = passes("The class “%s” gets another map (similarity %s).", o.Name, o.Spearman)
	}
	return o
}

// EveryPicture is how much the maps of other pictures are like this one.
type EveryPicture struct {
	Verdict
	Pictures int    `json:"pictures"` // that it was compared with
	SSIM     Number `json:"ssim"`     // the mean
}

// AcrossPictures compares a map with those of other pictures by the same method.
func AcrossPictures(m visualizers.Map, others []visualizers.Map) EveryPicture {
	e := EveryPicture{Pictures: len(others), SSIM: Number(math.NaN())}
	if len(others) < fewestOthers {
		e.Verdict = untold("This takes maps of at least three pictures.")
		return e
	}
	var sum float64
	for _, o := range others {
		a, b := together(Field(m), Field(o))
		sum += similarity.SSIM(a, b)
	}
	e.SSIM = Number(sum / float64(len(others)))
	switch {
	case math.IsNaN(float64(e.SSIM)):
		e.Verdict = untold("One of the maps holds no numbers.")
	case e.SSIM >= samePicture:
		e.Verdict = fails("This method draws the same map for every picture (similarity %s).", e.SSIM)
	default:
		e.Verdict = passes("Other pictures get other maps (similarity %s).", e.SSIM)
	}
	return e
}

// Agreement is how far other methods draw this map.
type Agreement struct {
	Verdict
	With   []Likeness `json:"with"`
	Chance Number     `json:"iou_chance"` // IoU of maps that have nothing in common
}

// Likeness is how much one other method's map is like this one.
type Likeness struct {
	Visualizer string `json:"visualizer"`
	Title      string `json:"title"`
	Spearman   Number `json:"spearman"`
	IoU        Number `json:"iou"` // of the greatest tenth of both
	Agrees     bool   `json:"agrees"`
}

// Named is a map with the method that drew it.
type Named struct {
	Visualizer, Title string
	Map               visualizers.Map
}

// Agrees compares a map with those of other methods for the same picture and
// class.
func Agrees(m visualizers.Map, others []Named) Agreement {
	a := Agreement{Chance: Number(similarity.ChanceIoU(similarity.TopShare)), With: []Likeness{}}
	mine := Field(m)
	agree := 0
	for _, o := range others {
		theirs := Field(o.Map)
		x, y := alike(mine, theirs, agreementEdge)
		l := Likeness{Visualizer: o.Visualizer, Title: o.Title,
			Spearman: Number(similarity.Spearman(x, y)), IoU: Number(similarity.TopIoU(x, y, similarity.TopShare))}
		if l.Agrees = l.Spearman >= agreeingRank || l.IoU >= agreeingIoU; l.Agrees {
			agree++
		}
		a.With = append(a.With, l)
	}
	said := fmt.Sprintf("%d of %d other methods point to the same places.", agree, len(others))
	if len(others) == 1 {
		said = fmt.Sprintf("%s points to %s.", others[0].Title, map[int]string{0: "other places", 1: "the same places"}[agree])
	}
	said += " That methods agree does not make them right."
	switch {
	case len(others) == 0:
		a.Verdict = untold("No other method has a map of this picture and class yet.")
	case 2*agree >= len(others):
		a.Verdict = passes("%s", said)
	default:
		a.Verdict = fails("%s", said)
	}
	return a
}
