package plate

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
)

// svg writes items as SVG 1.1.
type svg struct {
	bytes.Buffer
	scale float64 // pixels of a unit, in pictures
}

// SVG writes the plate: pictures embedded with a number of pixels for each
// unit, text as text. title names the document, and about, "" for nothing,
// describes it.
func (p *Plate) SVG(w io.Writer, scale float64, title, about string) error {
	s := &svg{scale: scale}
	fmt.Fprintf(s, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%s" height="%s" viewBox="0 0 %s %s" font-family="Go, Arial, Helvetica, 'Liberation Sans', 'Noto Sans', sans-serif">
<title>%s</title>
`, number(p.Width), number(p.Height), number(p.Width), number(p.Height), escaped(title))
	if about != "" {
		fmt.Fprintf(s, "<desc>%s</desc>\n", escaped(about))
	}
	for _, item := range append([]Item{Box{0, 0, p.Width, p.Height, p.Ground}}, p.Items...) {
		if err := item.write(s); err != nil {
			return err
		}
	}
	s.WriteString("</svg>\n")
	_, err := w.Write(s.Bytes())
	return err
}

// write states the width that the words were laid out for, so that another font
// does not break the page.
func (t Text) write(s *svg) error {
	letters, err := NewType(t.Size, t.Bold)
	if err != nil || t.Words == "" {
		return err
	}
	style := [...]string{"", ` text-anchor="middle"`, ` text-anchor="end"`}[t.At]
	if t.Bold {
		style += ` font-weight="bold"`
	}
	if t.Halo.A > 0 {
		style += fmt.Sprintf(` stroke="%s" stroke-opacity="%s" stroke-width="%s" stroke-linejoin="round" paint-order="stroke"`,
			hex(t.Halo), alpha(t.Halo), number(2*haloWidth*t.Size))
	}
	fmt.Fprintf(s, `<text x="%s" y="%s" font-size="%s" fill="%s" textLength="%s" lengthAdjust="spacingAndGlyphs" xml:space="preserve"%s>%s</text>`+"\n",
		number(t.X), number(t.Y), number(t.Size), hex(t.Ink), number(letters.Width(t.Words)), style, escaped(t.Words))
	return nil
}

func (p Picture) write(s *svg) error {
	w, h := int(math.Round(p.W*s.scale)), int(math.Round(p.H*s.scale))
	if w < 1 || h < 1 || w > MostPixels || h > MostPixels {
		return nil
	}
	var data bytes.Buffer
	if err := png.Encode(&data, p.Draw(w, h)); err != nil {
		return err
	}
	fmt.Fprintf(s, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" xlink:href="data:image/png;base64,%s"><title>%s</title></image>`+"\n",
		number(p.X), number(p.Y), number(p.W), number(p.H), base64.StdEncoding.EncodeToString(data.Bytes()), escaped(p.About))
	return nil
}

func (l Line) write(s *svg) error {
	points := make([]string, len(l.Points))
	for i, p := range l.Points {
		points[i] = number(p[0]) + "," + number(p[1])
	}
	name := "polyline"
	if l.Closed {
		name = "polygon"
	}
	fmt.Fprintf(s, `<%s points="%s" fill="none" stroke="%s" stroke-opacity="%s" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round"/>`+"\n",
		name, strings.Join(points, " "), hex(l.Ink), alpha(l.Ink), number(l.Width))
	return nil
}

func (b Box) write(s *svg) error {
	fmt.Fprintf(s, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s" fill-opacity="%s"/>`+"\n",
		number(b.X), number(b.Y), number(b.W), number(b.H), hex(b.Fill), alpha(b.Fill))
	return nil
}

func number(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func alpha(c color.NRGBA) string { return number(float64(c.A) / 255) }

// escaped is text in a document; characters that XML cannot hold become U+FFFD.
func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
