package visualizers_test

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"picasso/backend/onnx/zoo"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// BenchmarkLargePicture reports what all windows of an occlusion map take for a fully
// convolutional SqueezeNet (5 MB, random weights) at 1024 × 1024.
//
//	MB-peak  peak of the process less what it held before the model was opened
func BenchmarkLargePicture(b *testing.B) {
	const side = 1024
	net, err := zoo.Network("squeezenet", side)
	if err != nil {
		b.Fatal(err)
	}
	data, err := net.Encode()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "large.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		debug.FreeOSMemory()
		resetPeak()
		before := megabytes("VmRSS")
		m := openModel(b, path)
		in := answered(b, m, m.Input.Pattern())
		in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
		v := vistest.Find(b, "occlusion")
		if in.Values, err = visualizers.ParseValues(v, m, []string{"size=15%", "stride=7%"}); err != nil {
			b.Fatal(err)
		}
		if _, err := v.Explain(b.Context(), in, func(visualizers.Result) {}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(megabytes("VmHWM")-before, "MB-peak")
	}
}
