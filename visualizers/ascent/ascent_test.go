package ascent

import (
	"context"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/vistest"
)

func random(n int, deviation float64) []float64 {
	r := rand.New(rand.NewPCG(5, uint64(n)))
	out := make([]float64, n)
	for i := range out {
		out[i] = deviation * r.NormFloat64()
	}
	return out
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func TestSpectrumIsTheSumOfItsDefinition(t *testing.T) {
	for _, of := range [][2]int{{8, 8}, {5, 6}, {6, 5}, {3, 7}} {
		f := newTransform(of[0], of[1])
		plane := random(of[0]*of[1], 1)
		got := f.spectrum(plane)
		for i, v := range got {
			var want complex128
			for k, p := range plane {
				phase := float64(i/f.half())*float64(k/f.width)/float64(f.height) + float64(i%f.half())*float64(k%f.width)/float64(f.width)
				want += complex(p, 0) * cmplx.Exp(complex(0, -2*math.Pi*phase))
			}
			want /= complex(math.Sqrt(float64(len(plane))), 0)
			if cmplx.Abs(v-want) > 1e-12 {
				t.Fatalf("%v: coefficient %d is %v, want %v", of, i, v, want)
			}
		}
		for i, v := range f.plane(got) {
			if math.Abs(v-plane[i]) > 1e-12 {
				t.Fatalf("%v: pixel %d comes back as %g, want %g", of, i, v, plane[i])
			}
		}
	}
}

// The linear steps are tested as such: ⟨A·x, g⟩ = ⟨x, Aᵀ·g⟩.
func TestViewsPullBackAsTheyShow(t *testing.T) {
	s := size{2, 7, 9}
	x, g := random(s.all(), 1), random(s.all(), 2)
	for _, by := range []shot{straight, {0.4, 0.6, 0.7, 0.3}, {0.55, 0.45, 1.3, -0.2}} {
		v := newView(s, by)
		back := make([]float64, s.all())
		v.pull(back, g)
		if a, b := dot(v.of(x), g), dot(x, back); math.Abs(a-b) > 1e-5*math.Abs(a) {
			t.Errorf("%+v: %g there and %g back", by, a, b)
		}
	}
	if !slices.Equal(newView(s, straight).of(x), x) {
		t.Error("seen straight the canvas is another")
	}
}

// TestDerivativeOfEveryMethod compares the whole chain, from parameters over
// views to the logit of a net of 8×8 pixels, with finite differences.
func TestDerivativeOfEveryMethod(t *testing.T) {
	n := vistest.Random(3, 8, 8)
	s := size{3, 8, 8}
	in := visualizers.Input{Subject: n}
	target := score.ClassTarget(1, score.Logit)
	r := reachOf(n, in)
	c := colours{mixed: true}
	c.channel, _ = r.decoder.Colours()
	rng := rand.New(rand.NewPCG(1, 1))
	prior := Prior{L2: 0.7, Variation: 3}
	canvases := map[Method]canvas{
		Pixels: &pixels{random(s.all(), 0.3)},
		Waves:  &coefficients{size: s, transform: newTransform(8, 8), colours: c, values: random(2*3*8*5, 0.3)},
		Phase:  newPhases(s, c, amplitudes(s, nil), rng),
	}
	shots := []shot{{0.47, 0.55, 0.9, 0.1}, {0.5, 0.5, 1.05, -0.15}}
	for m, canvas := range canvases {
		t.Run(string(m), func(t *testing.T) {
			value := func() float64 {
				u, sum := canvas.paint(), 0.0
				for _, by := range shots {
					sum += logit(t, n, r, s, newView(s, by).of(u), target) / float64(len(shots))
				}
				return sum - prior.value(s, u)
			}
			u := canvas.paint()
			g := make([]float64, len(u))
			for _, by := range shots {
				v := newView(s, by)
				gs, err := n.Gradient(t.Context(), []infer.Tensor{r.input(s, v.of(u))}, []score.Target{target})
				if err != nil {
					t.Fatal(err)
				}
				v.pull(g, r.pull(s, gs[0][0]))
			}
			for i := range g {
				g[i] /= float64(len(shots))
			}
			prior.pull(s, u, g)
			slope := canvas.pull(g)
			// Along directions, for float32 is too coarse for single parameters.
			for k := range 6 {
				direction := random(len(slope)+k, 1)[k:]
				want := differences(canvas.parameters(), direction, value)
				if got := dot(slope, direction); math.Abs(got-want) > 1e-3*max(math.Abs(want), 0.01*math.Sqrt(dot(slope, slope))) {
					t.Errorf("direction %d: %g, by differences %g", k, got, want)
				}
			}
		})
	}
}

// differences is the slope of a function along a direction, of fourth order.
func differences(at, direction []float64, value func() float64) float64 {
	const h = 1e-5
	start := slices.Clone(at)
	f := func(k float64) float64 {
		for i, d := range direction {
			at[i] = start[i] + k*h*d
		}
		return value()
	}
	slope := (8*(f(1)-f(-1)) - (f(2) - f(-2))) / (12 * h)
	copy(at, start)
	return slope
}

// logit is the net's, in double precision.
func logit(t *testing.T, n *vistest.Net, r reach, s size, view []float64, target score.Target) float64 {
	t.Helper()
	sum := n.Bias[target.Class]
	for k, row := range n.Mix {
		for i := range s.plane() {
			v := 0.0
			for c, w := range row {
				v += w * (r.middle[c] + r.half[c]*view[c*s.plane()+i])
			}
			sum += n.Read[target.Class][k*s.plane()+i] * max(v, 0)
		}
	}
	return sum
}

func TestPhasesKeepTheAmplitudes(t *testing.T) {
	for _, s := range []size{{3, 8, 8}, {1, 7, 10}, {1, 6, 9}} {
		p := newPhases(s, colours{}, amplitudes(s, nil), rand.New(rand.NewPCG(3, 3)))
		planes := p.planes()
		for c := range s.channels {
			for i, v := range p.transform.spectrum(planes[c*s.plane() : (c+1)*s.plane()]) {
				if want := p.amplitude[c*p.transform.size()+i]; math.Abs(cmplx.Abs(v)-want) > 1e-9*want {
					t.Fatalf("%v: coefficient %d has the amplitude %g, want %g", s, i, cmplx.Abs(v), want)
				}
			}
		}
	}
}

func TestAmplitudesAreTheMeanOfThePictures(t *testing.T) {
	s := size{1, 4, 4}
	pictures := make([][]float64, fewest)
	for k := range pictures {
		pictures[k] = slices.Repeat([]float64{float64(k)}, 16) // only the mean: 4·k in orthonormal units
	}
	got := amplitudes(s, pictures)
	if math.Abs(got[0]-4*3.5) > 1e-12 || math.Abs(got[1]) > 1e-12 {
		t.Errorf("amplitudes are %v", got[:2])
	}
	if few := amplitudes(s, pictures[:fewest-1]); few[0] != 4 || math.Abs(few[1]-4) > 1e-12 || math.Abs(few[2]-2) > 1e-12 {
		t.Errorf("of too few pictures they are %v, want 1/f", few[:3])
	}
}

// draw runs a method on a net.
func draw(t *testing.T, n *vistest.Net, class int, pairs map[string]any) *visualizers.Picture {
	t.Helper()
	in := visualizers.Input{Subject: n, Tensor: infer.NewTensor(n.Channels, n.Height, n.Width), Values: visualizers.Values{}}
	base, err := n.Predict(t.Context(), []infer.Tensor{in.Tensor})
	if err != nil {
		t.Fatal(err)
	}
	in.Base = base[0]
	for _, set := range Settings() {
		in.Values[set.Key()] = set.Initial(n)
	}
	for k, v := range pairs {
		in.Values[k] = v
	}
	goal := Goal{
		Name: "it",
		Gradient: func(ctx context.Context, batch []infer.Tensor) (out []infer.Tensor, err error) {
			gs, err := n.Gradient(ctx, batch, []score.Target{score.ClassTarget(class, score.Logit)})
			for _, g := range gs {
				out = append(out, g[0])
			}
			return out, err
		},
		Answer: func(context.Context, infer.Tensor) (string, error) { return "", nil },
	}
	r, err := Draw(t.Context(), in, []Goal{goal}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Parts[0].Picture
}

// The picture of a linear model is as bright as can be where its weight is
// positive and dark where it is negative.
func TestPictureOfALinearModelIsTheSignOfItsWeights(t *testing.T) {
	// Smooth, so that trembling views agree about it.
	weights := make([]float64, 16*16)
	for i := range weights {
		weights[i] = math.Sin(2*math.Pi*(float64(i/16)+0.5)/16) * (1 + 0.1*float64(i%16))
	}
	n := vistest.Linear(1, 16, 16, [][]float64{weights, make([]float64, len(weights))}, []float64{0, 0})
	p := draw(t, n, 0, map[string]any{"method": string(Pixels), "l2": 0.0, "tv": 0.0, "steps": 64})
	if p.Range != [2]float32{0, 255} {
		t.Errorf("the picture is drawn from %v", p.Range)
	}
	for i, v := range p.Values {
		if y := i / 16; y%8 < 1 || y%8 > 6 { // where views tremble across the change of sign
			continue
		}
		want := float32(0)
		if weights[i] > 0 {
			want = 255
		}
		if v != want {
			t.Fatalf("pixel %d is %g, want %g, for a weight of %g", i, v, want, weights[i])
		}
	}
}

func TestTheSeedDecidesThePicture(t *testing.T) {
	n := vistest.Random(3, 12, 12)
	for _, m := range []Method{Waves, Pixels, Phase} {
		one := draw(t, n, 0, map[string]any{"method": string(m), "steps": 10, "seed": 1})
		again := draw(t, n, 0, map[string]any{"method": string(m), "steps": 10, "seed": 1})
		other := draw(t, n, 0, map[string]any{"method": string(m), "steps": 10, "seed": 2})
		if !slices.Equal(one.Values, again.Values) {
			t.Errorf("%s: the same seed gives two pictures", m)
		}
		if slices.Equal(one.Values, other.Values) {
			t.Errorf("%s: two seeds give one picture", m)
		}
	}
}
