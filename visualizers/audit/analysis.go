package audit

import (
	"context"
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/visualizers/audit/statistics"
)

const (
	// LeastMaps is the number of maps of a class from which ways are looked for:
	// with fewer, the gap between eigenvalues is noise.
	LeastMaps = 20
	// bootstraps is the number of draws behind an interval of a mean.
	bootstraps = 1000
	seed       = 1
	// nearest and farthest are the pictures that stand for a way.
	nearest, farthest = 6, 3
)

// Sample is what an analysis knows of the pictures: rows and maps of one length,
// by picture. Rows with an error are left out by [Analyse].
type Sample struct {
	Rows []Row
	Maps [][]float32 // Side×Side cells each; nil where a map says nothing
	Kept Kept        // has the maps instead, where they are too many for memory; else nil
	// Features gives the penultimate activations of picture i, nil where it has none; nil
	// where the audit keeps none. It is called from several goroutines.
	Features func(i int) []float32
	Truth    Truth    // nil without labels
	Names    []string // of the classes

	// Known once it is analysed:
	repeats map[int]int          // files that are there twice, with the first
	ranks   []statistics.Ranking // of [Properties]
}

// Kept are maps that are not in memory.
type Kept interface {
	Has(i int) bool
	// At reads map i, of Side×Side cells; all are 0 where it cannot be read.
	At(i int) []float32
}

// Map is that of picture i, nil where it says nothing. It is not to be changed.
func (s Sample) Map(i int) []float32 {
	switch {
	case s.Kept == nil:
		return s.Maps[i]
	case s.Kept.Has(i):
		return s.Kept.At(i)
	}
	return nil
}

// speaks reports whether the map of picture i says anything.
func (s Sample) speaks(i int) bool {
	if s.Kept != nil {
		return s.Kept.Has(i)
	}
	return s.Maps[i] != nil
}

// Truth is what labels say.
type Truth interface {
	// Of reports whether picture i is of a class. known is false where no label
	// tells.
	Of(i, class int) (is, known bool)
}

// Analysis is what rows have in common.
type Analysis struct {
	Pictures int // with an answer
	Failed   int // without one
	Silent   int // whose map has no positive values
	Repeats  int // that are the same file as another, and count once
	Classes  []Class
	Flags    []Flag // by effect, suspicions first
	Copies   []Copies
	// Compared is how many pictures were compared by their features, Sampled with how
	// many others each was, 0 for all.
	Compared, Sampled int
	// Alike are groups of pictures that the network hardly tells apart, and that are no
	// copies.
	Alike    [][]int
	Standing []Standing // of every row
}

// Standing is where a picture stands among those of its class. It has no way, −1, and
// no numbers, NaN, where there are too few maps, and where its map says nothing.
type Standing struct {
	Way        int
	Distance   float64 // of its map from the mean of the way, each divided by its sum: 0…√2
	Uniqueness float64 // distance to the three nearest over the largest of the class, 0…1
	Nearest    int     // the picture with the most similar map
	X, Y       float64 // in the plane of its class, see [ways.Ways]: for drawing only

	// By their features, among all pictures; −1 and NaN where there are none:
	Alike      int     // the most similar picture
	Similarity float64 // cosine with it
	Apart      float64 // see [likeness.Likeness]
}

// Class are the pictures that one class is explained for.
type Class struct {
	Class    int
	Name     string
	Items    []int     // pictures, in order
	Mean     []float32 // map, each picture's divided by its sum
	Spread   []float32 // standard deviation of these
	Lift     Lifts
	Fixed    float64 // see [Concentration]; NaN where no map is focused
	Accuracy Rate    // of the answers, with labels
	Ways     []Way   // the largest first; none where there are too few maps
	Why      string  // why there are no ways
	Values   []float64
	// Shortcuts are the properties that tell this answer from others.
	Shortcuts []Shortcut
}

