package visualizers

import "picasso/backend/picture/voxels"

// EnlargeLayer is [Enlarge] of the places of a layer to those of the subject's input,
// rows under each other, in two dimensions or, for volumes, in three.
func EnlargeLayer(s Subject, l Layer, values []float32) []float32 {
	_, height, width := s.Shape()
	depth := DepthOf(s)
	if depth == 0 {
		return Enlarge(values, l.Height, l.Width, height, width)
	}
	return EnlargeVolume(values, [3]int{l.Depth, l.Height / l.Depth, l.Width}, [3]int{depth, height / depth, width})
}

// EnlargeVolume is [Enlarge] in three dimensions: trilinear, for slices, rows and
// columns.
func EnlargeVolume(values []float32, from, to [3]int) []float32 {
	var axes [3]voxels.Axis
	for k := range axes {
		step := float64(from[k]) / float64(to[k])
		axes[k] = voxels.Axis{Of: k, Start: step/2 - 0.5, Step: step, Len: to[k]}
	}
	g := voxels.Grid{Size: from, Values: values}
	return g.Sample(axes, false).Values
}

// Enlarge resamples a h×w plane to height×width by bilinear interpolation with
// half-pixel centres (as align_corners=False elsewhere); samples beyond the
// outer centres repeat the border.
func Enlarge(plane []float32, h, w, height, width int) []float32 {
	if h == height && w == width {
		return append([]float32(nil), plane...)
	}
	x0, x1, fx := taps(w, width)
	y0, y1, fy := taps(h, height)
	out := make([]float32, height*width)
	for y := range height {
		top, bottom := plane[y0[y]*w:(y0[y]+1)*w], plane[y1[y]*w:(y1[y]+1)*w]
		for x := range width {
			a := top[x0[x]] + fx[x]*(top[x1[x]]-top[x0[x]])
			b := bottom[x0[x]] + fx[x]*(bottom[x1[x]]-bottom[x0[x]])
			out[y*width+x] = a + fy[y]*(b-a)
		}
	}
	return out
}

// taps are the two source samples of every target sample and the weight of
// the second.
func taps(from, to int) (first, second []int, weight []float32) {
	first, second, weight = make([]int, to), make([]int, to), make([]float32, to)
	for i := range to {
		at := (float64(i)+0.5)*float64(from)/float64(to) - 0.5
		at = min(max(at, 0), float64(from-1))
		first[i] = int(at)
		second[i] = min(first[i]+1, from-1)
		weight[i] = float32(at - float64(first[i]))
	}
	return first, second, weight
}
