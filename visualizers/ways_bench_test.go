package visualizers_test

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
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

// BenchmarkWays compares the ways to compute an occlusion map on networks of
// known architecture, 224 × 224, random weights, in one run:
//
//	x-incremental       plain ÷ incremental, processor time, which other programs disturb less
//	x-incremental-wall  the same in wall time
//	x-counted           the same in multiply-adds
//	x-adaptive          a whole map: plain ÷ adaptive and incremental, processor time; in maps of noise all windows are run
//	first               time to the first map ÷ time of all windows, incremental, sessions open
//	error               largest difference over the largest score
//	ms-plain            a window by full inference, wall time
//	s-open              until the first incremental window, once for a size of windows
//	MB-plain, MB-incremental  memory at its highest, beyond that before the model was opened
//
// Plain and incremental times are of a sample of the windows, in turns.
func BenchmarkWays(b *testing.B) {
	for _, name := range zoo.Names() {
		for _, size := range []int{16, 32, 64} {
			for _, stride := range []int{8, 16} {
				b.Run(fmt.Sprintf("%s/window=%d/stride=%d", name, size, stride), func(b *testing.B) {
					w := newWays(b, name, size, stride)
					w.adaptive(w.measure(waysBatch))
				})
			}
		}
	}
}

// ways is one line of the table.
type ways struct {
	*testing.B
	model   *backend.Model
	in      visualizers.Input
	boxes   []perturb.Box // a sample of the windows
	windows int           // of a whole map
	set     []string
	before  float64 // MB
}

// waysSample is the number of windows measured in turns.
const waysSample = 40

func newWays(b *testing.B, name string, size, stride int) *ways {
	path, err := zoo.File(name)
	if err != nil {
		b.Fatal(err)
	}
	debug.FreeOSMemory()
	w := &ways{B: b, before: megabytes("VmRSS"), set: []string{fmt.Sprint("size=", size), fmt.Sprint("stride=", stride), "fill=zero"}}
	w.model = openModel(b, path)
	rng := rand.New(rand.NewPCG(1, 1))
	x := infer.NewTensor(w.model.Shape())
	for i := range x.Data {
		x.Data[i] = float32(rng.NormFloat64())
	}
	w.in = answered(b, w.model, x)
	w.in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
	for y := 0; y+size <= zoo.Side; y += stride {
		for x := 0; x+size <= zoo.Side; x += stride {
			w.boxes = append(w.boxes, perturb.Rectangle(image.Rect(x, y, x+size, y+size)))
		}
	}
	w.draw(rng, waysSample)
	return w
}

// draw keeps a sample of the windows.
func (w *ways) draw(rng *rand.Rand, sample int) {
	w.windows = len(w.boxes)
	rng.Shuffle(len(w.boxes), func(i, j int) { w.boxes[i], w.boxes[j] = w.boxes[j], w.boxes[i] })
	w.boxes = w.boxes[:min(len(w.boxes), sample)]
}

// spell is time by the clock and of the processors.
type spell struct{ wall, cpu time.Duration }

func (s spell) since(start time.Time, cpu time.Duration) spell {
	return spell{s.wall + time.Since(start), s.cpu + processorTime() - cpu}
}