// Rate is a share with its 95 % interval.
type Rate struct {
	Hits, Of int
	statistics.Interval
}

// Share is NaN where there is nothing to count.
func (r Rate) Share() float64 { return float64(r.Hits) / float64(r.Of) }

func NewRate(hits, of int) Rate { return Rate{hits, of, statistics.Wilson(hits, of)} }

// Lift is a share over the area it was taken of: 1 where a map is the same
// everywhere.
type Lift struct {
	Mean float64
	statistics.Interval
}

// Lifts are those of the parts of a picture.
type Lifts struct {
	Top, Bottom, Border Lift
	Corners             [4]Lift // upper left, upper right, lower left, lower right
}

// Analyse sorts the rows by the class that is explained and finds what they have in
// common. It runs no model: see [Analysis.Try].
func Analyse(ctx context.Context, s Sample) (*Analysis, error) {
	a := &Analysis{Standing: make([]Standing, len(s.Rows))}
	for i := range a.Standing {
		a.Standing[i] = Standing{Way: -1, Nearest: -1, Alike: -1, Distance: math.NaN(), Uniqueness: math.NaN(), X: math.NaN(), Y: math.NaN(), Similarity: math.NaN(), Apart: math.NaN()}
	}
	a.Copies = s.copies()
	s.repeats = repeats(a.Copies, s.Rows)
	a.Repeats = len(s.repeats)
	s.ranks = s.ranked()
	byClass := map[int][]int{}
	for i, r := range s.Rows {
		switch {
		case r.Error != "":
			a.Failed++
			continue
		case !s.speaks(i):
			a.Silent++
		}
		a.Pictures++
		byClass[r.Explained] = append(byClass[r.Explained], i)
	}
	var classes []int
	for c := range byClass {
		classes = append(classes, c)
	}
	slices.Sort(classes)
	told := newTold(byClass, len(s.Rows))
	for _, c := range classes {
		told.tell(ctx)
		of, err := s.class(ctx, c, byClass[c], a.Standing)
		if err != nil {
			return nil, err
		}
		a.Classes = append(a.Classes, of)
		told.done += compared(len(byClass[c]))
	}
	told.tell(ctx)
	if err := s.alike(ctx, a); err != nil {
		return nil, err
	}
	for i, first := range s.repeats {
		if s.Rows[i].Explained == s.Rows[first].Explained {
			was := a.Standing[i]
			a.Standing[i] = a.Standing[first]
			a.Standing[i].Alike, a.Standing[i].Similarity, a.Standing[i].Apart = was.Alike, was.Similarity, was.Apart
		}
	}
	a.Flags = s.flags(a)
	return a, nil
}

// told is how far an analysis is, by the comparisons of maps that it takes.
type told struct{ done, all float64 }

func newTold(byClass map[int][]int, rows int) told {
	t := told{all: 1 + sampledFeatures*float64(rows)}
	for _, items := range byClass {
		t.all += compared(len(items))
	}
	return t
}

// sampledFeatures is how many pictures each is compared with at the end, about.
const sampledFeatures = 2000

// compared is how many comparisons the maps of a class take.
func compared(maps int) float64 {
	return float64(min(maps, mostCompared)) * float64(min(maps, mostCompared))
}

func (t told) tell(ctx context.Context) { infer.Tell(ctx, "comparing the maps", t.done/t.all) }

// class analyses the pictures of one class.
func (s Sample) class(ctx context.Context, class int, items []int, standing []Standing) (Class, error) {
	c := Class{Class: class, Name: s.name(class), Items: items, Accuracy: s.accuracy(items), Shortcuts: s.shortcutsOf(class)}
	with := s.speaking(items)
	c.Mean = s.meanMap(with)
	c.Spread = s.spread(with, c.Mean)
	at := s.locate(with)
	c.Lift = lifts(at.places)
	c.Fixed = math.NaN()
	if share, ok := concentration(at.places, func(k int) []float32 { return s.Map(with[k]) }); ok {
		c.Fixed = share
	}
	if len(with) < LeastMaps {
		c.Why = fmt.Sprintf("%d maps are too few to find ways of deciding in; %d are needed.", len(with), LeastMaps)
		return c, nil
	}
	if err := s.findWays(ctx, &c, at, standing); err != nil {
		return Class{}, err
	}
	return c, nil
}

