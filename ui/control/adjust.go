package control

import (
	"errors"
	"fmt"
	"picasso/backend/metadata"
	"picasso/backend/score"
	"picasso/ui/control/settings"
	"slices"
	"strings"
)

// Adjustable is a [Model] whose use the user can correct: what was guessed may
// be wrong.
type Adjustable interface {
	// Card is a copy of what is known about the model's use.
	Card() metadata.Card
	// Use takes over a changed copy without opening anything. Values that do not
	// suit the model are refused and change nothing.
	Use(card metadata.Card) error
	// SaveSidecar writes what is known beside the model and returns the path,
	// and the files that could not be named there because they lie elsewhere.
	SaveSidecar() (path string, elsewhere []string, err error)
}

// Known is what is known about the use of the open model; false for one that
// cannot be corrected.
func (c *Controller) Known() (metadata.Card, bool) {
	a, ok := c.state.Model.(Adjustable)
	if !ok {
		return metadata.Card{}, false
	}
	return a.Card(), true
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

// Choose uses the open model as chosen, and asks it again. Where a choice needs
// another session, the model is opened anew with all choices that were made so
// far, in the background; what was changed of the preparation stays. An error
// is that of a choice which does not suit the model; nothing is changed then.
func (c *Controller) Choose(choices metadata.Choices) error {
	if c.state.Model == nil {
		return ErrNoModel
	}
	before := c.usage()
	if a, ok := c.state.Model.(Adjustable); ok {
		now := a.Card()
		card, err := now.With(choices)
		if errors.Is(err, metadata.ErrOtherSession) {
			c.openChosen(choices)
			return nil
		}
		switch {
		case err != nil:
		case namesOnly(choices):
			err = c.rename(a, card)
		default:
			err = c.use(a, card)
		}
		if err != nil {
			return err
		}
		c.adjusted = c.adjusted || choices.Preset != "" || len(choices.Stated) > 0
		c.given.Choices = c.given.Choices.Merge(lasting(choices))
		c.recordUse(deed(choices), before)
		return nil
	}
	c.openChosen(choices)
	return nil
}

// openChosen opens the model anew with all choices that were made so far, the
// newest last.
func (c *Controller) openChosen(choices metadata.Choices) {
	opt := c.given
	if choices.Output != "" || choices.Kind != "" { // what was said about another output
		opt.Choices.Activation, opt.Choices.Region, opt.Choices.Columns = "", nil, nil
		opt.Choices.Box, opt.Choices.Skip, opt.Choices.Step, opt.Choices.ScoreColumn, opt.Choices.ClassColumn = nil, nil, nil, nil, nil
	}
	opt.Choices, opt.keep, opt.change = opt.Choices.Merge(choices), true, inWords(choices)
	opt.undo = &undoing{name: deed(choices), before: c.usage()}
	c.compare = c.comparison()
	c.reopen(c.state.About.Path, opt)
}

// lasting are the choices with which the model is opened again. The preparation
// is not among them: it is carried over from the model itself, where it suits
// the next one.
func lasting(choices metadata.Choices) metadata.Choices {
	choices.Preset, choices.Stated = "", nil
	return choices
}

// inWords names what is chosen.
func inWords(choices metadata.Choices) string {
	var out []string
	add := func(said bool, format string, args ...any) {
		if said {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(choices.Input != "", "the picture input %s", choices.Input)
	add(choices.Inputs != nil, "these constants of its inputs")
	add(choices.Output != "", "the output %s", choices.Output)
	add(choices.Kind != "", "the output as %s", choices.Kind)
	add(choices.Box != nil && *choices.Box < 0, "the best box")
	if choices.Box != nil {
		add(*choices.Box >= 0, "box %d", *choices.Box)
	}
	add(choices.Step != nil, "another step")
	add(choices.ScoreColumn != nil || choices.ClassColumn != nil, "other columns for score and class")
	add(choices.Labels != nil || choices.LabelFile != "", "these names of the classes")
	add(choices.Value != nil || choices.Unit != nil, "another name of the value")
	add(len(choices.References) > 0, "the references")
	if len(out) == 0 {
		return "the model otherwise"
	}
	return strings.Join(out, ", ")
}

// use hands a changed card to the open model and asks it again.
func (c *Controller) use(a Adjustable, card metadata.Card) error {
	c.stopWork()
	before := c.comparison()
	if err := a.Use(card); err != nil {
		c.look(0)
		return err
	}
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

// Reset brings back how the model was used when it was opened, with the origins
// of all values, and what was remembered about it then. A model that had to be
// opened anew since then is opened once more.
func (c *Controller) Reset() error {
	a, ok := c.state.Model.(Adjustable)
	if !ok || c.original == nil {
		return ErrNoModel
	}
	before := c.usage()
	c.settings.SetModel(c.state.About.Path, c.openedNote)
	if c.anew {
		opt := c.opened
		opt.keep, c.adjusted, c.compare = true, false, c.comparison()
		opt.undo = &undoing{name: "Reset to how it was opened", before: before}
		c.reopen(c.state.About.Path, opt)
		return nil
	}
	if err := c.use(a, *c.original); err != nil {
		return err
	}
	c.adjusted, c.given = false, c.opened
	c.recordUse("Reset to how it was opened", before)
	return nil
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

// AgreeToGuesses takes what was guessed about how pictures are prepared as the
// user's own words, from now on and whenever the model is opened. Nothing is
// computed again.
func (c *Controller) AgreeToGuesses() {
	a, ok := c.state.Model.(Adjustable)
	if !ok {
		return
	}
	card := a.Card()
	guesses := card.Guesses()
	if err := a.Use(card.Agreed()); err != nil {
		c.fail("keep how pictures are prepared", err)
		return
	}
	c.state.About = c.state.Model.About()
	if c.keeps("") {
		note := c.settings.Models[c.state.About.Path]
		note.Agreed = guesses
		c.settings.SetModel(c.state.About.Path, note)
	}
	c.forget(func(n *Notice) bool { return n.Guess && n.Picture == 0 })
	c.changed(ModelChanged)
}

// agreed is a model's card with guesses that the user agreed to before, where they
// are still the same.
func agreed(card metadata.Card, note settings.Model) (metadata.Card, bool) {
	guesses := card.Guesses()
	if len(guesses) == 0 || !slices.Equal(guesses, note.Agreed) {
		return card, false
	}
	return card.Agreed(), true
}
