package metadata

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"

	"picasso/backend/labelfile"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// setPreprocess changes how pictures are prepared. Values that do not suit the
// model are refused with a *[KeyError].
func (c *Card) setPreprocess(p preprocess.Preprocess) error {
	if err := p.Check(c.Input.Channels); err != nil {
		return err
	}
	for _, key := range PreprocessKeys {
		var was, is preprocess.Preprocess
		moveKey(key, &was, c.Preprocess)
		moveKey(key, &is, p)
		if !reflect.DeepEqual(was, is) {
			c.Say("preprocess."+key, byUser)
		}
	}
	c.Preprocess = p
	return nil
}

// With is a copy of the card with choices that need no other session:
// preparation, activation, region, box, step, labels, and what holds already, which
// settles the doubts about it. Others are refused with [ErrOtherSession], values
// that do not suit the model with a *[preprocess.KeyError].
func (c *Card) With(choices Choices) (Card, error) {
	out := c.Clone()
	choices = out.confirm(choices)
	named := choices.Labels != nil || choices.LabelFile != ""
	if choices.NeedSession() || named && c.inDoubt("labels") { // they say how many classes there are
		return Card{}, ErrOtherSession
	}
	if err := out.choosePreprocess(choices); err != nil {
		return Card{}, err
	}
	if err := out.chooseOutput(choices); err != nil {
		return Card{}, err
	}
	return out, nil
}

// confirm takes what holds already out of some choices: the user has said it.
func (c *Card) confirm(choices Choices) Choices {
	o := &c.Output
	columns := o.Axis < len(o.Shape)-1
	for _, one := range []struct {
		key   string
		holds bool
		drop  func()
	}{
		{"input", choices.Input == c.Input.Name, func() { choices.Input = "" }},
		{"output", choices.Output == o.Name, func() { choices.Output = "" }},
		{"kind", choices.Kind == o.Kind, func() { choices.Kind = "" }},
		{"skip", is(choices.Skip, o.Skip), func() { choices.Skip = nil }},
		{"score", is(choices.ScoreColumn, o.Selected.Score), func() { choices.ScoreColumn = nil }},
		{"class", is(choices.ClassColumn, o.Selected.Class), func() { choices.ClassColumn = nil }},
		{"columns", is(choices.Columns, columns), func() { choices.Columns = nil }},
	} {
		if one.holds {
			one.drop()
			c.settle(one.key)
		}
	}
	if choices.References != nil && slices.Equal(choices.References, c.References) {
		choices.References = nil
	}
	return choices
}

// is reports whether a choice is made and is v.
func is[T comparable](choice *T, v T) bool { return choice != nil && *choice == v }

func (c *Card) choosePreprocess(choices Choices) error {
	p := c.Preprocess
	if choices.Preset != "" {
		preset, err := preprocess.FindPreset(choices.Preset)
		if err != nil {
			return err
		}
		p = preset.Preprocess(c.Input)
	}
	for _, key := range choices.Stated {
		moveKey(key, &p, choices.Preprocess)
	}
	if err := c.setPreprocess(p); err != nil {
		return err
	}
	if choices.Preset != "" { // it says all of it, where that was guessed rightly too
		c.settleGuesses(PreprocessKeys)
	}
	c.settleGuesses(nil)
	return nil
}

func (c *Card) chooseOutput(choices Choices) error {
	if choices.Activation != "" {
		if err := c.chooseActivation(choices.Activation); err != nil {
			return err
		}
	}
	if choices.Region != nil {
		if err := c.setRegion(*choices.Region); err != nil {
			return err
		}
	}
	if choices.Box != nil {
		if err := c.setBox(*choices.Box); err != nil {
			return err
		}
	}
	if choices.Step != nil {
		if err := c.setStep(*choices.Step); err != nil {
			return err
		}
	}
	switch {
	case choices.Labels != nil:
		return c.setLabels(choices.Labels, byUser)
	case choices.LabelFile != "":
		names, err := labelfile.Read(choices.LabelFile)
		if err != nil {
			return err
		}
		return c.setLabels(names, filepath.Base(choices.LabelFile))
	}
	return nil
}

// setLabels names the classes. A number of names that does not fit them is an
// error.
func (c *Card) setLabels(names []string, origin string) error {
	fitting, err := fitLabels(names, c.Output)
	if err != nil {
		return fmt.Errorf("%s: %w", origin, err)
	}
	c.Labels = fitting
	c.settle("labels")
	c.Say("labels", origin)
	return nil
}

// chooseActivation changes how probabilities come about from the output.
func (c *Card) chooseActivation(a score.Activation) error {
	if !slices.Contains([]score.Activation{score.Softmax, score.Sigmoid, score.Identity}, a) {
		return &preprocess.KeyError{Key: "activation", Fault: fmt.Sprintf("%q is unknown, allowed: %q, %q, %q", a, score.Softmax, score.Sigmoid, score.Identity)}
	}
	c.setActivation(a)
	c.settle("activation")
	if len(c.Labels) != c.Output.Classes {
		c.Labels = nil
	}
	return nil
}

