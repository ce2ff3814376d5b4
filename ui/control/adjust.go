package control

import (
	"fmt"
	"maps"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"
	"strings"
)

// Adjustable is a [Model] whose use the user can correct: what was guessed may
// be wrong.
type Adjustable interface {
	Preparation() Preparation
	// Adjust uses p from now on; values that do not suit the model are refused
	// and change nothing.
	Adjust(p Preparation) error
	// Preset is the preprocessing of one of [preprocess.Presets] for this model.
	Preset(name string) (preprocess.Preprocess, error)
	// SaveSidecar writes what is known beside the model and returns the path,
	// and the files that could not be named there because they lie elsewhere.
	SaveSidecar() (path string, elsewhere []string, err error)
}

// Preparation is how pictures become the model's input and its output becomes
// probabilities.
type Preparation struct {
	Preprocess preprocess.Preprocess
	Activation score.Activation
	// Origins says where each value came from, by key of the sidecar:
	// "preprocess.scale", "activation". It is shown, not read.
	Origins map[string]string
}

// Change is what a corrected preparation did to the answer for the current
// picture.
type Change struct{ From, To score.Class }

func (c Change) String() string {
	if c.From.Index == c.To.Index {
		return fmt.Sprintf("Top-1 stays %s: %.2f, was %.2f.", c.To.Name, c.To.Probability, c.From.Probability)
	}
	return fmt.Sprintf("Top-1 changes from %s %.2f to %s %.2f.", c.From.Name, c.From.Probability, c.To.Name, c.To.Probability)
}

// comparison is a picture's best class before a change.
type comparison struct {
	picture int
	best    score.Class
}

// Adjust corrects how the open model is used and asks it again.
func (c *Controller) Adjust(p Preparation) error {
	a, ok := c.state.Model.(Adjustable)
	if !ok {
		return ErrNoModel
	}
	c.stopWork()
	before := c.comparison()
	if err := a.Adjust(p); err != nil {
		c.look(0)
		return err
	}
	c.adjusted = true
	c.askAgain(before)
	return nil
}

// askAgain forgets what a model said that is used otherwise from now on.
func (c *Controller) askAgain(before *comparison) {
	c.serial++
	c.compare, c.state.Change = before, nil
	c.state.About = c.state.Model.About()
	if c.state.Target.Class >= c.state.Model.Classes() || c.state.Target.Against >= c.state.Model.Classes() {
		c.state.Target, c.state.Pinned = score.ClassTarget(0, c.state.Target.Score), false
	}
	c.forgetAnswers()
	for i, panel := range c.state.Panels {
		panel.adopt(c.state.Model)
		c.emit(Event{ValuesChanged, i})
	}
	c.followScore()
	c.changed(ModelChanged)
	c.changed(TargetChanged)
	c.look(0)
}

// comparison remembers the answer for the current picture. Several changes in
// a row are compared with the last answer that was seen.
func (c *Controller) comparison() *comparison {
	if k := c.state.Look; k.Answered() && len(k.Ranked) > 0 {
		return &comparison{k.ID, k.Ranked[0]}
	}
	return c.compare
}

// compared tells what a change did, once the picture was asked again.
func (c *Controller) compared(k *Look) {
	if b := c.compare; b != nil && k.Answered() && len(k.Ranked) > 0 {
		c.compare, c.state.Change = nil, nil
		if b.picture == k.ID {
			c.state.Change = &Change{b.best, k.Ranked[0]}
		}
	}
}

// ResetPreparation brings back how the model was used when it was opened.
func (c *Controller) ResetPreparation() error {
	if c.original == nil {
		return ErrNoModel
	}
	return c.Adjust(*c.original)
}

// Reuse opens the model again with values of its sidecar set, as KEY=VALUE:
// "box=3", "kind=segmentation", "output=probabilities". A value of "" takes
// back what was set. What the user changed of the preparation stays.
func (c *Controller) Reuse(pairs ...string) {
	if c.state.Model == nil {
		c.fail("apply the change to the model", ErrNoModel)
		return
	}
	opt := c.given
	opt.Set, opt.keep, opt.change = merged(opt.Set, pairs), true, strings.Join(pairs, ", ")
	c.compare = c.comparison()
	c.reopen(c.state.About.Path, opt)
}

// merged lets newer values replace older ones of the same key.
func merged(old, pairs []string) []string {
	values := map[string]string{}
	for _, pair := range slices.Concat(old, pairs) {
		key, value, _ := strings.Cut(pair, "=")
		values[key] = value
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if values[key] != "" {
			out = append(out, key+"="+values[key])
		}
	}
	return out
}

// SaveSidecar remembers how the open model is used in a file beside it, which
// travels with the model.
func (c *Controller) SaveSidecar() {
	a, ok := c.state.Model.(Adjustable)
	if !ok {
		c.fail("save the sidecar", ErrNoModel)
		return
	}
	path, elsewhere, err := a.SaveSidecar()
	if err != nil {
		c.fail("save the sidecar", err)
		return
	}
	text := "Saved as " + path + ". It is read each time the model is opened."
	if len(elsewhere) > 0 {
		text += " Not saved: " + strings.Join(elsewhere, ", ") + ", because a sidecar can only name files in its own folder. Copy the file there and choose it again."
	}
	c.Say(text)
}
