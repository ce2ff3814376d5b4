package visualizers

import (
	"image"

	"picasso/backend/infer"
)

// blurred is the tensor without structure smaller than a window: three box
// filters on each axis, which come close to a Gaussian of half the window's
// size (Wells 1986), in time that does not depend on the size. Values beyond
// the border repeat the border's.
//
// Slices of a volume, of which there are depth where that is not 0, lie under each
// other and are smoothed in the third direction by as many of them as a window has
// columns.
func blurred(t infer.Tensor, size image.Point, depth int) []float32 {
	slabs := max(depth, 1)
	channels, height, width := t.Shape[0]*slabs, t.Shape[1]/slabs, t.Shape[2]
	out := append([]float32(nil), t.Data...)
	line := make([]float64, max(width, height, slabs))
	for c := range channels {
		plane := out[c*height*width : (c+1)*height*width]
		for y := range height {
			smooth(plane[y*width:(y+1)*width], 1, line[:width], size.X/2)
		}
		for x := range width {
			smooth(plane[x:], width, line[:height], size.Y/2)
		}
	}
	for c := 0; c < channels && depth > 1; c += slabs {
		for i := range height * width {
			smooth(out[c*height*width+i:], height*width, line[:slabs], size.X/2)
		}
	}
	return out
}

// smooth runs three box filters of the given reach to either side over one
// line of values that lie step apart. Three boxes of reach r have the
// deviation √(r(r+1)), about r + ½.
func smooth(values []float32, step int, line []float64, reach int) {
	for range 3 {
		for i := range line {
			line[i] = float64(values[i*step])
		}
		last := len(line) - 1
		var sum float64
		for k := -reach; k <= reach; k++ {
			sum += line[min(max(k, 0), last)]
		}
		for i := range line {
			values[i*step] = float32(sum / float64(2*reach+1))
			sum += line[min(i+reach+1, last)] - line[max(i-reach, 0)]
		}
	}
}
