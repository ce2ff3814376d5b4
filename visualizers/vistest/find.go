package vistest

import (
	"testing"

	"picasso/visualizers"
)

// Find is the visualizer with an id.
func Find(t testing.TB, id string) visualizers.Visualizer {
	t.Helper()
	for _, v := range visualizers.All() {
		if v.Info().ID == id {
			return v
		}
	}
	t.Fatalf("no visualizer %q is linked into the test", id)
	return nil
}
