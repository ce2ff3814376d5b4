package layers

import (
	"errors"
	"testing"

	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// plain hides everything but the contract: it shows no layers.
type plain struct{ visualizers.Subject }

// Callers tell a model without layers by the error, not by its words.
func TestModelWithoutLayersIsToldByTheError(t *testing.T) {
	s := plain{vistest.Random(3, 8, 8)}
	for _, v := range []visualizers.Requirer{scoreCAM{}, activity{}} {
		if err := v.Require(s); !errors.Is(err, visualizers.ErrNoLayers) {
			t.Errorf("%T: %v", v, err)
		}
	}
	if _, _, err := layerOf(s, camLayer, nil); !errors.Is(err, visualizers.ErrNoLayers) {
		t.Errorf("a layer: %v", err)
	}
}
