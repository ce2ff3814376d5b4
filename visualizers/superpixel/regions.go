package superpixel

// Sizes are the numbers of pixels of the regions.
func (r Regions) Sizes() []int {
	out := make([]int, r.Count)
	for _, k := range r.Of {
		out[k]++
	}
	return out
}

// Middles are for each region the index of its pixel that lies nearest to the
// mean of its places; the mean itself need not be inside.
func (r Regions) Middles() []int {
	sizes, sides := r.Sizes(), r.sides()
	sums := make([][3]int, r.Count)
	for p, k := range r.Of {
		for i, v := range sides.place(p) {
			sums[k][i] += v
		}
	}
	out, least := make([]int, r.Count), make([]int, r.Count)
	for p, k := range r.Of {
		// Distances times the region's size are whole numbers.
		d := 1
		for i, v := range sides.place(p) {
			far := v*sizes[k] - sums[k][i]
			d += far * far
		}
		if least[k] == 0 || d < least[k] {
			out[k], least[k] = p, d
		}
	}
	return out
}