// setRegion changes the region over which the score of a class is summed.
func (c *Card) setRegion(r score.Region) error {
	if c.Output.Kind != score.Segmentation && c.Output.Kind != score.Dense {
		return &preprocess.KeyError{Key: "region", Fault: fmt.Sprintf("needs a score or a value per pixel; the output %q holds %s", c.Output.Name, c.Output.Kind)}
	}
	if err := r.Check(c.Output); err != nil {
		return err
	}
	c.Output.Region = r
	c.Say("region", byUser)
	return nil
}

// asFound takes back a former choice of the activation, so that the one of the
// graph is known again and never applied twice.
func (c *Card) asFound() {
	if c.found == nil {
		found := c.Output
		c.found = &found
		return
	}
	o, f := &c.Output, c.found
	o.Activation, o.InGraph, o.Log, o.Binary, o.Classes = f.Activation, f.InGraph, f.Log, f.Binary, f.Classes
	o.LogitTensor, o.LogitAxis = f.LogitTensor, f.LogitAxis
}

// setBox changes the box of a detection whose classes are scored; −1 is the best
// one of each picture.
func (c *Card) setBox(box int) error {
	if c.Output.Kind != score.Detection {
		return &preprocess.KeyError{Key: "box", Fault: fmt.Sprintf("needs rows of boxes; the output %q holds %s", c.Output.Name, c.Output.Kind)}
	}
	if box < -1 {
		return &preprocess.KeyError{Key: "box", Fault: fmt.Sprintf("%d is no number of a box; the first is 0", box)}
	}
	c.Output.Box = box
	c.Say("box", byUser)
	return nil
}

// setStep changes the step of a sequence whose classes are scored; −1 is the best
// one of each class.
func (c *Card) setStep(step int) error {
	if c.Output.Kind != score.Sequence {
		return &preprocess.KeyError{Key: "step", Fault: fmt.Sprintf("needs a sequence; the output %q holds %s", c.Output.Name, c.Output.Kind)}
	}
	if n := c.Output.Steps(); step < -1 || step >= n {
		return &preprocess.KeyError{Key: "step", Fault: fmt.Sprintf("%d is not a step of the sequence; allowed: 0 to %d", step, n-1)}
	}
	c.Output.Step = step
	c.Say("step", byUser)
	return nil
}

// ErrOtherSession says that a card was changed in what only opening the model
// anew with [Choices] can change.
var ErrOtherSession = errors.New("input, output, what it holds, references and constants are chosen when the model is opened; open it again")

// Replaces reports why the card cannot stand in for old while the model is
// open: with an [ErrOtherSession], or a value that does not suit the model.
func (c *Card) Replaces(old *Card) error {
	was, now := old.Output, c.Output
	same := c.Input == old.Input && slices.Equal(c.References, old.References) && reflect.DeepEqual(c.given, old.given) &&
		now.Name == was.Name && now.Kind == was.Kind && slices.Equal(now.Shape, was.Shape) &&
		now.Axis == was.Axis && now.Skip == was.Skip && now.Tail == was.Tail && now.Dimensions == was.Dimensions
	if !same {
		return ErrOtherSession
	}
	if n := len(c.Labels); n > 0 && n != now.Classes {
		return fmt.Errorf("there are %d labels for %d classes", n, now.Classes)
	}
	if err := c.Preprocess.Check(c.Input.Channels); err != nil {
		return err
	}
	if now.Kind == score.Segmentation || now.Kind == score.Dense {
		return now.Region.Check(now)
	}
	return nil
}

// Adopt takes over what may change while the model is open, from a card that
// [Card.Replaces] this one. The rest, such as the input, may be read meanwhile
// without a lock, and is not written.
func (c *Card) Adopt(from *Card) {
	next := from.Clone()
	c.Output, c.Preprocess, c.Labels, c.found = next.Output, next.Preprocess, next.Labels, next.found
	c.Origins, c.Warnings, c.Doubts = next.Origins, next.Warnings, next.Doubts
}

// setActivation applies a to the logits, or where none are known to the output
// itself. The activation that the graph has already is not applied twice.
func (c *Card) setActivation(a score.Activation) {
	o := &c.Output
	switch o.Kind {
	case score.Embedding, score.Dense:
		return // their numbers are no scores
	case score.Selection:
		o.Activation = a // the scores of the boxes are what they are
		return
	}
	c.asFound()
	o.Origin = "your choice"
	single := o.Kind == score.Classes && (o.Binary || o.Classes == 1)
	switch {
	case a == score.Identity:
		o.InGraph, o.Log = true, false
	case a == o.Activation && o.InGraph:
	default:
		o.InGraph, o.Log = false, false
		if o.LogitTensor == "" {
			o.LogitTensor = o.Name
			o.LogitAxis = o.Axis
		}
	}
	o.Activation = a
	if single {
		o.Binary = a != score.Identity
		o.Classes = 1
		if o.Binary {
			o.Classes = 2
		}
	}
}
