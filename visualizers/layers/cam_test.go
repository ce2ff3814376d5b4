package layers

import (
	"context"
	"errors"
	"testing"

	"picasso/backend/infer"
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

// classMapped ends in a map of its classes.
type classMapped struct {
	visualizers.Subject
	layers []visualizers.Layer
}

func (c classMapped) Layers() []visualizers.Layer { return c.layers }
func (c classMapped) LastLayer() string           { return c.layers[len(c.layers)-1].Name }
func (c classMapped) Activations(context.Context, string, []infer.Tensor) ([]infer.Tensor, error) {
	return nil, errors.New("not asked for")
}

func TestScoreCAMLooksThroughFeaturesNotThroughClasses(t *testing.T) {
	s := vistest.Random(3, 8, 8)
	n := s.Classes()
	features := visualizers.Layer{Name: "features", Channels: n + 5, Height: 4, Width: 4}
	classes := visualizers.Layer{Name: "classes", Channels: n, Height: 4, Width: 4}
	relu := visualizers.Layer{Name: "relu", Channels: n, Height: 4, Width: 4}
	for _, c := range []struct {
		layers []visualizers.Layer
		layer  string
		want   string
	}{
		{[]visualizers.Layer{features, classes, relu}, "last", "features"},
		{[]visualizers.Layer{features, classes, relu}, "relu", "relu"}, // asked for
		{[]visualizers.Layer{classes, features}, "last", "features"},
		{[]visualizers.Layer{classes, relu}, "last", "relu"}, // there is nothing in front
	} {
		v := visualizers.Values{"layer": c.layer}
		if _, got, err := featuresOf(classMapped{s, c.layers}, v); err != nil || got.Name != c.want {
			t.Errorf("%v: %q, %v, want %q", c.layers, got.Name, err, c.want)
		}
	}
}
