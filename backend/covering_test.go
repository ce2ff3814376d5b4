package backend_test

import (
	"context"
	"math"
	"math/rand/v2"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/ort/orttest"
	"picasso/backend/perturb/perturbtest"
	"slices"
	"strings"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/perturb"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// bells weighs a rectangle softly.
func bells(b perturb.Box) [3][]float32 {
	bell := func(n int) []float32 {
		out := make([]float32, n)
		for i := range out {
			d := (float64(i) + 0.5 - float64(n)/2) / float64(n) * 4
			out[i] = float32(math.Exp(-d * d / 2))
		}
		return out
	}
	size := b.Size()
	return [3][]float32{nil, bell(size[1]), bell(size[2])}
}

// veiled are copies of base covered by a veil in random rectangles.
func veiled(rng *rand.Rand, base infer.Tensor, veil perturb.Occluder, n int) (batch []infer.Tensor, rects []perturb.Box) {
	for range n {
		r := perturbtest.Box(rng, preprocess.Input{Height: base.Shape[1], Width: base.Shape[2]})
		t := base.Clone()
		var weights [3][]float32
		if veil.Weights != nil {
			weights = veil.Weights(r)
		}
		row := 0
		r.Lines(t.Shape[0], perturb.Size{1, t.Shape[1], t.Shape[2]}, func(from, to int) {
			for i := from; i < to; i++ {
				w := float32(1)
				if weights[1] != nil {
					w = weights[1][row%len(weights[1])] * weights[2][i-from]
				}
				t.Data[i] = base.Data[i]*(1-w) + veil.Fill.Data[i]*w
			}
			row++
		})
		batch, rects = append(batch, t), append(rects, r)
	}
	return batch, rects
}

// TestGraphCoversAsPlain: on every reference model the copies that the graph
// covers get the scores of full runs, or words say why it cannot.
func TestGraphCoversAsPlain(t *testing.T) {
	r := orttest.Runtime(t)
	counted := map[perturb.Engine]int{}
	for _, folder := range caseFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			m := open(t, r, filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: infer.CPU, Threads: 1})
			var ref referenceCase
			readCase(t, folder, &ref)
			base := planar(m, readArray(t, filepath.Join(folder, ref.Input.File)))
			rng := rand.New(rand.NewPCG(3, 1))
			fill := base.Clone()
			rng.Shuffle(len(fill.Data), func(i, j int) { fill.Data[i], fill.Data[j] = fill.Data[j], fill.Data[i] })
			for _, veil := range []perturb.Occluder{{Fill: fill}, {Fill: fill, Weights: bells}} {
				batch, rects := veiled(rng, base, veil, 11)
				c, err := m.Copies(t.Context(), base, rects, &veil, perturb.GraphEngine)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				got := scored(t, c, batch, rects)
				a := c.Stats()
				counted[a.Engine]++
				if (a.Engine == perturb.GraphEngine) != (a.Notice == "") {
					t.Fatalf("%+v", a)
				}
				t.Logf("%s: %s", a.Engine, a.Notice)
				perturbtest.AsFullRuns(t, m, batch, got)
			}
		})
	}
	if counted[perturb.GraphEngine] < 2*counted[perturb.PlainEngine] {
		t.Errorf("ways taken: %v", counted)
	}
}

// TestDeviceCoversInTheGraph: where the model runs on a graphics card, the
// automatic choice is to cover the picture there.
func TestDeviceCoversInTheGraph(t *testing.T) {
	path := filepath.Join(fixtures.Path(t, "public", "shapes_trained"), "model.onnx")
	m := open(t, renamed{orttest.Runtime(t), "CUDA"}, path, backend.ModelOptions{Provider: infer.CPU})
	rng := rand.New(rand.NewPCG(5, 1))
	base := perturbtest.Noise(rng, m.Input)
	veil := perturb.Occluder{Fill: perturbtest.Noise(rng, m.Input)}
	batch, rects := veiled(rng, base, veil, 40)
	opened, err := m.Copies(t.Context(), base, rects, &veil, perturb.GraphEngine)
	if err != nil {
		t.Fatal(err)
	}
	opened.Close() // its session stays for the automatic choice, which need not wait for it
	c, err := m.Copies(t.Context(), base, rects, &veil, perturb.AutoEngine)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var got []score.Scores
	for part := range slices.Chunk(rects, 10) {
		at := len(got)
		got = append(got, scored(t, c, batch[at:at+len(part)], part)...)
	}
	if a := c.Stats(); a.Engine != perturb.GraphEngine || a.Notice != "" {
		t.Errorf("%+v", a)
	}
	perturbtest.AsFullRuns(t, m, batch, got)
}

// TestWrongVeilTurnsTheGraphOff: copies that are not covered as the veil says
// get the right scores all the same.
func TestWrongVeilTurnsTheGraphOff(t *testing.T) {
	path := filepath.Join(fixtures.Path(t, "public", "shapes_trained"), "model.onnx")
	m := open(t, orttest.Runtime(t), path, backend.ModelOptions{Provider: infer.CPU})
	rng := rand.New(rand.NewPCG(5, 1))
	base := perturbtest.Noise(rng, m.Input)
	batch, rects := covered(rng, base, 12, 14)
	c, err := m.Copies(t.Context(), base, rects, &perturb.Occluder{Fill: base}, perturb.GraphEngine)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got := scored(t, c, batch, rects)
	if a := c.Stats(); a.Engine != perturb.PlainEngine || !strings.Contains(a.Notice, "inside the graph") {
		t.Errorf("%+v", a)
	}
	want, err := m.Predict(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if d := perturbtest.Distance(got[i], want[i]); d > 1e-6 {
			t.Errorf("copy %d: off by %g", i, d)
		}
	}
}

// renamed says that sessions run on another provider than they do.
type renamed struct {
	infer.Opener
	provider string
}

func (o renamed) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	s, err := o.Opener.Open(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	return elsewhere{s, o.provider}, nil
}

type elsewhere struct {
	infer.Session
	provider string
}

func (s elsewhere) Provider() string { return s.provider }
