package kernel

// Plane is the samples of one component of a picture. Width and Height are those that
// belong to the picture, of rows that begin Stride apart.
type Plane[T uint8 | uint16] struct {
	Pix           []T
	Width, Height int
	Stride        int
	H, V          int // resolution across and down, beside that of other planes: 1…4
}

// Planes are a picture that is stored in planes of the same or of lower resolution, one
// to four. Where the resolution is half, values between are interpolated with weights 3 : 1,
// where it is lower than that, they are repeated.
type Planes[T uint8 | uint16] struct {
	Width, Height int // in pixels
	Parts         []Plane[T]
	Colors        bool // the planes, of 8 bits, are luma and two of chroma, which become red, green and blue
}

// mostSide bounds sides of pictures, so that no product of them overflows.
const mostSide = 1 << 24

// Rows writes count rows of the picture, from row number from on, pixel by pixel.
func (p *Planes[T]) Rows(to []T, from, count int) {
	if count == 0 {
		return
	}
	fits(from >= 0 && count > 0 && from <= p.Height-count && len(to) >= p.Width*len(p.Parts)*count)
	p.check()
	rows(p, to, from, count)
}

// mostParts is how many planes a picture has at most.
const mostParts = 4

// check panics unless the planes hold all that the picture is made of.
func (p *Planes[T]) check() {
	fits(p.Width > 0 && p.Width <= mostSide && p.Height > 0 && p.Height <= mostSide && len(p.Parts) > 0 && len(p.Parts) <= mostParts)
	fits(!p.Colors || len(p.Parts) == 3 && ^T(0) == 255)
	for _, part := range p.Parts {
		fits(part.H > 0 && part.V > 0 && part.H <= 4 && part.V <= 4)
	}
	h, v := p.finest()
	for _, part := range p.Parts {
		fits(part.holds(part.way(h, v), p.Width, p.Height))
	}
}

// finest are the largest resolutions across and down.
func (p *Planes[T]) finest() (h, v int) {
	for _, part := range p.Parts {
		h, v = max(h, part.H), max(v, part.V)
	}
	return h, v
}

// way is how a plane is brought to the picture's size.
type way int

const (
	same way = iota
	doubleWidth
	doubleHeight
	doubleBoth
	repeated
)

// way is that of a plane where the finest resolutions are h and v.
func (p *Plane[T]) way(h, v int) way {
	wide, high := h == 2*p.H, v == 2*p.V
	switch {
	case p.H == h && p.V == v:
		return same
	case wide && p.V == v && p.Width > 2:
		return doubleWidth
	case p.H == h && high:
		return doubleHeight
	case wide && high && p.Width > 2:
		return doubleBoth
	}
	return repeated
}

// holds tells that a plane has all that a picture of so many pixels is made of.
func (p *Plane[T]) holds(w way, width, height int) bool {
	if p.Width < 1 || p.Width > p.Stride || p.Height < 1 || p.Stride > mostSide || p.Height > mostSide || len(p.Pix) < p.Stride*(p.Height-1)+p.Width {
		return false
	}
	switch w {
	case same:
		return p.Width == width && p.Height == height
	case doubleWidth:
		return p.Width == (width+1)/2 && p.Height == height
	case doubleHeight:
		return p.Width == width && p.Height == (height+1)/2
	case doubleBoth:
		return p.Width == (width+1)/2 && p.Height == (height+1)/2
	}
	return true
}
