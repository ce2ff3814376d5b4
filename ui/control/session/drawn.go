package session

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"

	"picasso/backend/mask"
	"picasso/backend/picture/measure"
)

// Drawn is what was drawn on a picture, or on a slice of one.
type Drawn struct {
	Region  *[4]float64 `json:"region,omitempty"` // y, x, height, width in pixels of the picture: one rectangle, where there are no Regions
	Regions *Regions    `json:"regions,omitempty"`
	Cover   *Cover      `json:"cover,omitempty"`
	Shapes  []Shape     `json:"shapes,omitempty"`
}

// Regions are those of a picture.
type Regions struct {
	Mask  []byte   `json:"mask"` // PNG of the picture's size, with a palette; 0 outside, i+1 in region i
	Names []string `json:"names"`
	unknown
}

// Cover is what was covered by hand.
type Cover struct {
	Mask []byte `json:"mask"` // PNG of the picture's size; covered where it is not black, in part where it is grey
	Fill string `json:"fill"`
	unknown
}

// Shape is something that was measured.
type Shape struct {
	Kind   string       `json:"kind"`
	Points [][2]float64 `json:"points"` // x, y in pixels of the picture
	unknown
}

// Slice is what was drawn on another slice than the one that is looked at.
type Slice struct {
	Frame  int `json:"frame"`
	Volume int `json:"volume,omitempty"`
	Drawn
	unknown
}

// Empty reports whether nothing was drawn.
func (d Drawn) Empty() bool {
	return d.Region == nil && d.Regions == nil && d.Cover == nil && len(d.Shapes) == 0
}

// NewRegions packs regions.
func NewRegions(r *mask.Regions) (*Regions, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, r.Image()); err != nil {
		return nil, fmt.Errorf("the regions cannot be written: %w", err)
	}
	return &Regions{Mask: b.Bytes(), Names: slices.Clone(r.Names)}, nil
}

// errSize is a mask that belongs to another picture.
var errSize = errors.New("it belongs to a picture of another size")

// decoded reads a mask of a size.
func decoded(data []byte, height, width int) (image.Image, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if c.Width != width || c.Height != height {
		return nil, errSize
	}
	return png.Decode(bytes.NewReader(data))
}

// AllRegions are the regions of a picture of a size; nil where there are none.
func (d Drawn) AllRegions(height, width int) (*mask.Regions, error) {
	r := mask.NewRegions(height, width)
	switch {
	case d.Regions != nil:
		m, err := decoded(d.Regions.Mask, height, width)
		if err != nil {
			return nil, err
		}
		p, ok := m.(*image.Paletted)
		if !ok {
			return nil, errors.New("its pixels have no numbers")
		}
		r.Names = slices.Clone(d.Regions.Names)
		for y := range height {
			copy(r.Pixels[y*width:(y+1)*width], p.Pix[y*p.Stride:])
		}
		if top := slices.Max(r.Pixels); int(top) > len(r.Names) {
			return nil, fmt.Errorf("it has a region %d without a name", top)
		}
		return r, nil
	case d.Region != nil:
		b := d.Region
		value, err := r.Add("region")
		if err != nil {
			return nil, err
		}
		return r, r.Fill(mask.Rectangle{A: mask.Point{X: b[1], Y: b[0]}, B: mask.Point{X: b[1] + b[3], Y: b[0] + b[2]}}, value)
	}
	return nil, nil
}

// NewCover packs how much of each pixel is covered, 0…255 in row order.
func NewCover(share []uint8, height, width int, fill string) (*Cover, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, &image.Gray{Pix: share, Stride: width, Rect: image.Rect(0, 0, width, height)}); err != nil {
		return nil, fmt.Errorf("what is covered cannot be written: %w", err)
	}
	return &Cover{Mask: b.Bytes(), Fill: fill}, nil
}

// Open is how much of each pixel of a picture of a size is covered, 0…255 in row
// order.
func (c *Cover) Open(height, width int) ([]uint8, error) {
	m, err := decoded(c.Mask, height, width)
	if err != nil {
		return nil, err
	}
	out := make([]uint8, height*width)
	for y := range height {
		for x := range width {
			out[y*width+x] = color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y
		}
	}
	return out, nil
}

// Measure is the shape, if it is one that can be measured.
func (s Shape) Measure() (measure.Shape, bool) {
	m := measure.Shape{Kind: measure.Kind(s.Kind), Points: slices.Clone(s.Points)}
	return m, m.Valid()
}

// check refuses what nobody can have drawn.
func (d Drawn) check() error {
	if r := d.Region; r != nil && !(finite(r[:]...) && r[2] > 0 && r[3] > 0) {
		return errors.New("the region has no size")
	}
	if r := d.Regions; r != nil {
		if !usable(r.Mask) {
			return errors.New("the regions are no PNG of a usable size")
		}
		if len(r.Names) > mask.MostRegions || slices.ContainsFunc(r.Names, func(n string) bool { return len(n) > mostWords }) {
			return errors.New("the regions have too many names, or one that is too long")
		}
	}
	if d.Cover != nil && !usable(d.Cover.Mask) {
		return errors.New("what was covered is no PNG of a usable size")
	}
	if len(d.Shapes) > mostItems {
		return errors.New("too much was measured on it")
	}
	for _, s := range d.Shapes {
		if n := measure.Kind(s.Kind).Points(); n > 0 && len(s.Points) != n {
			return fmt.Errorf("a measured %s has %d points", s.Kind, len(s.Points))
		}
		if len(s.Points) > mostPoints {
			return errors.New("a measured shape has too many points")
		}
		for _, p := range s.Points {
			if !finite(p[:]...) {
				return errors.New("a measured point is not a number")
			}
		}
	}
	return nil
}

// mostPoints bounds the points of a shape of a kind that this program does not know.
const mostPoints = 1000

// usable reports whether a mask may be decoded.
func usable(data []byte) bool {
	const mostPixels = 100_000_000
	c, err := png.DecodeConfig(bytes.NewReader(data))
	return err == nil && c.Width > 0 && c.Height > 0 && c.Width <= mostPixels/c.Height
}
