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
	sizes := r.Sizes()
	x, y := make([]int, r.Count), make([]int, r.Count)
	for p, k := range r.Of {
		x[k] += p % r.Width
		y[k] += p / r.Width
	}
	out, least := make([]int, r.Count), make([]int, r.Count)
	for p, k := range r.Of {
		// Distances times the region's size are whole numbers.
		dx, dy := p%r.Width*sizes[k]-x[k], p/r.Width*sizes[k]-y[k]
		if d := dx*dx + dy*dy + 1; least[k] == 0 || d < least[k] {
			out[k], least[k] = p, d
		}
	}
	return out
}
