package render

import (
	"image"
	"image/color"
	"image/draw"

	"picasso/visualizers/render/plate"
)

// Bounds of a notice's letters, in pixels; smaller ones cannot be read.
const (
	leastNotice = 7
	mostNotice  = 48
)

// Notice writes a line of text on a dark strip along the lower edge of dst,
// which keeps its size. The letters are about a fortieth of the picture's
// shorter side. It reports whether the text was written: not on a picture that
// is too narrow for it, or of which it would cover more than a sixth.
func Notice(dst *image.RGBA, text string) bool {
	b := dst.Bounds()
	for size := min(max(min(b.Dx(), b.Dy())/40, leastNotice+2), mostNotice); size >= leastNotice; size-- {
		l, err := plate.NewLettering(float64(size), color.RGBA{235, 235, 235, 255})
		if err != nil {
			return false
		}
		if l.Width(text)+2 > b.Dx() || 6*l.Height() > b.Dy() {
			continue
		}
		strip := image.Rect(b.Min.X, b.Max.Y-l.Height(), b.Max.X, b.Max.Y)
		draw.Draw(dst, strip, image.NewUniform(color.RGBA{20, 20, 24, 255}), image.Point{}, draw.Src)
		l.Write(dst, b.Min.X+(b.Dx()-l.Width(text))/2, strip.Min.Y, text)
		return true
	}
	return false
}
