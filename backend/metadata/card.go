package metadata

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Card is what is known about how to use a model: its input and output, how
// pictures are prepared, the names of its classes, and for each value where it
// comes from. A card is a value: a changed copy is handed back to the model.
// It needs no graph, so that a model that runs elsewhere can have one.
type Card struct {
	Input      preprocess.Input
	Output     score.Output
	Preprocess preprocess.Preprocess
	Labels     []string // one per class, nil when none were found
	// Origins says where each value came from, by key of the sidecar:
	// "preprocess.scale" → "guess: …", "labels" → "labels.txt beside the model".
	Origins  map[string]string
	Warnings Warnings // what the user should know
	// Doubts are what file and trial run leave open about the output, until the
	// user settles it.
	Doubts []Doubt
	// Constants are the inputs that take no picture, with what they get.
	Constants []InputNeed
	// References are the files that embeddings are compared with, in the order
	// of the classes; nil for a model that compares nothing.
	References []string

	Sidecar *Sidecar              // what the card was read from, or nil
	given   map[string]GivenInput // constants of other inputs
	// unbounded tells that values of a trial run lay outside 0…1: as they are, they
	// are no probabilities.
	unbounded bool
	// found is the output before an activation was chosen, nil until one is.
	found *score.Output
}

// Origin of values that the user sets.
const byUser = "set by the user"

// Clone is a copy that shares nothing that changes.
func (c *Card) Clone() Card {
	out := *c
	out.Labels, out.Warnings = slices.Clone(c.Labels), slices.Clone(c.Warnings)
	out.Doubts = slices.Clone(c.Doubts)
	out.Constants, out.References = slices.Clone(c.Constants), slices.Clone(c.References)
	out.Origins, out.given = maps.Clone(c.Origins), maps.Clone(c.given)
	return out
}

// Say notes where the value of a key comes from.
func (c *Card) Say(key, origin string) {
	if c.Origins == nil {
		c.Origins = make(map[string]string)
	}
	c.Origins[key] = origin
}

// Warn adds a sentence for the user.
func (c *Card) Warn(text string) { c.Warnings = append(c.Warnings, Warning{Text: text}) }

// Give notes the constant of an input that takes no picture, with its origin.
func (c *Card) Give(name string, given GivenInput, need InputNeed) {
	if c.given == nil {
		c.given = make(map[string]GivenInput)
	}
	c.given[name] = given
	c.Say("inputs."+name, given.origin)
	c.Constants = append(c.Constants, need)
}

// ClassName is the label of a class, or "class 7" where there are no labels.
func (c *Card) ClassName(class int) string {
	if class >= 0 && class < len(c.Labels) && c.Labels[class] != "" {
		return c.Labels[class]
	}
	switch c.Output.Kind {
	case score.Regression:
		return fmt.Sprintf("value %d", class)
	case score.Embedding:
		return fmt.Sprintf("dimension %d", class)
	case score.Dense:
		return "sum of " + cmp.Or(c.Output.Value, c.Output.Name)
	}
	return fmt.Sprintf("class %d", class)
}

// Measure writes the score of a class as in a formula: "P(tank)",
// "logit(tank)", "cos(cat.png)", "score(tank)" where the score is no
// probability or that is in doubt, and the bare name of a value that is none of these.
func (c *Card) Measure(class int, s score.Score) string {
	name := c.ClassName(class)
	switch {
	case c.References != nil:
		return fmt.Sprintf("cos(%s)", name)
	case c.Output.Kind == score.Embedding, c.Output.Kind == score.Regression, c.Output.Kind == score.Dense:
		return name
	}
	measure := s.Of(name)
	if s == score.Probability && !c.Percent() {
		measure = fmt.Sprintf("score(%s)", name)
	}
	if c.Output.Kind == score.Sequence && c.Output.Step >= 0 {
		measure = fmt.Sprintf("%s at step %d", measure, c.Output.Step)
	}
	return measure
}

// SettleLogits drops a logit tensor that does not match the output. found
// tells that logits is a tensor of a trial run.
func (c *Card) SettleLogits(head onnx.Head, found bool, output, logits infer.Tensor) {
	o := &c.Output
	if o.LogitTensor == "" || o.LogitTensor == o.Name {
		o.LogitAxis = o.Axis
		return
	}
	o.LogitAxis = -1
	if found {
		o.LogitAxis = axisOfLogits(o, head, output, logits)
	}
	if o.LogitAxis < 0 {
		o.LogitTensor = ""
	}
}

// WarningKind says what the user can do about a [Warning].
type WarningKind int

// Kinds of warnings.
const (
	Remark  WarningKind = iota // to be known
	Guessed                    // about how pictures are prepared, which the user can correct
)

// Warning is a sentence that the user should know about the use of a model.
// In JSON it is the sentence alone.
type Warning struct {
	Kind WarningKind
	Text string
}

func (w Warning) String() string { return w.Text }

// MarshalJSON implements [json.Marshaler].
func (w Warning) MarshalJSON() ([]byte, error) { return json.Marshal(w.Text) }

// Warnings are all there are about a model.
type Warnings []Warning

// Texts are the sentences alone.
func (w Warnings) Texts() []string {
	out := make([]string, len(w))
	for i, one := range w {
		out[i] = one.Text
	}
	return out
}
