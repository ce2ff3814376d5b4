package ascent

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"
)

// transform is the discrete Fourier transform of real planes of one size, by
// rows and then by columns, orthonormal: the same energy on both sides. A
// spectrum holds the columns 0…Width/2 of each row; the others follow, for
// planes are real. It is used by one goroutine at a time.
type transform struct {
	height, width int
	rows          *fourier.FFT
	columns       *fourier.CmplxFFT
	column        []complex128
}

func newTransform(height, width int) *transform {
	return &transform{height, width, fourier.NewFFT(width), fourier.NewCmplxFFT(height), make([]complex128, height)}
}

// half is the number of columns of a spectrum.
func (f *transform) half() int { return f.width/2 + 1 }

// size is the number of coefficients of a spectrum.
func (f *transform) size() int { return f.height * f.half() }

// spectrum transforms a plane.
func (f *transform) spectrum(plane []float64) []complex128 {
	n := f.half()
	out := make([]complex128, f.size())
	for y := range f.height {
		f.rows.Coefficients(out[y*n:(y+1)*n], plane[y*f.width:(y+1)*f.width])
	}
	f.alongColumns(out, func(c []complex128) { f.columns.Coefficients(c, c) })
	f.normalise(out)
	return out
}

// plane transforms a spectrum back. Of the columns that are their own mirror
// image only the part counts that a real plane can have.
func (f *transform) plane(spectrum []complex128) []float64 {
	n := f.half()
	mixed := slices.Clone(spectrum)
	f.alongColumns(mixed, func(c []complex128) { f.columns.Sequence(c, c) })
	f.normalise(mixed)
	out := make([]float64, f.height*f.width)
	for y := range f.height {
		f.rows.Sequence(out[y*f.width:(y+1)*f.width], mixed[y*n:(y+1)*n])
	}
	return out
}

// pull is the derivative of plane run backwards: from d/d plane to d/d Re + i·d/d Im
// of the coefficients. All columns but the self-conjugate stand for two.
func (f *transform) pull(plane []float64) []complex128 {
	out := f.spectrum(plane)
	for i := range out {
		if !f.lone(i % f.half()) {
			out[i] *= 2
		}
	}
	return out
}

// lone reports a column of a spectrum that is its own mirror image.
func (f *transform) lone(column int) bool { return column == 0 || 2*column == f.width }

func (f *transform) alongColumns(spectrum []complex128, do func([]complex128)) {
	n := f.half()
	for x := range n {
		for y := range f.column {
			f.column[y] = spectrum[y*n+x]
		}
		do(f.column)
		for y, v := range f.column {
			spectrum[y*n+x] = v
		}
	}
}

// normalise makes a transform of both axes orthonormal.
func (f *transform) normalise(spectrum []complex128) {
	k := complex(1/math.Sqrt(float64(f.height*f.width)), 0)
	for i := range spectrum {
		spectrum[i] *= k
	}
}

// frequency is that of coefficient i, in cycles per pixel.
func (f *transform) frequency(i int) float64 {
	y, x := i/f.half(), i%f.half()
	if 2*y > f.height {
		y -= f.height
	}
	return math.Hypot(float64(y)/float64(f.height), float64(x)/float64(f.width))
}

// fall is the usual size of coefficient i in pictures of the world, whose
// amplitudes fall with the frequency: 1/f, bounded at the lowest (Field 1987).
func (f *transform) fall(i int) float64 {
	return 1 / max(f.frequency(i), 1/float64(max(f.height, f.width)))
}

// odd makes a spectrum's phases those of a real plane, in place: opposite ones
// at mirrored coefficients. It is linear, and its own derivative run backwards.
func (f *transform) odd(phase []float64) {
	n := f.half()
	for x := range n {
		if !f.lone(x) {
			continue
		}
		for y := 0; 2*y <= f.height; y++ {
			m := (f.height - y) % f.height
			v := (phase[y*n+x] - phase[m*n+x]) / 2
			phase[y*n+x], phase[m*n+x] = v, -v
			if m == y {
				phase[y*n+x] = 0
			}
		}
	}
}
