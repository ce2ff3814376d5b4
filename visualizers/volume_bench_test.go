package visualizers_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx/zoo"
	"picasso/backend/perturb"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

// BenchmarkVolume measures a ResNet-18 for volumes of 96×96×96 voxels: what a gradient
// costs as a multiple of a prediction (medians, in turns; on the clock and, with "cpu", of
// processor time), and after which share of the
// boxes of occlusion, of 24 voxels every 12, the first map is there.
func BenchmarkVolume(b *testing.B) {
	m, in := openSolid(b)
	in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
	batch := []infer.Tensor{in.Tensor}
	ways := [2]func() error{
		func() error { _, err := m.Predict(b.Context(), batch); return err },
		func() error { _, err := m.Gradient(b.Context(), batch, in.Targets); return err },
	}
	const rounds = 7
	for b.Loop() {
		var took, used [2][]time.Duration
		for round := range rounds + 1 {
			for k, run := range ways {
				start, cpu := time.Now(), processorTime()
				if err := run(); err != nil {
					b.Fatal(err)
				}
				if round > 0 { // the first opens sessions
					took[k], used[k] = append(took[k], time.Since(start)), append(used[k], processorTime()-cpu)
				}
			}
		}
		for k := range took {
			slices.Sort(took[k])
			slices.Sort(used[k])
		}
		predict, gradient := took[0][rounds/2], took[1][rounds/2]
		b.ReportMetric(0, "ns/op") // of no use here
		b.ReportMetric(predict.Seconds()*1000, "ms-predict")
		b.ReportMetric(gradient.Seconds()/predict.Seconds(), "gradient/predict")
		b.ReportMetric(used[1][rounds/2].Seconds()/used[0][rounds/2].Seconds(), "gradient/predict-cpu")
		first, all := firstMap(b, in)
		b.ReportMetric(float64(all), "boxes")
		b.ReportMetric(float64(first)/float64(all), "first/all")
	}
}

// openSolid opens a ResNet-18 for volumes of 96×96×96 voxels and asks it about noise.
func openSolid(b *testing.B) (*backend.Model, visualizers.Input) {
	data, err := zoo.Solid(96).Encode()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "solid.onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	m := openModel(b, path)
	x, random := infer.NewTensor(1, 96*96, 96), rand.New(rand.NewPCG(1, 1))
	for i := range x.Data {
		x.Data[i] = float32(random.NormFloat64())
	}
	return m, answered(b, m, x)
}

// BenchmarkBoxes compares full and incremental inference of the same network for
// boxes of 24 voxels every 12, as [BenchmarkWays] does for windows; late is how long
// a run goes on after it was stopped, at most.
func BenchmarkBoxes(b *testing.B) {
	const size, stride, sample, turn = 24, 12, 24, 8
	debug.FreeOSMemory()
	w := &ways{B: b, before: megabytes("VmRSS")}
	w.model, w.in = openSolid(b)
	for z := 0; z+size <= 96; z += stride {
		for y := 0; y+size <= 96; y += stride {
			for x := 0; x+size <= 96; x += stride {
				w.boxes = append(w.boxes, perturb.Box{From: perturb.Size{z, y, x}, To: perturb.Size{z + size, y + size, x + size}})
			}
		}
	}
	w.draw(rand.New(rand.NewPCG(1, 1)), sample)
	w.measure(turn)
	w.ReportMetric(float64(w.windows), "boxes")
	w.ReportMetric(megabytes("VmHWM")-w.before, "MB-incremental")
	w.ReportMetric(w.late(turn).Seconds()*1000, "ms-late")
}

// late is the longest that an incremental run went on after it was stopped.
func (w *ways) late(turn int) (worst time.Duration) {
	inc, err := w.model.Copies(w.Context(), w.in.Tensor, w.boxes, nil, perturb.IncrementalEngine)
	if err != nil {
		w.Fatal(err)
	}
	defer inc.Close()
	batch := w.covered(w.boxes[:turn])
	for k := range 5 {
		ctx, stop := context.WithTimeout(w.Context(), time.Duration(k)*40*time.Millisecond)
		_, err := inc.Score(ctx, batch, w.boxes[:turn])
		if deadline, _ := ctx.Deadline(); err != nil {
			worst = max(worst, time.Since(deadline))
		}
		stop()
	}
	return worst
}

// firstMap is how many boxes occlusion has run when its first map is there, and how many
// it runs altogether. It is stopped then.
func firstMap(b *testing.B, in visualizers.Input) (first, all int) {
	v := vistest.Find(b, "occlusion")
	var err error
	if in.Values, err = visualizers.ParseValues(v, in.Subject, []string{"size=24", "stride=12"}); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	_, err = v.Explain(ctx, in, func(r visualizers.Result) {
		if first == 0 && len(r.Maps) > 0 {
			first = r.Passes
			cancel()
		}
	})
	if first == 0 {
		b.Fatal("no map: ", err)
	}
	return first, v.(visualizers.Previewer).Preview(in.Subject, in.Values).Passes
}
