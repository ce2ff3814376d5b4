package jpeg

import (
	"encoding/binary"
	"fmt"

	"picasso/backend/picture/kernel"
)

// frame is the picture under construction: one plane per component.
type frame struct {
	width, height int
	precision     int
	lossless      bool
	progressive   bool
	hMax, vMax    int
	components    []*component
}

// component is one plane. Its samples cover whole MCUs, so that blocks at the
// right and lower edge need no special case.
type component struct {
	id            byte
	h, v          int // sampling factors
	quant         byte
	width, height int      // samples that belong to the picture
	stride, rows  int      // samples stored
	bytes         []uint8  // samples of DCT coding of 8 bits
	pix           []uint16 // of all others
	coded         []uint16 // of progressive coding until all is read: its coefficients, block after block
	started, done bool
}

// startFrame reads the frame header.
func (d *decoder) startFrame(marker byte, b []byte) error {
	if d.frame != nil {
		return fmt.Errorf("%w: a second picture inside the first", errSyntax)
	}
	if len(b) < 6 || len(b) < 6+3*int(b[5]) || b[5] == 0 || b[5] > 4 {
		return fmt.Errorf("%w: its header is too short", errSyntax)
	}
	f := &frame{precision: int(b[0]), lossless: marker == markerSOF3, progressive: marker == markerSOF2, hMax: 1, vMax: 1}
	f.height, f.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if f.width == 0 || f.height == 0 || f.precision < 2 || f.precision > 16 {
		return fmt.Errorf("%w: a picture of %d×%d samples of %d bits", errSyntax, f.width, f.height, f.precision)
	}
	if !f.lossless && f.precision != 8 && f.precision != 12 {
		return fmt.Errorf("%w: DCT coding of %d bits", ErrUnsupported, f.precision)
	}
	for i := range int(b[5]) {
		c := &component{id: b[6+3*i], h: int(b[7+3*i] >> 4), v: int(b[7+3*i] & 15), quant: b[8+3*i] & 3}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 {
			return fmt.Errorf("%w: sampling factors %d×%d", errSyntax, c.h, c.v)
		}
		f.hMax, f.vMax = max(f.hMax, c.h), max(f.vMax, c.v)
		f.components = append(f.components, c)
	}
	if err := f.size(d.limit, len(d.data)); err != nil {
		return err
	}
	f.allocate(d.lent)
	d.frame = f
	return nil
}

// size computes the planes' sizes, unless a stream of so many bytes cannot hold
// them: a block takes a bit at least, and so does a sample of lossless coding.
func (f *frame) size(limit, bytes int) error {
	if f.width*f.height > limit/len(f.components) {
		return fmt.Errorf("%w: %d×%d samples in %d components", ErrTooLarge, f.width, f.height, len(f.components))
	}
	unit := 8
	if f.lossless {
		unit = 1
	}
	if f.lossless || len(f.components) == 1 {
		if err := f.level(); err != nil {
			return err
		}
	}
	across, down := ceil(f.width, unit*f.hMax), ceil(f.height, unit*f.vMax)
	coded := 0
	for _, c := range f.components {
		c.width, c.height = ceil(f.width*c.h, f.hMax), ceil(f.height*c.v, f.vMax)
		c.stride, c.rows = across*unit*c.h, down*unit*c.v
		coded += c.width * c.height / (unit * unit)
	}
	if coded/8 > bytes {
		return fmt.Errorf("%w: %d×%d samples in %d bytes", ErrShort, f.width, f.height, bytes)
	}
	return nil
}

// allocate makes the planes, those of bytes of memory that is lent.
func (f *frame) allocate(l *lent) {
	all := 0
	for _, c := range f.components {
		n := c.stride * c.rows
		all += n
		if f.progressive {
			c.coded = make([]uint16, n)
		}
		if f.precision > 8 || f.lossless {
			c.pix = make([]uint16, n)
		}
	}
	if f.precision > 8 || f.lossless {
		return
	}
	samples := l.planes(all)
	for _, c := range f.components {
		n := c.stride * c.rows
		c.bytes, samples = samples[:n:n], samples[n:]
	}
}

// level removes sampling factors where they have no meaning: all components
// are of the same size.
func (f *frame) level() error {
	for _, c := range f.components {
		if c.h != f.hMax || c.v != f.vMax {
			return fmt.Errorf("%w: lossless coding with components of different size", ErrUnsupported)
		}
		c.h, c.v = 1, 1
	}
	f.hMax, f.vMax = 1, 1
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }

func (f *frame) started() bool {
	for _, c := range f.components {
		if c.started {
			return true
		}
	}
	return false
}

func (f *frame) complete() bool {
	for _, c := range f.components {
		if !c.done {
			return false
		}
	}
	return true
}

// describe fills in what a picture says of itself.
func (f *frame) describe(m *Image) {
	m.Width, m.Height, m.Components = f.width, f.height, len(f.components)
	m.Precision, m.Lossless = f.precision, f.lossless
	for _, c := range f.components {
		m.Names = append(m.Names, c.id)
	}
}

// finish interleaves the planes at full resolution.
func (f *frame) finish(m *Image) *Image {
	f.describe(m)
	if c := f.components[0]; c.pix != nil && len(f.components) == 1 && c.stride == f.width {
		m.Pix = c.pix[:f.width*f.height]
		return m
	}
	m.Pix = make([]uint16, f.width*f.height*len(f.components))
	if f.components[0].pix != nil {
		all := planes(f, func(c *component) []uint16 { return c.pix })
		all.Rows(m.Pix, 0, f.height)
		return m
	}
	all := planes(f, func(c *component) []uint8 { return c.bytes })
	row := make([]uint8, f.width*len(f.components))
	for y := range f.height {
		all.Rows(row, y, 1)
		for i, v := range row {
			m.Pix[y*len(row)+i] = uint16(v)
		}
	}
	return m
}

// planes are those of a picture; samples gives those of a component.
func planes[T uint8 | uint16](f *frame, samples func(*component) []T) kernel.Planes[T] {
	p := kernel.Planes[T]{Width: f.width, Height: f.height}
	for _, c := range f.components {
		p.Parts = append(p.Parts, kernel.Plane[T]{Pix: samples(c), Width: c.width, Height: c.height, Stride: c.stride, H: c.h, V: c.v})
	}
	return p
}

// narrow are the samples of a component of up to 8 bits.
func (c *component) narrow() []uint8 {
	if c.bytes == nil {
		c.bytes = make([]uint8, len(c.pix))
		for i, v := range c.pix {
			c.bytes[i] = uint8(v)
		}
	}
	return c.bytes
}

func (c *component) row(y int) []uint16 { return c.pix[y*c.stride : (y+1)*c.stride] }
