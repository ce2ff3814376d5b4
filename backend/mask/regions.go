package mask

import (
	"fmt"
	"image"
	"image/color"
	"slices"
)

// MostRegions is how many regions a picture may have: one for each value of a
// byte but 0.
const MostRegions = 255

// Regions are regions of one picture, each with a name. The raster is the truth:
// a pixel belongs to one region at most, that which was filled last.
type Regions struct {
	Height, Width int
	Pixels        []uint8  // Height×Width, in row order; 0 outside, i+1 in region i
	Names         []string // of the regions
}

// NewRegions is a picture without regions.
func NewRegions(height, width int) *Regions {
	return &Regions{Height: height, Width: width, Pixels: make([]uint8, height*width)}
}

// Add makes room for another region and gives its value in Pixels. A name that
// is there already stands for the same region.
func (r *Regions) Add(name string) (uint8, error) {
	if i := slices.Index(r.Names, name); i >= 0 {
		return uint8(i + 1), nil
	}
	if len(r.Names) == MostRegions {
		return 0, fmt.Errorf("a picture can have %d regions at most", MostRegions)
	}
	r.Names = append(r.Names, name)
	return uint8(len(r.Names)), nil
}

// Clone is a copy that may be changed.
func (r *Regions) Clone() *Regions {
	return &Regions{r.Height, r.Width, slices.Clone(r.Pixels), slices.Clone(r.Names)}
}

// Mask is the region of a value.
func (r *Regions) Mask(value uint8) Mask {
	return r.where(func(v uint8) bool { return v == value })
}

// All is what lies in any region.
func (r *Regions) All() Mask { return r.where(func(v uint8) bool { return v != 0 }) }

func (r *Regions) where(inside func(uint8) bool) Mask {
	k := Mask{Height: r.Height, Width: r.Width, Inside: make([]bool, len(r.Pixels))}
	for i, v := range r.Pixels {
		k.Inside[i] = inside(v)
	}
	return k
}

// Area is the number of pixels of the region of a value.
func (r *Regions) Area(value uint8) int {
	n := 0
	for _, v := range r.Pixels {
		if v == value {
			n++
		}
	}
	return n
}

// Bounds is the smallest rectangle around the region of a value, empty where the
// region is.
func (r *Regions) Bounds(value uint8) image.Rectangle {
	var b image.Rectangle
	for i, v := range r.Pixels {
		if v == value {
			b = b.Union(image.Rect(i%r.Width, i/r.Width, i%r.Width+1, i/r.Width+1))
		}
	}
	return b
}

// Fill gives the pixels of a shape to the region of a value; 0 takes them away
// from all. What lies outside of the picture is left out.
func (r *Regions) Fill(s Shape, value uint8) error {
	return s.rows(r.Height, func(y int, from, to float64) {
		first, end := centres(from, to, r.Width)
		row := r.Pixels[y*r.Width : (y+1)*r.Width]
		for x := first; x < end; x++ {
			row[x] = value
		}
	})
}

// Image is the raster with a colour for each region, to be looked at and to be
// written as a PNG; the index of a colour is the value of its pixels.
func (r *Regions) Image() *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, r.Width, r.Height), palette())
	copy(m.Pix, r.Pixels)
	return m
}

// palette are the colours of label images as Pascal VOC draws them: the bits of
// the value, spread over red, green and blue. The first is black.
func palette() color.Palette {
	p := make(color.Palette, MostRegions+1)
	for i := range p {
		var c color.RGBA
		for bit, v := 7, i; v > 0; bit, v = bit-1, v>>3 {
			c.R |= uint8(v&1) << bit
			c.G |= uint8(v>>1&1) << bit
			c.B |= uint8(v>>2&1) << bit
		}
		c.A = 255
		p[i] = c
	}
	return p
}

// Values is the raster as numbers, for an array of Height×Width.
func (r *Regions) Values() []float32 {
	out := make([]float32, len(r.Pixels))
	for i, v := range r.Pixels {
		out[i] = float32(v)
	}
	return out
}