// measure compares full and incremental inference, in turns of at most most windows,
// and returns the processor time of a window by full inference.
func (w *ways) measure(most int) (each float64) {
	var plain, fast spell
	var opened time.Duration
	worst, share, ran, warm := 0.0, 0.0, 0, 0
	var plainPeak float64
	for w.Loop() {
		resetPeak()
		batch := w.covered(w.boxes[:8])
		w.plain(batch)
		plainPeak = megabytes("VmHWM")
		start := time.Now()
		inc, err := w.model.Copies(w.Context(), w.in.Tensor, w.boxes, nil, perturb.IncrementalEngine)
		if err != nil {
			w.Fatal(err)
		}
		opened = time.Since(start)
		for k := range slices.Chunk(w.boxes, min(inc.Batch(), most)) {
			batch := w.covered(k)
			start, cpu := time.Now(), processorTime()
			got, err := inc.Score(w.Context(), batch, k)
			if err != nil {
				w.Fatal(err)
			}
			if ran > 0 { // the first batch is checked and warms up
				fast = fast.since(start, cpu)
			}
			start, cpu = time.Now(), processorTime()
			want := w.plain(batch)
			if ran > 0 {
				plain = plain.since(start, cpu)
			}
			if ran == 0 {
				warm = len(k)
			}
			ran += len(k)
			for i := range want {
				worst = max(worst, off(got[i].Logits, want[i].Logits))
			}
		}
		if a := inc.Stats(); a.Engine != perturb.IncrementalEngine {
			w.Fatal(a.Notice)
		} else {
			share = a.Share
		}
		inc.Close()
	}
	ran -= warm
	each = plain.cpu.Seconds() / float64(ran)
	w.ReportMetric(0, "ns/op") // of no use here
	w.ReportMetric(plain.wall.Seconds()/float64(ran)*1000, "ms-plain")
	w.ReportMetric(plain.cpu.Seconds()/fast.cpu.Seconds(), "x-incremental")
	w.ReportMetric(plain.wall.Seconds()/fast.wall.Seconds(), "x-incremental-wall")
	w.ReportMetric(1/share, "x-counted")
	w.ReportMetric(worst, "error")
	w.ReportMetric(opened.Seconds(), "s-open")
	w.ReportMetric(plainPeak-w.before, "MB-plain")
	return each
}

// waysBatch is the number of windows of a turn, the first of which warms up.
const waysBatch = 16

// adaptive measures a whole map by adaptive refinement, beside what the plain
// way takes for all windows.
func (w *ways) adaptive(each float64) {
	resetPeak()
	v := vistest.Find(w, "occlusion")
	var err error
	if w.in.Values, err = visualizers.ParseValues(v, w.model, append(w.set, "engine=incremental", "refine=adaptive")); err != nil {
		w.Fatal(err)
	}
	start, cpu := time.Now(), processorTime()
	var first time.Duration
	r, err := v.Explain(w.Context(), w.in, func(r visualizers.Result) {
		if first == 0 && len(r.Maps) > 0 {
			first = time.Since(start)
		}
	})
	if err != nil {
		w.Fatal(err)
	}
	s := spell{}.since(start, cpu)
	windows := len(r.Patches.Rects)
	w.ReportMetric(each*float64(windows)/s.cpu.Seconds(), "x-adaptive")
	w.ReportMetric(first.Seconds()/(s.wall.Seconds()*float64(windows)/float64(r.Passes)), "first")
	w.ReportMetric(megabytes("VmHWM")-w.before, "MB-incremental")
}

func (w *ways) plain(batch []infer.Tensor) []score.Scores {
	s, err := w.model.Predict(w.Context(), batch)
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// covered are copies with zeros in boxes.
func (w *ways) covered(boxes []perturb.Box) []infer.Tensor {
	in := w.model.Input
	batch := make([]infer.Tensor, len(boxes))
	for i, b := range boxes {
		t := w.in.Tensor.Clone()
		b.Lines(t.Shape[0], perturb.Size{max(in.Depth, 1), in.Height, in.Width}, func(from, to int) { clear(t.Data[from:to]) })
		batch[i] = t
	}
	return batch
}

// off is the largest difference over the largest value.
func off(got, want []float32) float64 {
	worst, scale := 0.0, 1e-6
	for i := range want {
		worst = max(worst, math.Abs(float64(got[i])-float64(want[i])))
		scale = max(scale, math.Abs(float64(want[i])))
	}
	return worst / scale
}

// processorTime is what this process used of the processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// megabytes is a line of the process's memory, 0 where the system has no such
// file.
func megabytes(line string) float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for text := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(text, line+":"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// resetPeak forgets the highest memory so far.
func resetPeak() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200) // Linux only
}
