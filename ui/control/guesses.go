package control

import (
	"slices"

	"picasso/backend/metadata"
	"picasso/ui/control/settings"
)

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
