package control

import (
	"slices"
	"testing"
)

func TestPanesDrawWhatTheySay(t *testing.T) {
	bubble(t, func(d *desk) {
		var drawn []string
		draw := func(name string) func() { return func() { drawn = append(drawn, name) } }
		draws := NewDraws(d.Controller,
			On(draw("picture"), LookChanged, PanelChanged),
			OnEach(func(i int) { drawn = append(drawn, []string{"entry 0", "entry 1"}[i]) }, ImageChanged))
		draws.Add(On(draw("status"), PanelChanged))
		for _, e := range []Event{{Kind: PanelChanged}, {Kind: PanelChanged, Index: 1}, {Kind: ImageChanged, Index: 1}, {Kind: WalkChanged}} {
			draws.Changed(e)
		}
		if want := []string{"picture", "status", "entry 1"}; !slices.Equal(drawn, want) {
			t.Errorf("drawn %q, want %q", drawn, want)
		}
	})
}
