package render

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// lettering writes text of one size and colour.
type lettering struct {
	face font.Face
	ink  image.Image
}

// newLettering uses the Go font, which is part of the program: exported
// pictures look the same everywhere.
func newLettering(size float64, ink color.Color) (lettering, error) {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return lettering{}, fmt.Errorf("read the built-in font: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return lettering{}, fmt.Errorf("use the built-in font: %w", err)
	}
	return lettering{face, image.NewUniform(ink)}, nil
}

func (l lettering) height() int { return l.face.Metrics().Height.Ceil() + 2 }

func (l lettering) width(text string) int { return font.MeasureString(l.face, text).Ceil() }

// write puts text with its top left corner at x, y.
func (l lettering) write(dst *image.RGBA, x, y int, text string) {
	d := font.Drawer{Dst: dst, Src: l.ink, Face: l.face,
		Dot: fixed.P(x, y+1+l.face.Metrics().Ascent.Ceil())}
	d.DrawString(text)
}

// wrap breaks text between words into lines no wider than width; a longer
// word keeps a line for itself, shortened.
func (l lettering) wrap(text string, width int) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			switch {
			case line == "":
				line = word
			case l.width(line+" "+word) <= width:
				line += " " + word
			default:
				lines = append(lines, l.shorten(line, width))
				line = word
			}
		}
		if line != "" {
			lines = append(lines, l.shorten(line, width))
		}
	}
	return lines
}

// shorten cuts text with an ellipsis until it is no wider than width.
func (l lettering) shorten(text string, width int) string {
	if l.width(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && l.width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
