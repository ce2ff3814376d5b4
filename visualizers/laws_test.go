package visualizers_test

import (
	"picasso/visualizers/methods"
	"testing"

	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

func TestLaws(t *testing.T) {
	for _, v := range methods.All() {
		t.Run(v.Info().ID, func(t *testing.T) { vistest.Laws(t, v) })
	}
}

func TestTheWholeSetIsValid(t *testing.T) {
	if err := visualizers.Check(methods.All()); err != nil {
		t.Error(err)
	}
}
