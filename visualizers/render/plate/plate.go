// Package plate is a page of pictures, lines and words that is laid out once,
// in units of its own, and comes out as pixels of any size or as SVG. It knows
// nothing of what it shows.
package plate

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font"
)

// Plate is a page of Width×Height units, of one colour behind all else. Items
// are drawn in their order. A plate is a plain value: it can be drawn from
// several goroutines.
type Plate struct {
	Width, Height float64
	Ground        color.NRGBA
	Items         []Item
}

// Item is one thing on a plate: [Text], [Picture], [Line] or [Box].
type Item interface {
	paint(r *raster) error
	write(s *svg) error
}

// Text is one line of letters.
type Text struct {
	X, Y  float64 // on the base line
	At    Anchor  // what lies at X
	Size  float64 // of the letters
	Bold  bool
	Ink   color.NRGBA
	Halo  color.NRGBA // around the letters, for text on pictures; transparent for none
	Words string
}

// Anchor is the part of a text that its place is given for. It holds in SVG
// whatever font a program has.
type Anchor int

// Anchors of a text.
const (
	Start Anchor = iota
	Middle
	End
)

// Picture is an image that is made in the size it is drawn in.
type Picture struct {
	X, Y, W, H float64
	Draw       func(w, h int) *image.RGBA // w×h pixels, opaque
	About      string                     // in words, for those who do not see it
}

// Line joins points.
type Line struct {
	Points [][2]float64
	Closed bool // the last one is joined to the first
	Width  float64
	Ink    color.NRGBA
}

// Box is a filled rectangle.
type Box struct {
	X, Y, W, H float64
	Fill       color.NRGBA
}

// Add puts items on top of those that are there.
func (p *Plate) Add(items ...Item) { p.Items = append(p.Items, items...) }

// measured is the size at which text is measured: widths grow with the size.
const measured = 100

// Type is letters of one size on a plate, to be measured before they are laid
// out. Sizes are in units of the plate.
type Type struct {
	Size float64
	Bold bool
	at   Lettering // of measured pixels
}

// NewType is letters of a size.
func NewType(size float64, heavy bool) (Type, error) {
	at, err := newLettering(weight(heavy), measured, font.HintingNone, color.Black)
	return Type{size, heavy, at}, err
}

// Width is that of a line of text.
func (t Type) Width(text string) float64 {
	return float64(font.MeasureString(t.at.face, text)) / 64 * t.Size / measured
}

// Leading is the distance of two base lines.
func (t Type) Leading() float64 { return 1.35 * t.Size }

// Wrap breaks text between words into lines no wider than width.
func (t Type) Wrap(text string, width float64) []string { return t.at.Wrap(text, t.pixels(width)) }

// Shorten cuts text with an ellipsis until it is no wider than width.
func (t Type) Shorten(text string, width float64) string {
	return t.at.Shorten(text, t.pixels(width))
}

func (t Type) pixels(width float64) int { return int(math.Floor(width * measured / t.Size)) }
