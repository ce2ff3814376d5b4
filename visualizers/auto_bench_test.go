package visualizers_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"picasso/backend/fixtures"
	"picasso/backend/onnx/zoo"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// BenchmarkAuto compares a single occlusion map of a model that was just opened,
// with the engine that is chosen and by full inference: opening what the other
// engine needs is part of it. They take turns, each with a model of its own, full
// inference before and after: what differs between these two is the machine's.
//
//	auto/plain-cpu  processor time of auto ÷ the mean of both of plain, medians
//	auto/plain      the same in wall time
//	plain/plain     wall time of plain after auto ÷ that before it
//	lost-ms         by how much auto is slower by the clock, 0 where it is not
//	ms-plain        wall time of the map by full inference
func BenchmarkAuto(b *testing.B) {
	for _, name := range zoo.Names() {
		path, err := zoo.File(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("zoo/"+name, func(b *testing.B) { compareAuto(b, path) })
	}
	public, err := filepath.Glob(filepath.Join(fixtures.Path(b, "public"), "*", "model.onnx"))
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range public {
		b.Run("small/"+filepath.Base(filepath.Dir(path)), func(b *testing.B) { compareAuto(b, path) })
	}
}

func compareAuto(b *testing.B, path string) {
	var wall, cpu [3][]float64
	for b.Loop() {
		for k, engine := range []string{"plain", "auto", "plain"} {
			w, c := singleMap(b, path, engine)
			wall[k], cpu[k] = append(wall[k], w), append(cpu[k], c)
		}
	}
	for k := range wall {
		slices.Sort(wall[k])
		slices.Sort(cpu[k])
	}
	middle := len(wall[0]) / 2
	b.ReportMetric(0, "ns/op") // of no use here
	plain := (wall[0][middle] + wall[2][middle]) / 2
	b.ReportMetric(2*cpu[1][middle]/(cpu[0][middle]+cpu[2][middle]), "auto/plain-cpu")
	b.ReportMetric(wall[1][middle]/plain, "auto/plain")
	b.ReportMetric(wall[2][middle]/wall[0][middle], "plain/plain")
	b.ReportMetric(max(0, wall[1][middle]-plain)*1000, "lost-ms")
	b.ReportMetric(plain*1000, "ms-plain")
}

// singleMap is the time of one map in seconds, by the clock and of the processors.
func singleMap(b *testing.B, path, engine string) (wall, cpu float64) {
	m := openModel(b, path)
	defer m.Close()
	x := m.Input.Pattern()
	in := answered(b, m, x)
	in.Targets = []score.Target{score.ClassTarget(0, score.Probability)}
	v := vistest.Find(b, "occlusion")
	var err error
	if in.Values, err = visualizers.ParseValues(v, m, []string{"size=15%", "stride=7%", "engine=" + engine}); err != nil {
		b.Fatal(err)
	}
	before, begun := processorTime(), time.Now()
	if _, err := v.Explain(b.Context(), in, func(visualizers.Result) {}); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun).Seconds(), (processorTime() - before).Seconds()
}
