package backend_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/backend/perturb"
	"picasso/backend/perturb/perturbtest"
	"picasso/backend/score"
	"picasso/visualizers"
)

var _ visualizers.Copier = (*backend.Model)(nil)

// covered are copies of a picture with noise in squares, and where.
func covered(rng *rand.Rand, base infer.Tensor, n, side int) (batch []infer.Tensor, rects []perturb.Box) {
	for range n {
		x, y := rng.IntN(base.Shape[2]-side), rng.IntN(base.Shape[1]-side)
		r := perturb.Box{From: perturb.Size{0, y, x}, To: perturb.Size{1, y + side, x + side}}
		batch, rects = append(batch, perturbtest.Changed(rng, base, 1, r)), append(rects, r)
	}
	return batch, rects
}

func copiesOf(t *testing.T, m *backend.Model, base infer.Tensor, rects []perturb.Box, engine perturb.Engine) perturb.Copies {
	t.Helper()
	c, err := m.Copies(t.Context(), base, rects, nil, engine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func scored(t *testing.T, c perturb.Copies, batch []infer.Tensor, rects []perturb.Box) []score.Scores {
	t.Helper()
	s, err := c.Score(t.Context(), batch, rects)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCopiesAreRememberedByContent: the same copy is not computed twice, and
// another picture, place, content or reading of the output is never taken for
// it.
func TestCopiesAreRememberedByContent(t *testing.T) {
	path := filepath.Join(fixtures.Path(t, "public", "shapes_trained"), "model.onnx")
	m := open(t, orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU})
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, m.Input)
	batch, rects := covered(rng, base, 9, 12)
	c := copiesOf(t, m, base, rects, perturb.AutoEngine)
	first := scored(t, c, batch, rects)
	if known := c.Stats().Known; known != 0 {
		t.Fatalf("%d of new copies are known", known)
	}
	known := func(base infer.Tensor, batch []infer.Tensor, rects []perturb.Box) int {
		t.Helper()
		c := copiesOf(t, m, base, rects, perturb.AutoEngine)
		got := scored(t, c, batch, rects)
		perturbtest.AsFullRuns(t, m, batch, got)
		return c.Stats().Known
	}
	if n := known(base, batch, rects); n != len(batch) {
		t.Errorf("%d of %d copies are known again", n, len(batch))
	}
	other := batch[0].Clone()
	other.Data[rects[0].From[1]*other.Shape[2]+rects[0].From[2]] += 1e-3
	if n := known(base, []infer.Tensor{other}, rects[:1]); n != 0 {
		t.Error("a copy with another pixel is taken for a known one")
	}
	moved := base.Clone()
	moved.Data[len(moved.Data)-1] += 1e-3
	again := batch[0].Clone()
	again.Data[len(moved.Data)-1] = moved.Data[len(moved.Data)-1]
	if n := known(moved, []infer.Tensor{again}, rects[:1]); n != 0 {
		t.Error("a copy of another picture is taken for a known one")
	}
	if err := use(m, metadata.Choices{Activation: score.Sigmoid}); err == nil {
		if n := known(base, batch, rects); n != 0 {
			t.Error("scores of another activation are served")
		}
	}
	if len(first) != len(batch) {
		t.Errorf("%d scores for %d copies", len(first), len(batch))
	}
}

// TestMapsBelongToThePicture: the maps of an untouched picture are computed
// once, and never taken for those of a picture that differs in one number.
func TestMapsBelongToThePicture(t *testing.T) {
	m := open(t, orttest.Runtime(t), filepath.Join(fixtures.Path(t, "public", "vgg_dropout"), "model.onnx"), backend.ModelOptions{Provider: infer.CPU})
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, m.Input)
	other := base.Clone()
	other.Data[0] += 3
	var shares []float64
	for _, picture := range []infer.Tensor{base, base, other, base} {
		batch, rects := covered(rng, picture, 6, 8)
		for i, r := range rects {
			if r.From == (perturb.Size{}) {
				t.Fatal(i, "covers the pixel that differs")
			}
		}
		c := copiesOf(t, m, picture, rects, perturb.IncrementalEngine)
		got := scored(t, c, batch, rects)
		c.Close()
		shares = append(shares, c.Stats().Share)
		perturbtest.AsFullRuns(t, m, batch, got)
	}
	if !(shares[1] < shares[0]-0.1 && shares[1] < shares[2]-0.1 && shares[1] < shares[3]-0.1) {
		t.Errorf("work over that of full runs %v, want less for the second only", shares)
	}
}

