package gradient_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"picasso/backend/infer"
	"slices"
	"time"
)

// judge compares a gradient with finite differences at several widths, the
// usual ones first.
func (d *differentiated) judge(ctx context.Context, g *judged, s infer.Session, in string, seed, grad infer.Tensor) {
	for _, steps := range [][4]float64{{2e-2, 5e-3, 1.25e-3, 3e-4}, {0.32, 0.08, 0.02, 0.005}, {4e-4, 2e-4, 1e-4, 5e-5}} {
		again := *g
		d.judgeAt(ctx, &again, s, in, seed, grad, steps)
		if g.verdict == "" || g.verdict == "not run" || again.verdict == "exact" || again.verdict == "zero" {
			*g = again
		}
		if g.verdict != "noise" && g.verdict != "wrong" {
			return
		}
	}
}

// mostElements bounds the elements compared of one input.
const mostElements = 100

func (d *differentiated) judgeAt(ctx context.Context, g *judged, s infer.Session, in string, seed, grad infer.Tensor, steps [4]float64) {
	slot := slices.Index(d.names, in)
	x := d.inputs[slot]
	shape := x.Shape
	if len(shape) == 0 {
		shape = []int{1}
	}
	if len(grad.Data) != len(x.Data) || len(grad.Shape) > 0 && !slices.Equal(grad.Shape, shape) {
		g.verdict = "wrong"
		g.detail = "the gradient has another shape"
		return
	}
	f := &scored{ctx: ctx, session: s, inputs: d.inputs, slot: slot, seed: seed}
	base, err := f.at(0, x.Data[0])
	again, err2 := f.at(0, x.Data[0])
	if err = errors.Join(err, err2); err != nil {
		g.verdict, g.detail = "not run", err.Error()
		return
	}
	if base != again {
		g.verdict = "random"
		return
	}
	rms := 0.0
	for _, v := range x.Data {
		if a := float64(v); !math.IsInf(a, 0) && !math.IsNaN(a) {
			rms += a * a
		}
	}
	rms = math.Sqrt(rms / float64(len(x.Data)))
	var sum errorSum
	corners, all := 0, 0
	for n, k := range rand.New(rand.NewPCG(5, 6)).Perm(len(x.Data)) {
		if n >= mostElements || n > 20 && time.Now().After(d.deadline) {
			break
		}
		all++
		scale := max(math.Abs(float64(x.Data[k])), 0.2*rms, 1e-3)
		slope, noise, smooth, err := f.slope(k, x.Data[k], base, scale, steps)
		if err != nil {
			g.verdict, g.detail = "not run", "finite differences: "+err.Error()
			return
		}
		have := float64(grad.Data[k])
		if !smooth || f.undefined && (math.IsNaN(have) || math.IsInf(have, 0)) {
			corners++
			continue
		}
		sum.add(have, slope, noise)
	}
	if corners == all {
		g.verdict = "corners only"
		return
	}
	g.verdict, g.relative, g.have, g.want = sum.verdict(f.size)
}

// errorSum adds the errors of elements up.
type errorSum struct {
	diff, want, have, noise float64
	worst                   float64
	pair                    [2]float64
}

func (s *errorSum) add(have, want, noise float64) {
	s.diff += (have - want) * (have - want)
	s.want += want * want
	s.have += have * have
	s.noise += noise * noise
	if e := math.Abs(have - want); e > s.worst || math.IsNaN(e) {
		s.worst, s.pair = e, [2]float64{have, want}
	}
}

func (s *errorSum) verdict(size float64) (verdict string, relative float64, have, want []float64) {
	big := math.Sqrt(max(s.want, s.have))
	relative = math.Sqrt(s.diff) / max(big, 1e-12)
	have, want = []float64{s.pair[0]}, []float64{s.pair[1]}
	switch {
	case math.IsNaN(s.diff) || math.IsInf(s.diff, 0):
		return "wrong", math.Inf(1), have, want
	case big < 1e-7:
		return "zero", 0, nil, nil
	case relative <= 2e-2:
		return "exact", relative, nil, nil
	case math.Sqrt(s.diff) <= 3*math.Sqrt(s.noise)+1e-6*size:
		return "noise", relative, have, want
	}
	return "wrong", relative, have, want
}

// scored is the output weighed by a seed, as a function of one element.
type scored struct {
	ctx       context.Context
	session   infer.Session
	inputs    []infer.Tensor
	slot      int
	seed      infer.Tensor
	size      float64 // of the largest summand at the latest run
	undefined bool    // the output had NaN or infinity somewhere
}

func (f *scored) at(k int, v float32) (float64, error) {
	moved := slices.Clone(f.inputs)
	moved[f.slot] = f.inputs[f.slot].Clone()
	moved[f.slot].Data[k] = v
	y, err := f.session.Run(f.ctx, moved)
	if err != nil {
		return 0, err
	}
	if len(y[0].Data) != len(f.seed.Data) {
		return 0, errors.New("the shape of the output depends on the input")
	}
	sum := 0.0
	f.size = 0
	for i, v := range y[0].Data {
		part := float64(v) * float64(f.seed.Data[i])
		if math.IsNaN(part) || math.IsInf(part, 0) {
			f.undefined = true
			continue
		}
		sum += part
		f.size = max(f.size, math.Abs(part))
	}
	return sum, nil
}

// slope is the derivative at element k by differences of several widths, with
// Richardson's extrapolation; smooth is false at corners and jumps.
func (f *scored) slope(k int, x float32, base, scale float64, steps [4]float64) (slope, noise float64, smooth bool, err error) {
	var c, up, down, noises [4]float64
	for i, step := range steps {
		hi, lo := float32(float64(x)+step*scale), float32(float64(x)-step*scale)
		above, err := f.at(k, hi)
		if err != nil {
			return 0, 0, false, err
		}
		below, err := f.at(k, lo)
		if err != nil {
			return 0, 0, false, err
		}
		c[i] = (above - below) / (float64(hi) - float64(lo))
		up[i], down[i] = (above-base)/(float64(hi)-float64(x)), (base-below)/(float64(x)-float64(lo))
		noises[i] = 2e-7 * f.size / (step * scale)
	}
	r01, r12 := (16*c[1]-c[0])/15, (16*c[2]-c[1])/15
	slope, gap := c[2], math.Inf(1)
	for _, p := range [][3]float64{{c[0], c[1], noises[1]}, {c[1], c[2], noises[2]}, {c[2], c[3], noises[3]}, {r01, c[2], noises[2]}, {r01, r12, noises[2]}, {r12, c[3], noises[3]}} {
		if e := math.Abs(p[0]-p[1]) + p[2]; e < gap {
			slope, gap = p[1], e
		}
	}
	apart := func(i int) float64 { return math.Abs(up[i] - down[i]) }
	corner := apart(2) > 0.02*max(math.Abs(up[2]), math.Abs(down[2]))+4*noises[2] && apart(3) > 0.5*apart(2) ||
		apart(3) > 0.2*max(math.Abs(up[3]), math.Abs(down[3]))+4*noises[3]
	jump := math.Abs(c[3]) > 2*math.Abs(c[2]) && math.Abs(c[2]) > 2*math.Abs(c[1]) && math.Abs(c[3]) > 4*noises[3]
	defined := !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) && !math.IsNaN(slope) && !math.IsInf(slope, 0)
	return slope, min(gap, math.Abs(c[2])+noises[2]), !corner && !jump && defined, nil
}
