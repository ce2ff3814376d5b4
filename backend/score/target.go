package score

import (
	"errors"
	"fmt"
	"math"
)

// Score is the scale on which a class is explained.
type Score int

// Scales of a score.
const (
	Probability Score = iota
	Logit
)

func (s Score) String() string {
	if s == Logit {
		return "logit"
	}
	return "prob"
}

// NoClass marks an unused class of a [Target].
const NoClass = -1

// Target is the scalar that is explained: the score of a class, or the
// difference of the scores of two.
type Target struct {
	Class   int
	Against int // class whose score is subtracted, or NoClass
	Score   Score
}

// ClassTarget is the plain score of a class.
func ClassTarget(class int, s Score) Target {
	return Target{Class: class, Against: NoClass, Score: s}
}

// Scores are a model's answer for one image: one value per class. Logits is
// nil for a model in which no logits were found.
type Scores struct {
	Probabilities []float32
	Logits        []float32
}

// ErrNoNumber says that a model answered with NaN where a score should be: no map
// may be made of that.
var ErrNoNumber = errors.New("the model answers with values that are not numbers (NaN): the input is probably scaled wrongly, or the model is damaged")

// Value is the target's value in s; NaN is an error, [ErrNoNumber].
func (t Target) Value(s Scores) (float64, error) {
	v := s.Probabilities
	if t.Score == Logit {
		v = s.Logits
	}
	if v == nil {
		return 0, fmt.Errorf("the model has no %v output", t.Score)
	}
	if t.Class < 0 || t.Class >= len(v) || t.Against >= len(v) {
		return 0, fmt.Errorf("class %d is outside 0…%d", max(t.Class, t.Against), len(v)-1)
	}
	x := float64(v[t.Class])
	if t.Against != NoClass {
		x -= float64(v[t.Against])
	}
	if math.IsNaN(x) {
		return 0, ErrNoNumber
	}
	return x, nil
}

// Of writes the score of a class as in a formula.
func (s Score) Of(name string) string {
	if s == Logit {
		return fmt.Sprintf("logit(%s)", name)
	}
	return fmt.Sprintf("P(%s)", name)
}

// Measuring is a [Namer] whose scores may be other things than probabilities
// and logits.
type Measuring interface {
	// Measure writes the score of a class as in a formula.
	Measure(class int, s Score) string
}

// Symbol writes the target as in a formula: "P(tank)", "logit(tank)",
// "P(tank) − P(no tank)".
func (t Target) Symbol(m Namer) string {
	write := func(class int) string { return t.Score.Of(m.ClassName(class)) }
	if s, ok := m.(Measuring); ok {
		write = func(class int) string { return s.Measure(class, t.Score) }
	}
	if t.Against == NoClass {
		return write(t.Class)
	}
	return write(t.Class) + " − " + write(t.Against)
}

// Rectifier says how a backward pass goes through rectifiers.
type Rectifier int

// Rules for rectifiers. All but ExactRectifier give heuristics, not gradients.
const (
	ExactRectifier  Rectifier = iota // the derivative
	GuidedRectifier                  // Springenberg et al. 2015: also drop negative gradients
	DeconvRectifier                  // Zeiler and Fergus 2014: drop negative gradients, ignore the activation
)
