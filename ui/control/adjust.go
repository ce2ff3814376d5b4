package control

import (
	"picasso/backend"
)

// Adjustable is a [Model] whose use the user can correct: what was guessed may
// be wrong.
type Adjustable interface {
	Preparation() Preparation
	// Adjust uses p from now on; values that do not suit the model are refused
	// and change nothing.
	Adjust(p Preparation) error
	// SaveSidecar writes what is known beside the model and returns the path.
	SaveSidecar() (string, error)
}

// Preparation is how pictures become the model's input and its output becomes
// probabilities.
type Preparation struct {
	Preprocess backend.Preprocess
	Activation backend.Activation
}

// Adjust corrects how the open model is used and asks it again.
func (c *Controller) Adjust(p Preparation) error {
	a, ok := c.state.Model.(Adjustable)
	if !ok {
		return ErrNoModel
	}
	c.stopWork()
	if err := a.Adjust(p); err != nil {
		c.look(0)
		return err
	}
	c.serial++
	c.state.About = c.state.Model.About()
	if c.state.Target.Class >= c.state.Model.Classes() || c.state.Target.Against >= c.state.Model.Classes() {
		c.state.Target, c.state.Pinned = backend.ClassTarget(0, c.state.Target.Score), false
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
	return nil
}

// SaveSidecar remembers how the open model is used in a file beside it, which
// travels with the model.
func (c *Controller) SaveSidecar() {
	a, ok := c.state.Model.(Adjustable)
	if !ok {
		c.fail("save how the model is used", ErrNoModel)
		return
	}
	path, err := a.SaveSidecar()
	if err != nil {
		c.fail("save how the model is used", err)
		return
	}
	c.Say("Saved as " + path + ". It is read whenever the model is opened.")
}
