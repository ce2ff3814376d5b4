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

// kindOf is what a model's output holds, as far as it says.
func kindOf(m Model) score.OutputKind {
	if a, ok := m.(Adjustable); ok {
		return a.Card().Output.Kind
	}
	return score.Classes
}

// OpenUsing opens a model with choices.
func (c *Controller) OpenUsing(path string, choices metadata.Choices) {
	c.open(path, OpenOptions{Choices: choices})
}
