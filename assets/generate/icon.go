package main

import (
	"image"
	"image/color"
	"math"
)

// iconSize is the width and height of the icon in pixels.
const iconSize = 512

// The icon's colours.
var (
	night  = tint{0x1b, 0x22, 0x4b}
	dusk   = tint{0x2f, 0x3f, 0x86}
	paper  = tint{0xf7, 0xf1, 0xe3}
	cool   = tint{0xc9, 0xd8, 0xec}
	ink    = tint{0x14, 0x17, 0x30}
	flames = []tint{{0xff, 0xf3, 0xb0}, {0xff, 0xc2, 0x3d}, {0xf9, 0x73, 0x16}, {0xc4, 0x1e, 0x5a}, {0x5b, 0x1a, 0x78}}
)

type tint struct{ r, g, b float64 }

// drawIcon draws the icon: an eye whose iris is a heat map, cut in two along
// a slanted line, the halves set against each other as a cubist would.
func drawIcon() *image.NRGBA {
	const fine = 4 // samples along one pixel
	m := image.NewNRGBA(image.Rect(0, 0, iconSize, iconSize))
	for y := range iconSize {
		for x := range iconSize {
			var sum tint
			alpha := 0.0
			for s := range fine * fine {
				u := (float64(x)+(float64(s%fine)+0.5)/fine)/iconSize*2 - 1
				v := (float64(y)+(float64(s/fine)+0.5)/fine)/iconSize*2 - 1
				if c, ok := iconAt(u, v); ok {
					sum = tint{sum.r + c.r, sum.g + c.g, sum.b + c.b}
					alpha++
				}
			}
			if alpha > 0 {
				m.SetNRGBA(x, y, color.NRGBA{
					uint8(sum.r / alpha), uint8(sum.g / alpha), uint8(sum.b / alpha),
					uint8(255 * alpha / (fine * fine)),
				})
			}
		}
	}
	return m
}

// iconAt is the icon's colour at a point of −1…1, y down; false outside.
func iconAt(u, v float64) (tint, bool) {
	const corner = 0.42
	dx, dy := math.Max(math.Abs(u)-0.96+corner, 0), math.Max(math.Abs(v)-0.96+corner, 0)
	if math.Hypot(dx, dy) > corner {
		return tint{}, false
	}
	cut := u + 0.30*v // the slanted line
	ground, white, shift := night, paper, 0.13
	if cut > 0 {
		ground, white, shift = dusk, cool, -0.13
	}
	v += shift
	// The eye is where two discs meet.
	const reach, drop = 0.98, 0.51
	lid := math.Max(math.Hypot(u, v-drop), math.Hypot(u, v+drop)) - reach
	if lid > 0.085 {
		return ground, true
	}
	if lid > 0 {
		return ink, true
	}
	r := math.Hypot(u, v) / 0.41
	if r > 1 {
		return white, true
	}
	return flames[min(int(r*float64(len(flames))), len(flames)-1)], true
}