// TestMemoryBelongsToTheModel: a model whose file differs in one byte of one
// weight never gets the other's scores.
func TestMemoryBelongsToTheModel(t *testing.T) {
	path := filepath.Join(fixtures.Path(t, "public", "shapes_trained"), "model.onnx")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := onnx.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range file.Graph.Initializers {
		if w.Span != nil { // its elements lie in the file
			data[w.Span.Offset+2] ^= 0x40
			break
		}
	}
	other := filepath.Join(t.TempDir(), "model.onnx")
	if err := os.WriteFile(other, data, 0o644); err != nil {
		t.Fatal(err)
	}
	r := orttest.Runtime(t)
	a := open(t, r, path, backend.ModelOptions{Provider: infer.CPU})
	b := open(t, r, other, backend.ModelOptions{Provider: infer.CPU})
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, a.Input)
	batch, rects := covered(rng, base, 9, 12)
	first := scored(t, copiesOf(t, a, base, rects, perturb.AutoEngine), batch, rects)
	c := copiesOf(t, b, base, rects, perturb.AutoEngine)
	got := scored(t, c, batch, rects)
	want, err := b.Predict(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	if c.Stats().Known != 0 {
		t.Errorf("%d copies are known to a model that was never asked", c.Stats().Known)
	}
	for i := range want {
		if d := perturbtest.Distance(got[i], want[i]); d > 1e-5 {
			t.Errorf("copy %d is off by %g", i, d)
		}
		if perturbtest.Distance(first[i], got[i]) == 0 {
			t.Errorf("copy %d: the changed weight changes nothing", i)
		}
	}
}

// tampering makes the sessions for parts of a network give other numbers.
type tampering struct{ infer.Opener }

func (o tampering) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	s, err := o.Opener.Open(ctx, src, opt)
	if err != nil || src.Bytes == nil || opt.Threads != 1 || !opt.Prepack {
		return s, err
	}
	return tampered{s}, nil
}

type tampered struct{ inner infer.Session }

func (s tampered) Inputs() []infer.Port  { return s.inner.Inputs() }
func (s tampered) Outputs() []infer.Port { return s.inner.Outputs() }
func (s tampered) Provider() string      { return s.inner.Provider() }
func (s tampered) Close() error          { return s.inner.Close() }

func (s tampered) Run(ctx context.Context, inputs []infer.Tensor) ([]infer.Tensor, error) {
	out, err := s.inner.Run(ctx, inputs)
	for _, t := range out {
		for i := range t.Data {
			t.Data[i] *= 1.01
		}
	}
	return out, err
}

// TestDisagreementTurnsIncrementalOff: scores are right all the same, and the
// account says why.
func TestDisagreementTurnsIncrementalOff(t *testing.T) {
	path := filepath.Join(fixtures.Path(t, "public", "vgg_dropout"), "model.onnx")
	m := open(t, tampering{orttest.Runtime(t)}, path, backend.ModelOptions{Provider: infer.CPU, Threads: 2})
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, m.Input)
	batch, rects := covered(rng, base, 20, 8)
	for round, want := range []bool{true, false} {
		c := copiesOf(t, m, base, rects, perturb.IncrementalEngine)
		got := scored(t, c, batch, rects)
		a := c.Stats()
		if a.Engine != perturb.PlainEngine || a.Notice == "" {
			t.Errorf("round %d: %+v", round, a)
		}
		if tried := a.Share > 1; tried != want {
			t.Errorf("round %d: share %g", round, a.Share)
		}
		plain, err := m.Predict(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		for i := range plain {
			if d := perturbtest.Distance(got[i], plain[i]); d > 1e-6 {
				t.Errorf("round %d, copy %d: off by %g", round, i, d)
			}
		}
	}
}

// TestIncrementalPaysOff: on a network of usual size the automatic choice is
// the incremental way, with less than half of the work, and the numbers stay. A
// busy machine, which may make it look slower, gets three tries.
func TestIncrementalPaysOff(t *testing.T) {
	m := zooModel(t, "squeezenet")
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, m.Input)
	batch, rects := covered(rng, base, 48, 24)
	var got []score.Scores
	var a perturb.Stats
	for try := 0; try < 3 && a.Engine != perturb.IncrementalEngine; try++ {
		m = zooModel(t, "squeezenet")
		copiesOf(t, m, base, rects, perturb.IncrementalEngine) // opens the sessions
		c := copiesOf(t, m, base, rects, perturb.AutoEngine)
		got = got[:0]
		for part := range slices.Chunk(rects, 16) {
			at := len(got)
			got = append(got, scored(t, c, batch[at:at+len(part)], part)...)
		}
		a = c.Stats()
	}
	t.Logf("%+v", a)
	if a.Engine != perturb.IncrementalEngine || a.Copies != len(batch) {
		t.Errorf("%+v", a)
	}
	perturbtest.AsFullRuns(t, m, batch, got)
	warm := copiesOf(t, m, perturbtest.Noise(rng, m.Input), rects, perturb.AutoEngine)
	scored(t, warm, batch[:16], rects[:16])
	if share := warm.Stats().Share; share > 0.6 {
		t.Errorf("with open sessions the work is %.2f of full runs", share)
	}
}

