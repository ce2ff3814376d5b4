package jpeg2000

// Lifting steps of the irreversible transform (T.800 table F.4). The scaling
// of the high band includes its gain of 2; it is the value that OpenJPEG uses,
// the reference for medical pictures, 3e-5 below 2/scaleLow.
const (
	liftAlpha = -1.586134342059924
	liftBeta  = -0.052980118572961
	liftGamma = 0.882911075530934
	liftDelta = 0.443506852043971
	scaleLow  = 1.230174104914001
	scaleHigh = 1.625732422
)

// lift undoes one decomposition of a line whose low and high part are already
// interleaved; odd says that it begins with a high sample.
type lift[T int32 | float32] func(line []T, odd bool)

// reversible is the 5/3 filter.
func reversible(v []int32, odd bool) {
	first := 0
	if odd {
		first = 1
	}
	if len(v) == 1 {
		if odd {
			v[0] /= 2 // towards zero, as OpenJPEG does
		}
		return
	}
	for i := first; i < len(v); i += 2 {
		v[i] -= (mirror(v, i-1) + mirror(v, i+1) + 2) >> 2
	}
	for i := 1 - first; i < len(v); i += 2 {
		v[i] += (mirror(v, i-1) + mirror(v, i+1)) >> 1
	}
}

// irreversible is the 9/7 filter.
func irreversible(v []float32, odd bool) {
	first := 0
	if odd {
		first = 1
	}
	if len(v) == 1 {
		return // the half of T.800 F.3.6 is the high band's gain
	}
	for i := range v {
		if i&1 == first {
			v[i] *= scaleLow
		} else {
			v[i] *= scaleHigh
		}
	}
	raise(v, first, liftDelta)
	raise(v, 1-first, liftGamma)
	raise(v, first, liftBeta)
	raise(v, 1-first, liftAlpha)
}

// raise subtracts a multiple of both neighbours from every second sample.
func raise(v []float32, first int, by float32) {
	for i := first; i < len(v); i += 2 {
		v[i] -= by * (mirror(v, i-1) + mirror(v, i+1))
	}
}

// mirror is sample i of a line continued symmetrically by one.
func mirror[T int32 | float32](v []T, i int) T {
	if i < 0 {
		return v[1]
	}
	if i >= len(v) {
		return v[len(v)-2]
	}
	return v[i]
}

// synthesize undoes all decompositions of a plane in place.
func synthesize[T int32 | float32](p *plane, data []T, undo lift[T]) {
	stride := p.x1 - p.x0
	line := make([]T, max(stride, p.y1-p.y0))
	for r := 1; r < len(p.resolutions); r++ {
		low, res := &p.resolutions[r-1], &p.resolutions[r]
		w, h := res.x1-res.x0, res.y1-res.y0
		for y := range h {
			row := data[y*stride : y*stride+w]
			weave(line[:w], row, 1, low.x1-low.x0, res.x0&1)
			undo(line[:w], res.x0&1 == 1)
			copy(row, line)
		}
		for x := range w {
			weave(line[:h], data[x:], stride, low.y1-low.y0, res.y0&1)
			undo(line[:h], res.y0&1 == 1)
			for y, v := range line[:h] {
				data[y*stride+x] = v
			}
		}
	}
}

// weave interleaves the low samples at the beginning of src with the high ones
// behind them; odd is 1 for a line that begins with a high one.
func weave[T int32 | float32](dst, src []T, stride, low, odd int) {
	for i, at := odd, 0; i < len(dst); i, at = i+2, at+stride {
		dst[i] = src[at]
	}
	for i, at := 1-odd, low*stride; i < len(dst); i, at = i+2, at+stride {
		dst[i] = src[at]
	}
}
