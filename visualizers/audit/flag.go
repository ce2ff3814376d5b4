package audit

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"picasso/visualizers/audit/statistics"
)

// Kind is what a flag is about.
type Kind string

// Kinds of flags. All but Cover are suspicions: what they tell has nothing to do
// with most objects. Cover is a question, for objects may always stand at one place.
const (
	Border      Kind = "border"
	Corner      Kind = "corner"
	Top         Kind = "top"
	Bottom      Kind = "bottom"
	FixedPlace  Kind = "fixed-place"
	Minority    Kind = "minority"
	ByProperty  Kind = "property"
	OutsideMask Kind = "outside-mask"
	Cover       Kind = "cover"
)

// Suspicion reports whether the kind speaks against the network by itself.
func (k Kind) Suspicion() bool { return k != Cover }

// Flag is something to look at: what, in which class and way, how strongly, and one
// sentence for people.
type Flag struct {
	Kind     Kind
	Class    int
	Way      int // −1 for the class as a whole
	Effect   float64
	Interval statistics.Interval // of the effect; both ends NaN where there is none
	Control  float64             // what the same gives elsewhere; NaN where nothing was compared
	Property string              // id of the one that ByProperty is about
	Sentence string
}

// Thresholds of flags (docs/audit.md).
const (
	suspectLift    = 2.0 // of the border and of corners, with a lower bound of suspectBound
	suspectBound   = 1.5
	suspectTop     = 1.5 // of the upper third, with a lower bound of topBound
	topBound       = 1.2
	suspectBottom  = 2.6 // objects stand on the ground: nearly everything must lie there
	bottomBound    = 2.2
	fixedPlace     = 0.6
	minorityShare  = 0.15
	minorityApart  = 0.3
	suspectAUROC   = 0.85
	labelFollows   = 0.5 // |2·AUROC − 1| of the label from which a property may belong to the class
	coverDrop      = 0.2
	coverTimes     = 3.0
	falseDiscovery = 0.05
)

// flags applies the rules to every way, or to the class where it has no ways.
func (s Sample) flags(a *Analysis) []Flag {
	var list []Flag
	for _, c := range a.Classes {
		if len(s.speaking(c.Items)) >= LeastMaps {
			for k, w := range c.Ways {
				list = append(list, c.placeFlags(k, w)...)
				list = append(list, s.maskFlag(c, k, w)...)
				list = append(list, c.minorityFlag(k, w)...)
				list = append(list, c.trialFlags(k, w)...)
			}
		}
	}
	list = append(list, propertyFlags(a.Classes)...)
	slices.SortStableFunc(list, func(x, y Flag) int {
		if x.Kind.Suspicion() != y.Kind.Suspicion() {
			return map[bool]int{true: -1, false: 1}[x.Kind.Suspicion()]
		}
		return cmp.Compare(y.Effect, x.Effect)
	})
	return list
}

// who names a class and one of its ways.
func (c Class) who(way int, size int) string {
	if len(c.Ways) < 2 {
		return fmt.Sprintf("%s (%d pictures)", c.Name, size)
	}
	return fmt.Sprintf("%s, way %c (%d of %d)", c.Name, 'A'+way, size, len(c.Items))
}

// placeFlags are those of where the maps of a way lie.
func (c Class) placeFlags(k int, w Way) []Flag {
	var list []Flag
	add := func(kind Kind, l Lift, least, bound float64, where string) {
		if l.Mean >= least && l.Low > bound {
			list = append(list, Flag{
				Kind: kind, Class: c.Class, Way: k, Effect: l.Mean, Interval: l.Interval, Control: 1,
				Sentence: fmt.Sprintf("%s: %s holds %.2f times as much of the map as its area (%.2f to %.2f). Does the answer depend on what lies there?", c.who(k, len(w.Items)), where, l.Mean, l.Low, l.High),
			})
		}
	}
	// Of places that lie in each other only the hottest is flagged.
	corner, third, where := Lift{}, Lift{}, ""
	for i, name := range []string{"the upper left corner", "the upper right corner", "the lower left corner", "the lower right corner"} {
		if l := w.Lift.Corners[i]; l.Mean > corner.Mean {
			corner, third, where = l, []Lift{w.Lift.Top, w.Lift.Bottom}[i/2], name
		}
	}
	if corner.Mean > max(third.Mean, w.Lift.Border.Mean) {
		if add(Corner, corner, suspectLift, suspectBound, where); list != nil {
			return list
		}
	}
	add(Border, w.Lift.Border, suspectLift, suspectBound, "the border")
	add(Top, w.Lift.Top, suspectTop, topBound, "the upper third")
	add(Bottom, w.Lift.Bottom, suspectBottom, bottomBound, "the lower third")
	return list
}