// TestIncrementalStops: a run that is not wanted any more ends within a tenth
// of a second, wherever in a segment it is, and the next one is right. A busy
// machine gets three tries.
func TestIncrementalStops(t *testing.T) {
	m := zooModel(t, "resnet18")
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, m.Input)
	batch, rects := covered(rng, base, 32, 32)
	c := copiesOf(t, m, base, rects, perturb.IncrementalEngine)
	scored(t, c, batch[:1], rects[:1])
	for _, after := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 30 * time.Millisecond} {
		late := time.Hour
		for try := 0; try < 3 && late > time.Second/10; try++ {
			late = min(late, stopped(t, c, batch, rects, after))
		}
		if late > time.Second/10 {
			t.Errorf("after %v: stopped %v late", after, late)
		}
	}
	got := scored(t, c, batch[:2], rects[:2])
	perturbtest.AsFullRuns(t, m, batch[:2], got)
	if a := c.Stats(); a.Engine != perturb.IncrementalEngine {
		t.Errorf("stopping turned it off: %+v", a)
	}
}

// stopped is how late a run ends that is stopped after a time.
func stopped(t *testing.T, c perturb.Copies, batch []infer.Tensor, rects []perturb.Box, after time.Duration) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	_, err := c.Score(ctx, batch, rects)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after %v: %v", after, err)
	}
	deadline, _ := ctx.Deadline()
	return time.Since(deadline)
}

// gated opens parts of a network once the gate is open.
type gated struct {
	infer.Opener
	came chan struct{} // one for every part asked for
	gate chan struct{}
}

func (o gated) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	if src.Bytes != nil && opt.Threads == 1 {
		o.came <- struct{}{}
		<-o.gate
	}
	return o.Opener.Open(ctx, src, opt)
}

// TestFirstCopiesDoNotWait: while the parts of the network are opened, copies
// are scored by full runs; then the incremental way is gone.
func TestFirstCopiesDoNotWait(t *testing.T) {
	o := gated{orttest.Runtime(t), make(chan struct{}, 100), make(chan struct{})}
	m := open(t, o, filepath.Join(fixtures.Path(t, "public", "vgg_dropout"), "model.onnx"), backend.ModelOptions{Provider: infer.CPU})
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, m.Input)
	_, rects := covered(rng, base, 1000, 6)
	many := slices.Repeat(rects, 50) // so many that opening the parts pays on any machine
	c := copiesOf(t, m, base, many, perturb.AutoEngine)
	for range 3 {
		batch, part := covered(rng, base, 4, 6)
		scored(t, c, batch, part)
	}
	if a := c.Stats(); a.Engine != perturb.PlainEngine || a.Copies != 12 || a.Notice != "" {
		t.Errorf("with the gate closed: %+v", a)
	}
	<-o.came
	close(o.gate)
	for try := 0; try < 2000 && c.Stats().Engine == perturb.PlainEngine; try++ {
		batch, part := covered(rng, base, 4, 6)
		got := scored(t, c, batch, part)
		perturbtest.AsFullRuns(t, m, batch, got)
	}
	if a := c.Stats(); a.Engine != perturb.IncrementalEngine {
		t.Errorf("with the gate open: %+v", a)
	}
}

// TestOpeningDoesNotHoldWhoStops: sessions that the runtime is still building
// keep nobody waiting who does not want them any more, and whoever comes next
// finds them.
func TestOpeningDoesNotHoldWhoStops(t *testing.T) {
	o := gated{orttest.Runtime(t), make(chan struct{}, 100), make(chan struct{})}
	path := filepath.Join(fixtures.Path(t, "public", "vgg_dropout"), "model.onnx")
	m := open(t, o, path, backend.ModelOptions{Provider: infer.CPU})
	rng := rand.New(rand.NewPCG(1, 1))
	base := perturbtest.Noise(rng, m.Input)
	batch, rects := covered(rng, base, 4, 8)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := m.Copies(ctx, base, rects, nil, perturb.IncrementalEngine)
		ended <- err
	}()
	<-o.came
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) { // the gate is still closed
		t.Errorf("stopped with %v", err)
	}
	close(o.gate)
	c := copiesOf(t, m, base, rects, perturb.IncrementalEngine)
	scored(t, c, batch, rects)
	if a := c.Stats(); a.Engine != perturb.IncrementalEngine {
		t.Errorf("%+v", a)
	}
}
