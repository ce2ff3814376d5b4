package jpegls

// plane is one component's samples: every step-th of pix, width × height of them.
type plane struct {
	width, height int
	across, block int // columns and rows in a block: the sampling factors
	pix           []uint16
	step          int
}

// planes makes room for the components. Those of one size share the picture's
// samples; others have their own until [Image.spread].
func (d *decoder) allocate() {
	m := d.image
	m.Pix = make([]uint16, m.Width*m.Height*m.Components)
	for i := range d.planes {
		p := &d.planes[i]
		if p.pix, p.step = m.Pix[i:], m.Components; d.uneven {
			p.pix, p.step = make([]uint16, p.width*p.height), 1
		}
	}
}

// measure gives every component its size (T.81 A.1.1).
func (d *decoder) measure() {
	most := d.planes[0]
	for _, p := range d.planes {
		most.across, most.block = max(most.across, p.across), max(most.block, p.block)
	}
	for i := range d.planes {
		p := &d.planes[i]
		p.width = (d.image.Width*p.across + most.across - 1) / most.across
		p.height = (d.image.Height*p.block + most.block - 1) / most.block
		d.uneven = d.uneven || p.width != d.image.Width || p.height != d.image.Height
	}
}

// spread repeats the samples of smaller components so that every pixel has all.
func (d *decoder) spread() {
	m := d.image
	for c, p := range d.planes {
		if p.pix == nil {
			continue
		}
		for y := range m.Height {
			line := p.pix[y*p.height/m.Height*p.width:]
			for x := range m.Width {
				m.Pix[(y*m.Width+x)*m.Components+c] = line[x*p.width/m.Width]
			}
		}
	}
}

// transform is a reversible colour transform of Hewlett-Packard's encoder, as
// the marker APP8 "mrfx" names it: 1 to 3, or 0 for none. Values wrap around
// their range.
type transform byte

// undo gives back red, green and blue, of so many bits.
func (t transform) undo(m *Image) {
	half, mask := int32(1)<<(m.Precision-1), int32(1)<<m.Precision-1
	for i := 0; i+2 < len(m.Pix); i += 3 {
		a, b, c := int32(m.Pix[i]), int32(m.Pix[i+1]), int32(m.Pix[i+2])
		var red, green, blue int32
		switch t {
		case 1:
			red, green, blue = a+b-half, b, c+b-half
		case 2:
			red, green = (a+b-half)&mask, b
			blue = c + (red+green)>>1 - half
		case 3:
			green = a - (b+c)>>2 + half/2
			red, blue = c+green-half, b+green-half
		}
		m.Pix[i], m.Pix[i+1], m.Pix[i+2] = uint16(red&mask), uint16(green&mask), uint16(blue&mask)
	}
}
