package plate

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
)

var (
	ink   = color.NRGBA{200, 0, 0, 255}
	white = color.NRGBA{255, 255, 255, 255}
)

// inked are the bounds of what was drawn in the colour of ink.
func inked(m *image.RGBA) image.Rectangle {
	var r image.Rectangle
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			if c := m.RGBAAt(x, y); int(c.R) > int(c.G)+60 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

func drawn(t *testing.T, scale float64, items ...Item) *image.RGBA {
	t.Helper()
	p := Plate{Width: 100, Height: 50, Ground: white, Items: items}
	m, err := p.Image(scale)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A horizontal line of 20 units and width 4, with round ends, spans 24×4 units.
func TestLinesHaveTheirWidthAndRoundEnds(t *testing.T) {
	l := Line{Points: [][2]float64{{30, 20}, {50, 20}}, Width: 4, Ink: ink}
	for _, scale := range []float64{1, 3} {
		got := inked(drawn(t, scale, l))
		want := image.Rect(int(28*scale), int(18*scale), int(52*scale), int(22*scale))
		if got != want {
			t.Errorf("at %v: %v, want %v", scale, got, want)
		}
	}
	l.Points = [][2]float64{{10, 10}, {30, 10}, {30, 30}}
	open, closed := l, l
	closed.Closed = true
	if drawn(t, 1, open).RGBAAt(20, 20).G != 255 || drawn(t, 1, closed).RGBAAt(20, 20).G == 255 {
		t.Error("only the closed line comes back to its first point")
	}
	if got := inked(drawn(t, 1, Line{Ink: ink, Width: 3})); !got.Empty() {
		t.Errorf("no points draw %v", got)
	}
}

// Letters keep their place and their share of the page at every size.
func TestTextGrowsWithThePage(t *testing.T) {
	letters, err := NewType(10, true)
	if err != nil {
		t.Fatal(err)
	}
	width := letters.Width("tank 0.98")
	for at, left := range map[Anchor]float64{Start: 50, Middle: 50 - width/2, End: 50 - width} {
		for _, scale := range []float64{2, 5} {
			got := inked(drawn(t, scale, Text{X: 50, Y: 30, At: at, Size: 10, Bold: true, Ink: ink, Words: "tank 0.98"}))
			if math.Abs(float64(got.Min.X)/scale-left) > 1 || math.Abs(float64(got.Max.X)/scale-left-width) > 1 || float64(got.Max.Y)/scale > 30.5 {
				t.Errorf("anchor %d at %v: %v, want %v … %v", at, scale, got, left, left+width)
			}
		}
	}
}

func TestWrappingLosesNothing(t *testing.T) {
	letters, err := NewType(12, false)
	if err != nil {
		t.Fatal(err)
	}
	text := "a sum of 7ffb80a0a6cb7ce3328383ff2fd722dc9a6b65330aecab2614d62c3b15114205 and words"
	lines := letters.Wrap(text, 90)
	for _, line := range lines {
		if letters.Width(line) > 90 {
			t.Errorf("%q is wider than its column", line)
		}
	}
	if strings.ReplaceAll(strings.Join(lines, ""), " ", "") != strings.ReplaceAll(text, " ", "") {
		t.Errorf("became %q", lines)
	}
	if got := letters.Wrap("i", 0.1); len(got) != 1 || got[0] != "i" {
		t.Errorf("without room: %q", got)
	}
}

func TestPicturesAreMadeInTheirSize(t *testing.T) {
	var asked []image.Point
	p := Picture{X: 10, Y: 5, W: 20, H: 10, Draw: func(w, h int) *image.RGBA {
		asked = append(asked, image.Pt(w, h))
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range m.Pix {
			m.Pix[i] = []uint8{200, 0, 0, 255}[i%4]
		}
		return m
	}}
	if got := inked(drawn(t, 2, p)); got != image.Rect(20, 10, 60, 30) || asked[0] != image.Pt(40, 20) {
		t.Errorf("drawn at %v, asked for %v", got, asked)
	}
	page := Plate{Width: 100, Height: 50, Ground: white, Items: []Item{p}}
	var b bytes.Buffer
	if err := page.SVG(&b, 3, "t", ""); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(b.String(), "base64,")
	data, _, _ := strings.Cut(rest, `"`)
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := png.Decode(bytes.NewReader(raw)); err != nil || m.Bounds().Size() != image.Pt(60, 30) {
		t.Errorf("embedded %v: %v", m, err)
	}
}

// Whatever the words are, the document can be read, and they come back.
func FuzzSVGHoldsAnyWords(f *testing.F) {
	for _, words := range []string{"tank", "<a> & \"b\" 'c' ]]>", "\x00\x1f\ufffe", "zwölf 猫 \u202e", "\xff\xfe", " two  spaces "} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		p := Plate{Width: 100, Height: 50, Items: []Item{Text{Size: 10, Words: words}, Box{W: 1, H: 1}}}
		var b bytes.Buffer
		if err := p.SVG(&b, 1, words, words); err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Title string   `xml:"title"`
			Text  []string `xml:"text"`
		}
		if err := xml.Unmarshal(b.Bytes(), &doc); err != nil {
			t.Fatalf("%v in %q", err, b.String())
		}
		plain := strings.IndexFunc(words, func(r rune) bool {
			return r < 0x20 || r == 0xfffd || r >= 0xfffe && r <= 0xffff || r >= 0xd800 && r < 0xe000
		}) < 0
		if plain && words != "" && (len(doc.Text) != 1 || doc.Text[0] != words) {
			t.Errorf("%q came back as %q", words, doc.Text)
		}
	})
}

func TestSizesAreBounded(t *testing.T) {
	for _, scale := range []float64{0, -1, math.NaN(), math.Inf(1), 1e4} {
		if _, err := (&Plate{Width: 100, Height: 50}).Image(scale); err == nil {
			t.Errorf("a page at %v is drawn", scale)
		}
	}
}
