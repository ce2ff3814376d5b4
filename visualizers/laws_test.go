package visualizers_test

import (
	"testing"

	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

func TestLaws(t *testing.T) {
	for _, v := range visualizers.All() {
		t.Run(v.Info().ID, func(t *testing.T) { vistest.Laws(t, v) })
	}
}

func TestTheWholeSetIsValid(t *testing.T) {
	if err := visualizers.Check(visualizers.All()); err != nil {
		t.Error(err)
	}
}
