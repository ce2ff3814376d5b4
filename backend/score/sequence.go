package score

import "picasso/backend/infer"

// A sequence holds a score per class at every step of a line of text. Which
// step is the best one of a class is told on the scale that is read:
// probabilities are compared with probabilities, logits with logits.

// Steps is the number of steps of a sequence.
func (o Output) Steps() int { return infer.Elements(o.Shape) / max(o.Classes, 1) }

// atStep counts the step that is asked for, or the best one of each class.
func (s Reader) atStep(t Table) inside {
	if step := s.Output.Step; step >= 0 {
		return func(o, _, i int) bool { return o*t.inner+i == step }
	}
	best := t.bestSteps()
	return func(o, c, i int) bool { return o*t.inner+i == best[c] }
}

// bestSteps is for every class the step at which its score is highest, the
// first of equal ones.
func (t Table) bestSteps() []int {
	best := make([]int, t.classes)
	for c := range best {
		for at := range t.outer * t.inner {
			if t.at(c, at) > t.at(c, best[c]) {
				best[c] = at
			}
		}
	}
	return best
}

// at is the score of a class at a position.
func (t Table) at(c, position int) float32 {
	o, i := position/t.inner, position%t.inner
	return t.Data[(o*t.classes+c)*t.inner+i]
}

// scored is the table in which the step of a class is looked for: for a
// sequence whose probabilities are computed here, these.
func (s Reader) scored(values Table, between mapping) Table {
	if s.Output.Kind != Sequence || between != activated {
		return values
	}
	s.Output.InGraph = false
	return s.Probabilities(values, values)
}