func (s Sample) name(class int) string {
	if class >= 0 && class < len(s.Names) {
		return s.Names[class]
	}
	return fmt.Sprintf("class %d", class)
}

// speaking are the pictures whose map says something, each once.
func (s Sample) speaking(items []int) []int {
	return slices.DeleteFunc(slices.Clone(items), func(i int) bool {
		_, again := s.repeats[i]
		return again || !s.speaks(i)
	})
}

// distribution is the map of picture i divided by its sum.
func (s Sample) distribution(i int) []float32 {
	m := s.Map(i)
	total := float32(0)
	for _, v := range m {
		total += max(0, v)
	}
	q := make([]float32, len(m))
	for c, v := range m {
		q[c] = max(0, v) / total
	}
	return q
}

// meanMap is the mean of the maps, each divided by its sum.
func (s Sample) meanMap(items []int) []float32 {
	mean := make([]float32, Side*Side)
	for _, i := range items {
		for c, v := range s.distribution(i) {
			mean[c] += v / float32(len(items))
		}
	}
	return mean
}

// spread is the standard deviation of maps around their mean.
func (s Sample) spread(items []int, mean []float32) []float32 {
	out := make([]float32, Side*Side)
	for _, i := range items {
		for c, v := range s.distribution(i) {
			out[c] += (v - mean[c]) * (v - mean[c]) / float32(len(items))
		}
	}
	for c, v := range out {
		out[c] = float32(math.Sqrt(float64(v)))
	}
	return out
}

// right reports whether the answer to picture i is true.
func (s Sample) right(i int) (right, known bool) {
	if s.Truth == nil {
		return false, false
	}
	return s.Truth.Of(i, s.Rows[i].Predicted)
}

// accuracy is how many of the answers to some pictures, of one class, are right. Where
// no label names the class and some of these pictures cannot be judged, the others can
// only be wrong, and there is no rate.
func (s Sample) accuracy(items []int) Rate {
	hits, of, open := 0, 0, 0
	for _, i := range items {
		right, known := s.right(i)
		if !known {
			open++
			continue
		}
		of++
		if right {
			hits++
		}
	}
	if of > 0 && hits == 0 && open > 0 && !s.named(s.Rows[items[0]].Predicted) {
		return NewRate(0, 0)
	}
	return NewRate(hits, of)
}

// named reports whether a label says of any picture that it shows the class.
func (s Sample) named(class int) bool {
	for i := range s.Rows {
		if is, known := s.Truth.Of(i, class); is && known {
			return true
		}
	}
	return false
}

// ranked orders the pictures by their properties.
func (s Sample) ranked() []statistics.Ranking {
	return rank(len(s.Rows), func(i int) Numbers {
		r := &s.Rows[i]
		if _, again := s.repeats[i]; again || r.Error != "" || len(r.Properties) != len(Properties) {
			return nil
		}
		return r.Properties
	})
}

// shortcutsOf compares the properties of all pictures with the answer class.
func (s Sample) shortcutsOf(class int) []Shortcut {
	answered := make([]statistics.Group, len(s.Rows))
	var label []statistics.Group
	if s.Truth != nil {
		label = make([]statistics.Group, len(s.Rows))
	}
	for i := range s.Rows {
		if s.Truth != nil {
			is, known := s.Truth.Of(i, class)
			if !known {
				continue
			}
			label[i] = statistics.GroupOf(is)
		}
		answered[i] = statistics.GroupOf(s.Rows[i].Predicted == class)
	}
	return shortcuts(s.ranks, answered, label)
}
