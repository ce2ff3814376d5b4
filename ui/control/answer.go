package control

import (
	"picasso/backend/metadata"
	"picasso/backend/score"
)

// Ported is a [Model] that lists what else its file would offer: the names of
// its inputs and outputs.
type Ported interface {
	Ports() (inputs, outputs []string)
}

// Compare opens the model again as one whose output is an embedding, compared
// with the pictures at the given absolute paths. None makes every number of the
// output a value of its own.
func (c *Controller) Compare(paths ...string) error {
	return c.Choose(metadata.Choices{Kind: score.Embedding, References: append([]string{}, paths...)})
}

// scores tells whether the model's numbers are scores of classes, as far as
// it says.
func scores(m Model) bool {
	a, ok := m.(Adjustable)
	if !ok {
		return true
	}
	kind := a.Card().Output.Kind
	return kind != score.Embedding && kind != score.Regression
}

// OpenUsing opens a model with choices.
func (c *Controller) OpenUsing(path string, choices metadata.Choices) {
	c.open(path, OpenOptions{Choices: choices})
}
