package plate

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The Go font is part of the program: exported pictures look the same
// everywhere.
var (
	regular = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(goregular.TTF) })
	bold    = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gobold.TTF) })
)

// Lettering writes text of one size and colour, in pixels.
type Lettering struct {
	face font.Face
	Ink  image.Image
}

// NewLettering is regular text whose letters fit the grid of pixels.
func NewLettering(size float64, ink color.Color) (Lettering, error) {
	return newLettering(regular, size, font.HintingFull, ink)
}

func newLettering(load func() (*opentype.Font, error), size float64, hinting font.Hinting, ink color.Color) (Lettering, error) {
	f, err := load()
	if err != nil {
		return Lettering{}, fmt.Errorf("read the built-in font: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: hinting})
	if err != nil {
		return Lettering{}, fmt.Errorf("use the built-in font: %w", err)
	}
	return Lettering{face, image.NewUniform(ink)}, nil
}

// Lacks reports whether the font has no shape for a letter of the text, such as
// those of Chinese; a box stands for it in pixels.
func Lacks(text string) bool {
	f, err := regular()
	if err != nil {
		return true
	}
	var b sfnt.Buffer
	return strings.ContainsFunc(text, func(r rune) bool {
		i, err := f.GlyphIndex(&b, r)
		return err != nil || i == 0
	})
}

// Height is the distance of two lines.
func (l Lettering) Height() int { return l.face.Metrics().Height.Ceil() + 2 }

// Width is that of a line of text.
func (l Lettering) Width(text string) int { return font.MeasureString(l.face, text).Ceil() }

// Write puts text with its top left corner at x, y.
func (l Lettering) Write(dst *image.RGBA, x, y int, text string) {
	l.writeAt(dst, fixed.P(x, y+1+l.face.Metrics().Ascent.Ceil()), text)
}

// writeAt puts text with the left end of its base line at dot.
func (l Lettering) writeAt(dst *image.RGBA, dot fixed.Point26_6, text string) {
	d := font.Drawer{Dst: dst, Src: l.Ink, Face: l.face, Dot: dot}
	d.DrawString(text)
}

// Wrap breaks text into lines no wider than width: between words, and inside a
// word that is longer than a line.
func (l Lettering) Wrap(text string, width int) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			switch {
			case line == "":
				line = word
			case l.Width(line+" "+word) <= width:
				line += " " + word
			default:
				lines = append(lines, l.broken(line, width)...)
				line = word
			}
		}
		if line != "" {
			lines = append(lines, l.broken(line, width)...)
		}
	}
	return lines
}

// broken are the lines of a text without a place to break it: as many letters as
// fit, at least one.
func (l Lettering) broken(text string, width int) []string {
	var lines []string
	rest := []rune(text)
	for l.Width(string(rest)) > width && len(rest) > 1 {
		n := 1
		for n+1 < len(rest) && l.Width(string(rest[:n+1])) <= width {
			n++
		}
		lines, rest = append(lines, string(rest[:n])), rest[n:]
	}
	return append(lines, string(rest))
}

// Shorten cuts text with an ellipsis until it is no wider than width.
func (l Lettering) Shorten(text string, width int) string {
	if l.Width(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && l.Width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