// maskFlag tells of maps that lie less in the masks than anywhere.
func (s Sample) maskFlag(c Class, k int, w Way) []Flag {
	var lifts []float64
	for _, i := range w.Items {
		if v := float64(s.Rows[i].RegionLift); !math.IsNaN(v) {
			lifts = append(lifts, v)
		}
	}
	mean, interval := statistics.Mean(lifts, bootstraps, seed)
	if len(lifts) < LeastMaps/2 || !(interval.High < 1) {
		return nil
	}
	return []Flag{{
		Kind: OutsideMask, Class: c.Class, Way: k, Effect: 1 / max(mean, 0.01), Interval: statistics.Interval{Low: 1 / max(interval.High, 0.01), High: 1 / max(interval.Low, 0.01)}, Control: 1,
		Sentence: fmt.Sprintf("%s: the masks hold only %.2f times as much of the map as their area (%.2f to %.2f, %d pictures with a mask). What beside the object decides?", c.who(k, len(w.Items)), mean, interval.Low, interval.High, len(lifts)),
	}}
}

func (c Class) minorityFlag(k int, w Way) []Flag {
	share := float64(len(w.Items)) / float64(len(c.Items))
	if len(c.Ways) < 2 || share > minorityShare || w.Silhouette < minorityApart || len(w.Items) < 3 {
		return nil
	}
	return []Flag{{
		Kind: Minority, Class: c.Class, Way: k, Effect: w.Silhouette, Interval: none(), Control: math.NaN(),
		Sentence: fmt.Sprintf("%s is decided unlike the rest. What do these pictures have in common?", c.who(k, len(w.Items))),
	}}
}

func none() statistics.Interval { return statistics.Interval{Low: math.NaN(), High: math.NaN()} }

// propertyFlags are properties that tell an answer but not the label. Of two
// classes both would be told by the same property: one is enough.
func propertyFlags(classes []Class) []Flag {
	var p []float64
	for _, c := range classes {
		for _, s := range c.Shortcuts {
			p = append(p, s.P)
		}
	}
	significant := statistics.FalseDiscovery(p, falseDiscovery)
	var list []Flag
	told := map[string]bool{}
	at := 0
	for _, c := range classes {
		for _, s := range c.Shortcuts {
			ok := significant[at]
			at++
			if !ok || s.AUROC() < suspectAUROC || s.Label >= labelFollows || len(classes) == 2 && told[s.Property.ID] {
				continue
			}
			told[s.Property.ID] = true
			list = append(list, Flag{Kind: ByProperty, Class: c.Class, Way: -1, Effect: s.AUROC(), Interval: none(), Control: 0.5 + s.Label/2, Property: s.Property.ID, Sentence: s.sentence(c.Name)})
		}
	}
	return list
}

func (s Shortcut) sentence(class string) string {
	more := "low"
	if s.Higher {
		more = "high"
	}
	text := fmt.Sprintf("The %s alone tells %s from the other answers (AUROC %.2f; %s for %s)", s.Property.Title, class, s.AUROC(), more, class)
	switch {
	case s.Alike:
		return text + fmt.Sprintf(". Is that so by nature? The labels cannot tell: of %s all say the same.", class)
	case math.IsNaN(s.Label):
		return text + ". Is that so by nature? Labels would tell."
	}
	return text + fmt.Sprintf("; the label does not follow it (%.2f).", 0.5+s.Label/2)
}
