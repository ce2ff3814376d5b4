package render

import "image"

// softened is f averaged over boxes of span cells (X across, Y down), so that the
// steps of a map whose values are the same over so many cells become slopes. The
// box is cut off at the border and leaves out unknown cells, which stay unknown. A
// span of one or less changes nothing along its axis.
func (f Field) softened(span image.Point) Field {
	if span.X > 1 {
		f = f.averaged(f.Width, f.Height, 1, f.Width, span.X)
	}
	if span.Y > 1 {
		f = f.averaged(f.Height, f.Width, f.Width, 1, span.Y)
	}
	return f
}

// averaged is f with every one of so many lines of n cells averaged over boxes of
// span cells. Cells of a line lie step apart, its neighbour begins line further on.
func (f Field) averaged(n, lines, step, line, span int) Field {
	g := Field{f.Width, f.Height, make([]float32, len(f.Values))}
	sums, known := make([]float64, n+1), make([]float64, n+1)
	half := float64(span) / 2
	for k := range lines {
		for i := range n {
			v, one := float64(f.Values[k*line+i*step]), 1.0
			if v != v {
				v, one = 0, 0
			}
			sums[i+1], known[i+1] = sums[i]+v, known[i]+one
		}
		for i := range n {
			at := k*line + i*step
			g.Values[at] = f.Values[at]
			if known[i+1] > known[i] {
				from, to := float64(i)+0.5-half, float64(i)+0.5+half
				g.Values[at] = float32((upTo(sums, to) - upTo(sums, from)) / (upTo(known, to) - upTo(known, from)))
			}
		}
	}
	return g
}

// upTo is the integral from 0 to x of the cells whose running sums are given.
func upTo(sums []float64, x float64) float64 {
	x = min(max(x, 0), float64(len(sums)-1))
	i := min(int(x), len(sums)-2)
	return sums[i] + (x-float64(i))*(sums[i+1]-sums[i])
}
