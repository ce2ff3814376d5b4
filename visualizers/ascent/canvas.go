package ascent

import (
	"math"
	"math/rand/v2"
	"slices"
)

// canvas is a picture made of parameters.
type canvas interface {
	// parameters are what the picture is made of, to be changed in place.
	parameters() []float64
	// paint makes the picture: channels×height×width, −1…1.
	paint() []float64
	// pull is d score / d parameters from d score / d picture, for the picture
	// painted last.
	pull(picture []float64) []float64
	// settle brings the parameters back to where they are allowed.
	settle()
}

// size is that of a canvas, and of the model's input.
type size struct{ channels, height, width int }

func (s size) plane() int { return s.height * s.width }

func (s size) all() int { return s.channels * s.plane() }

// pixels is a canvas whose parameters are its values.
type pixels struct{ values []float64 }

func newPixels(s size) *pixels { return &pixels{make([]float64, s.all())} }

func (p *pixels) parameters() []float64 { return p.values }

func (p *pixels) paint() []float64 { return slices.Clone(p.values) }

func (p *pixels) pull(picture []float64) []float64 { return picture }

func (p *pixels) settle() {
	for i, v := range p.values {
		p.values[i] = min(max(v, -1), 1)
	}
}

// contrast divides what comes out of the Fourier transform, so that the picture
// begins grey and far from its limits (as Lucid does).
const contrast = 4

// coefficients is a canvas whose parameters are the real and imaginary parts of
// its spectrum, in units of what is usual at their frequency.
type coefficients struct {
	size
	transform *transform
	colours   colours
	values    []float64
	picture   []float64 // painted last
}

func newCoefficients(s size, c colours, random *rand.Rand) *coefficients {
	f := newTransform(s.height, s.width)
	p := &coefficients{size: s, transform: f, colours: c, values: make([]float64, 2*s.channels*f.size())}
	for i := range p.values {
		p.values[i] = startingNoise * random.NormFloat64()
	}
	return p
}

// startingNoise is the deviation of the coefficients at the start.
const startingNoise = 0.01

func (p *coefficients) parameters() []float64 { return p.values }

func (p *coefficients) settle() {}

func (p *coefficients) paint() []float64 {
	n := p.transform.size()
	raw := make([]float64, 0, p.all())
	spectrum := make([]complex128, n)
	for c := range p.channels {
		v := p.values[2*c*n:]
		for i := range spectrum {
			spectrum[i] = complex(v[2*i], v[2*i+1]) * complex(p.transform.fall(i)/contrast, 0)
		}
		raw = append(raw, p.transform.plane(spectrum)...)
	}
	p.colours.mix(raw)
	p.picture = squash(raw)
	return p.picture
}

func (p *coefficients) pull(picture []float64) []float64 {
	g := unsquash(picture, p.picture)
	p.colours.pull(g)
	out := make([]float64, 0, len(p.values))
	for c := range p.channels {
		for i, v := range p.transform.pull(g[c*p.plane() : (c+1)*p.plane()]) {
			k := p.transform.fall(i) / contrast
			out = append(out, real(v)*k, imag(v)*k)
		}
	}
	return out
}

// phases is a canvas whose parameters are the phases of its spectrum; the
// amplitudes stay as they were given.
type phases struct {
	size
	transform *transform
	colours   colours
	amplitude []float64 // of each channel's coefficients
	values    []float64
	angle     []float64 // of the coefficients painted last
	spread    standard  // of values and of planes, painted last
	levels    standard
	picture   []float64
}

func newPhases(s size, c colours, amplitude []float64, random *rand.Rand) *phases {
	p := &phases{size: s, transform: newTransform(s.height, s.width), colours: c, amplitude: amplitude, values: make([]float64, len(amplitude))}
	for i := range p.values {
		p.values[i] = random.NormFloat64()
	}
	return p
}

func (p *phases) parameters() []float64 { return p.values }

func (p *phases) settle() {}

func (p *phases) paint() []float64 {
	raw, levels := standardise(p.planes())
	p.levels = levels
	raw = slices.Clone(raw)
	p.colours.mix(raw)
	p.picture = squash(raw)
	return p.picture
}

// planes are the channels that the phases make of the amplitudes.
func (p *phases) planes() []float64 {
	p.angle, p.spread = standardise(p.values)
	p.angle = slices.Clone(p.angle)
	n := p.transform.size()
	raw := make([]float64, 0, p.all())
	spectrum := make([]complex128, n)
	for c := range p.channels {
		angle := p.angle[c*n : (c+1)*n]
		p.transform.odd(angle)
		for i, a := range angle {
			sin, cos := math.Sincos(a)
			spectrum[i] = complex(p.amplitude[c*n+i]*cos, p.amplitude[c*n+i]*sin)
		}
		raw = append(raw, p.transform.plane(spectrum)...)
	}
	return raw
}

func (p *phases) pull(picture []float64) []float64 {
	g := unsquash(picture, p.picture)
	p.colours.pull(g)
	g = p.levels.pull(g)
	n := p.transform.size()
	out := make([]float64, 0, len(p.values))
	for c := range p.channels {
		angle := make([]float64, n)
		for i, v := range p.transform.pull(g[c*p.plane() : (c+1)*p.plane()]) {
			sin, cos := math.Sincos(p.angle[c*n+i])
			angle[i] = p.amplitude[c*n+i] * (imag(v)*cos - real(v)*sin)
		}
		p.transform.odd(angle)
		out = append(out, angle...)
	}
	return p.spread.pull(out)
}

// squash brings any number between −1 and 1: the sigmoid, 2/(1+e^−v) − 1.
func squash(raw []float64) []float64 {
	out := make([]float64, len(raw))
	for i, v := range raw {
		out[i] = math.Tanh(v / 2)
	}
	return out
}

// unsquash is d/d raw from d/d squashed.
func unsquash(g, squashed []float64) []float64 {
	out := make([]float64, len(g))
	for i, u := range squashed {
		out[i] = g[i] * (1 - u*u) / 2
	}
	return out
}

// standard is a list brought to mean 0 and deviation 1.
type standard struct {
	values    []float64
	deviation float64
}

// least keeps constant lists from being divided by 0.
const least = 1e-5

func standardise(list []float64) ([]float64, standard) {
	mean, squares := 0.0, 0.0
	for _, v := range list {
		mean += v / float64(len(list))
	}
	for _, v := range list {
		squares += (v - mean) * (v - mean) / float64(len(list))
	}
	s := standard{make([]float64, len(list)), math.Sqrt(squares)}
	for i, v := range list {
		s.values[i] = (v - mean) / (s.deviation + least)
	}
	return s.values, s
}

// pull is d/d list from d/d standardised list.
func (s standard) pull(g []float64) []float64 {
	n, mean, along := float64(len(g)), 0.0, 0.0
	for i, v := range g {
		mean += v / n
		along += v * s.values[i] / n
	}
	out := make([]float64, len(g))
	if s.deviation == 0 {
		return out
	}
	for i, v := range g {
		out[i] = (v-mean)/(s.deviation+least) - s.values[i]*along/s.deviation
	}
	return out
}
