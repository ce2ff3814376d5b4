package jpeg

// upsamplerOf gives the function that brings row y of a component to the
// picture's width, using line as its buffer.
func upsamplerOf(c *component, f *frame) func(y int, line []uint16) []uint16 {
	wide, high := f.hMax/c.h, f.vMax/c.v
	whole := wide*c.h == f.hMax && high*c.v == f.vMax
	switch {
	case wide == 1 && high == 1 && whole:
		return func(y int, _ []uint16) []uint16 { return c.row(y) }
	case wide == 2 && high == 1 && whole && c.width > 2:
		return c.doubleWidth
	case wide == 1 && high == 2 && whole:
		return c.doubleHeight
	case wide == 2 && high == 2 && whole && c.width > 2:
		return c.doubleBoth
	default:
		return func(y int, line []uint16) []uint16 {
			row := c.row(min(y*c.v/f.vMax, c.height-1))
			for x := range f.width {
				line[x] = row[min(x*c.h/f.hMax, c.width-1)]
			}
			return line
		}
	}
}

func (c *component) row(y int) []uint16 { return c.pix[y*c.stride : (y+1)*c.stride] }

// doubleWidth interpolates between neighbours with weights 3:1.
func (c *component) doubleWidth(y int, line []uint16) []uint16 {
	in, last := c.row(y), c.width-1
	line[0], line[1] = in[0], uint16((3*uint32(in[0])+uint32(in[1])+2)>>2)
	for x := 1; x < last; x++ {
		v := 3 * uint32(in[x])
		line[2*x] = uint16((v + uint32(in[x-1]) + 1) >> 2)
		line[2*x+1] = uint16((v + uint32(in[x+1]) + 2) >> 2)
	}
	line[2*last] = uint16((3*uint32(in[last]) + uint32(in[last-1]) + 1) >> 2)
	line[2*last+1] = in[last]
	return line
}

// doubleHeight interpolates between neighbours with weights 3:1.
func (c *component) doubleHeight(y int, line []uint16) []uint16 {
	a, b := c.neighbours(y)
	bias := 1 + uint32(y%2)
	for x := range c.width {
		line[x] = uint16((3*uint32(a[x]) + uint32(b[x]) + bias) >> 2)
	}
	return line
}

// neighbours are the rows that row y of a picture of twice the height lies
// between, the nearer one first.
func (c *component) neighbours(y int) (near, far []uint16) {
	other := y/2 - 1
	if y%2 == 1 {
		other = y/2 + 1
	}
	return c.row(y / 2), c.row(min(max(other, 0), c.height-1))
}

// doubleBoth interpolates with weights 9:3:3:1.
func (c *component) doubleBoth(y int, line []uint16) []uint16 {
	a, b := c.neighbours(y)
	column := func(x int) uint32 { return 3*uint32(a[x]) + uint32(b[x]) }
	last := c.width - 1
	before, this := column(0), column(0)
	for x := range c.width {
		next := column(min(x+1, last))
		line[2*x] = uint16((3*this + before + 8) >> 4)
		line[2*x+1] = uint16((3*this + next + 7) >> 4)
		before, this = this, next
	}
	return line
}
