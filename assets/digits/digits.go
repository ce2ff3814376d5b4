// Package digits draws small grey digits, white on black as in MNIST: glyphs
// of the Go fonts, made thicker or thinner, bent, tilted and blurred so that
// no two are alike.
package digits

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Size is the width and height of every digit in pixels.
const Size = 28

// plate is the size of the clean drawing of a glyph, and glyph its font size.
const (
	plate = 96
	glyph = 88
)

// Foundry draws digits. It keeps the clean glyphs of all fonts and is safe
// for concurrent use.
type Foundry struct {
	glyphs [10][]sheet // by digit, one per font
}

// sheet is a square of values 0…1.
type sheet []float64

// NewFoundry reads the fonts.
func NewFoundry() (*Foundry, error) {
	f := &Foundry{}
	for _, ttf := range fonts() {
		parsed, err := opentype.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("a font of the Go fonts cannot be read: %w", err)
		}
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: glyph, DPI: 72})
		if err != nil {
			return nil, fmt.Errorf("a font of the Go fonts cannot be drawn: %w", err)
		}
		for d := range f.glyphs {
			f.glyphs[d] = append(f.glyphs[d], draw(face, rune('0'+d)))
		}
	}
	return f, nil
}

// draw puts one character into the middle of a sheet.
func draw(face font.Face, r rune) sheet {
	m := image.NewGray(image.Rect(0, 0, plate, plate))
	b, _, _ := face.GlyphBounds(r)
	pen := font.Drawer{
		Dst: m, Src: image.NewUniform(color.White), Face: face,
		Dot: fixed.Point26_6{
			X: fixed.I(plate)/2 - (b.Min.X+b.Max.X)/2,
			Y: fixed.I(plate)/2 - (b.Min.Y+b.Max.Y)/2,
		},
	}
	pen.DrawString(string(r))
	s := make(sheet, plate*plate)
	for i, v := range m.Pix {
		s[i] = float64(v) / 255
	}
	return s
}

// Draw makes the picture of a digit, 0…9. Equal arguments give equal
// pictures.
func (f *Foundry) Draw(digit int, seed uint64) *image.Gray {
	r := rand.New(rand.NewPCG(seed, uint64(digit)+0x9E3779B97F4A7C15))
	styles := f.glyphs[digit]
	s := weigh(styles[r.IntN(len(styles))], between(r, 1.5, 3.5), between(r, 0.24, 0.62))
	return press(s, newBend(r), r)
}

// weigh changes the thickness of the strokes: a blur, then a threshold below
// or above the middle.
func weigh(s sheet, sigma, threshold float64) sheet {
	s = blur(s, plate, sigma)
	for i, v := range s {
		t := math.Min(math.Max((v-threshold)/0.16+0.5, 0), 1)
		s[i] = t * t * (3 - 2*t)
	}
	return s
}

// press samples the bent sheet into the picture, blurs it, adds noise.
func press(s sheet, b bend, r *rand.Rand) *image.Gray {
	const fine = 3 // samples along one pixel
	small := make(sheet, Size*Size)
	for y := range Size * fine {
		for x := range Size * fine {
			u := (float64(x)+0.5)/(Size*fine)*2 - 1
			v := (float64(y)+0.5)/(Size*fine)*2 - 1
			px, py := b.source(u, v)
			small[y/fine*Size+x/fine] += s.at((px+1)/2*plate, (py+1)/2*plate) / (fine * fine)
		}
	}
	small = blur(small, Size, between(r, 0.25, 0.65))
	ink, grain := between(r, 0.8, 1.05), between(r, 0, 0.05)
	m := image.NewGray(image.Rect(0, 0, Size, Size))
	for i, v := range small {
		v = ink*v + grain*math.Abs(r.NormFloat64())
		m.Pix[i] = uint8(math.Round(255 * math.Min(v, 1)))
	}
	return m
}

// at is the sheet's value at a point, 0 outside.
func (s sheet) at(x, y float64) float64 {
	ix, iy := int(math.Floor(x-0.5)), int(math.Floor(y-0.5))
	tx, ty := x-0.5-float64(ix), y-0.5-float64(iy)
	sum := 0.0
	for dy := range 2 {
		for dx := range 2 {
			px, py := ix+dx, iy+dy
			if px < 0 || py < 0 || px >= plate || py >= plate {
				continue
			}
			sum += s[py*plate+px] * weight(tx, dx) * weight(ty, dy)
		}
	}
	return sum
}

func weight(t float64, side int) float64 {
	if side == 0 {
		return 1 - t
	}
	return t
}

// blur smooths a square with a Gaussian of sigma pixels.
func blur(s sheet, size int, sigma float64) sheet {
	reach := int(math.Ceil(3 * sigma))
	kernel := make([]float64, 2*reach+1)
	total := 0.0
	for i := range kernel {
		d := float64(i-reach) / sigma
		kernel[i] = math.Exp(-d * d / 2)
		total += kernel[i]
	}
	pass := func(in sheet, stepX, stepY int) sheet {
		out := make(sheet, len(in))
		for y := range size {
			for x := range size {
				sum := 0.0
				for i, k := range kernel {
					px, py := x+(i-reach)*stepX, y+(i-reach)*stepY
					if px >= 0 && py >= 0 && px < size && py < size {
						sum += k * in[py*size+px]
					}
				}
				out[y*size+x] = sum / total
			}
		}
		return out
	}
	return pass(pass(s, 1, 0), 0, 1)
}

func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }
