package visualizers

import (
	"image"
	"slices"

	"picasso/backend/picture"
)

// canvas is a picture that squares are painted on. Ordinary pictures stay
// 8-bit, so that preparing them rounds as it does for the picture itself;
// medical ones keep their units.
type canvas struct {
	picture *picture.Image
	bytes   *image.RGBA
	values  []float32
}

// newCanvas stretches a picture to the classic size with the filter of the
// first Picasso (Pillow's Lanczos).
func newCanvas(img *picture.Image) canvas {
	c := canvas{picture: img.Resize(classicSide, classicSide, picture.Lanczos, true)}
	if img.Unit == "" && img.Range == [2]float32{0, 255} {
		c.bytes = c.picture.RGBA()
		return c
	}
	row := make([]float32, classicSide*img.Channels)
	for y := range classicSide {
		c.picture.Row(y, row)
		c.values = append(c.values, row...)
	}
	return c
}

// covered is the picture with a square of one raw value on it.
func (c canvas) covered(square image.Rectangle, value float32) *picture.Image {
	if c.bytes != nil {
		out := image.NewRGBA(c.bytes.Rect)
		copy(out.Pix, c.bytes.Pix)
		for y := square.Min.Y; y < square.Max.Y; y++ {
			row := out.Pix[out.PixOffset(square.Min.X, y):out.PixOffset(square.Max.X, y)]
			for i := range row {
				if i%4 != 3 { // the fourth is opacity
					row[i] = uint8(value)
				}
			}
		}
		return picture.FromImage(c.picture.Name, out)
	}
	values, channels := slices.Clone(c.values), c.picture.Channels
	for y := square.Min.Y; y < square.Max.Y; y++ {
		row := values[(y*classicSide+square.Min.X)*channels : (y*classicSide+square.Max.X)*channels]
		for i := range row {
			row[i] = value
		}
	}
	out := picture.NewFloat(c.picture.Name, classicSide, classicSide, channels, values)
	out.Unit, out.Range = c.picture.Unit, c.picture.Range
	return out
}
