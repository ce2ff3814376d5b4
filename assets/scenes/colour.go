package scenes

// rgb is a colour as a display shows it, 0…1 per channel; sums may exceed 1
// until the picture is developed.
type rgb struct{ r, g, b float64 }

func (c rgb) times(o rgb) rgb      { return rgb{c.r * o.r, c.g * o.g, c.b * o.b} }
func (c rgb) scaled(f float64) rgb { return rgb{c.r * f, c.g * f, c.b * f} }
func (c rgb) plus(o rgb) rgb       { return rgb{c.r + o.r, c.g + o.g, c.b + o.b} }
func mix(a, b rgb, t float64) rgb {
	return rgb{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t}
}
