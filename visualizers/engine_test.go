package visualizers_test

import (
	"path/filepath"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/score"
)

// TestEnginesAgree: whatever covers the windows, every way to compute them
// gives the same map.
func TestEnginesAgree(t *testing.T) {
	folder := fixtures.Path(t, "public", "shapes_trained")
	m := openModel(t, filepath.Join(folder, "model.onnx"))
	in := answered(t, m, m.Input.Planar(readArray(t, filepath.Join(folder, "input.npy")).Data))
	in.Targets = []score.Target{score.ClassTarget(1, score.Logit)}
	for _, fill := range []string{"mean", "grey", "zero", "blur", "gauss", "noise", "0.25"} {
		t.Run(fill, func(t *testing.T) {
			plain := explained(t, "occlusion", in, "size=13x9", "stride=5", "fill="+fill, "engine=plain")
			for _, engine := range []string{"graph", "incremental", "auto"} {
				r := explained(t, "occlusion", in, "size=13x9", "stride=5", "fill="+fill, "engine="+engine)
				if engine != "auto" && string(r.Stats.Engine) != engine {
					t.Errorf("%s: %+v", engine, r.Stats)
				}
				close32(t, engine, r.Maps[0].Values, plain.Maps[0].Values, 1e-5)
			}
		})
	}
}
