package picture

import (
	"image"
	"image/color"
)

// colors is a decoded picture without transparency: red, green and blue of one
// pixel after the other, 0…255.
type colors struct {
	width, height int
	pix           []uint8
}

func (c *colors) ColorModel() color.Model { return color.NRGBAModel }

func (c *colors) Bounds() image.Rectangle { return image.Rect(0, 0, c.width, c.height) }

func (c *colors) At(x, y int) color.Color {
	i := 3 * (y*c.width + x)
	return color.NRGBA{c.pix[i], c.pix[i+1], c.pix[i+2], 255}
}
