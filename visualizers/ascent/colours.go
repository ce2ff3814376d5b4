package ascent

// colours mixes three planes that belong to no colour, so that they change
// together as the colours of pictures do. Models of other channels have none.
type colours struct {
	channel [3]int // of the model's input that red, green and blue are
	mixed   bool   // false: every plane is a channel
}

// together tells how the colours of photographs go together: together[colour][plane],
// such that planes that know nothing of each other get the covariance of
// ImageNet's pixels, up to a factor. The numbers are those of Lucid and MaCo.
var together = [3][3]float64{{0.5628, 0.1948, 0.0433}, {0.5845, 0, -0.1082}, {0.5845, -0.1948, 0.0649}}

// mix makes colours of planes, in place.
func (c colours) mix(planes []float64) {
	c.apply(planes, func(colour, plane int) float64 { return together[colour][plane] })
}

// pull is the derivative of mix run backwards, in place.
func (c colours) pull(planes []float64) {
	c.apply(planes, func(plane, colour int) float64 { return together[colour][plane] })
}

func (c colours) apply(planes []float64, weight func(to, from int) float64) {
	if !c.mixed {
		return
	}
	n := len(planes) / 3
	for i := range n {
		var from, to [3]float64
		for k, at := range c.channel {
			from[k] = planes[at*n+i]
		}
		for k := range to {
			for j, v := range from {
				to[k] += weight(k, j) * v
			}
		}
		for k, at := range c.channel {
			planes[at*n+i] = to[k]
		}
	}
}
