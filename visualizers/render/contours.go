package render

import (
	"image"
	"image/color"
	"math"
)

// contourSteps is the number of bands that lines divide a range into, from zero
// or the low end to the high end.
const contourSteps = 5

// contours draws lines of equal value: at every fifth of the range, of a signed
// one on either side of zero. Each has the colour of its value and a dark edge,
// so that it can be read over any picture. Values that sign and threshold hide
// have no lines between them.
func (p *painter) contours(dst *image.RGBA, opacity float64) {
	w, h := len(p.sample.x.near), len(p.sample.y.near)
	bands := p.bands(w, h)
	lines := make([]int8, w*h) // 1 + the band above the line; 0 for none
	wide := max(1, max(w, h)/400)
	for y := range h {
		for x := range w {
			for _, next := range [2]image.Point{{X: x + 1, Y: y}, {X: x, Y: y + 1}} {
				if next.X >= w || next.Y >= h {
					continue
				}
				a, b := bands[y*w+x], bands[next.Y*w+next.X]
				if a != b && a != hiddenBand && b != hiddenBand {
					thicken(lines, w, h, x, y, wide, outer(a, b))
				}
			}
		}
	}
	p.drawLines(dst, lines, w, h, wide, min(max(opacity, 0), 1))
}

// hiddenBand marks pixels that are not drawn.
const hiddenBand = math.MinInt8

// bands counts for every pixel the lines between zero (or the low end) and its
// value, negative below zero.
func (p *painter) bands(w, h int) []int8 {
	out := make([]int8, w*h)
	line, row := make([]float32, p.sample.field.Width), make([]float32, w)
	full := float64(tableSize-1) / p.step // of the range
	for y := range h {
		p.sample.row(y, line, row)
		for x, v := range row {
			if p.absolute && v < 0 {
				v = -v
			}
			switch value := float64(v); {
			case p.flat || !(v >= p.from || v <= p.to):
				out[y*w+x] = hiddenBand
			case p.lo < 0: // symmetric about zero
				out[y*w+x] = int8(math.Trunc(within(value/(full/2)) * contourSteps))
			default:
				out[y*w+x] = int8(math.Trunc(within((value-p.lo)/full) * contourSteps))
			}
		}
	}
	return out
}

func within(share float64) float64 { return min(max(share, -1), 0.9999) }

// outer is the band farther from zero: the line has the colour of its inner end.
func outer(a, b int8) int8 {
	if a*a > b*b {
		return a
	}
	return b
}

func thicken(lines []int8, w, h, x, y, wide int, band int8) {
	for dy := range wide {
		for dx := range wide {
			if x+dx < w && y+dy < h {
				lines[(y+dy)*w+x+dx] = band + contourSteps + 1
			}
		}
	}
}

func (p *painter) drawLines(dst *image.RGBA, lines []int8, w, h, wide int, opacity float64) {
	edge := premultiply(color.RGBA{A: 255}, 0.6*opacity)
	for y := range h {
		for x := range w {
			at := dst.PixOffset(dst.Rect.Min.X+p.sample.x.first+x, dst.Rect.Min.Y+p.sample.y.first+y)
			pix := dst.Pix[at : at+4 : at+4]
			switch band := lines[y*w+x]; {
			case band != 0:
				over(pix, premultiply(p.colours.At(p.level(int(band)-contourSteps-1)), opacity))
			case beside(lines, w, h, x, y, wide):
				over(pix, edge)
			}
		}
	}
}

// level is where the line of a band lies in the range, 0…1.
func (p *painter) level(band int) float64 {
	if p.lo < 0 {
		return 0.5 + float64(band)/contourSteps/2
	}
	return float64(band) / contourSteps
}

func beside(lines []int8, w, h, x, y, wide int) bool {
	for dy := -wide; dy <= wide; dy += wide {
		for dx := -wide; dx <= wide; dx += wide {
			if i, j := x+dx, y+dy; i >= 0 && j >= 0 && i < w && j < h && lines[j*w+i] != 0 {
				return true
			}
		}
	}
	return false
}
