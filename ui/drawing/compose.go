package drawing

import (
	"image"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"strings"

	"picasso/visualizers/render"
	"picasso/visualizers/render/plate"
)

// Paper is how a figure is laid out.
type Paper struct {
	Beside bool // the picture alone stands beside the one with the map
	Dark   bool // light letters on dark paper, for slides
}

// Measures of a figure, in units of its page. Widths in pixels are those of the
// page as a whole.
const (
	pageWidth  = 800
	leastPage  = 520 // has room for the words
	margin     = 28
	gap        = 14
	mostHeight = 560 // of a picture
	barWidth   = 96  // with its numbers and unit
	strip      = 16  // of colours
	tickLength = 4
	tickSpace  = 44 // between labels, about
	nameWidth  = 92 // of the column with the names of facts
	// spare is the share of a column that lines fill: programs that lack the font
	// show SVG in a wider one.
	spare = 0.92
)

// Colours of what is written on pictures, as in the window.
var (
	noteLight = color.NRGBA{R: 245, G: 240, B: 200, A: 255}
	noteDark  = color.NRGBA{A: 200}
)

// Compose lays the figure out on one page.
func (f Figure) Compose(p Paper) (*plate.Plate, error) {
	c := composer{figure: f, paper: p}
	if err := c.choose(); err != nil {
		return nil, err
	}
	c.measure()
	c.head()
	c.pictures()
	c.words()
	c.foot()
	c.page.Height = c.y
	return &c.page, nil
}

// composer fills a page from the top.
type composer struct {
	figure Figure
	paper  Paper
	page   plate.Plate
	y      float64 // where the page is filled to
	width  float64 // without margins
	pane   [2]float64

	ink, faint                      color.NRGBA
	large, medium, heavy, body, tag plate.Type
	unit                            []string // above the bar
}

// choose picks letters and colours.
func (c *composer) choose() error {
	c.page.Ground, c.ink, c.faint = color.NRGBA{255, 255, 255, 255}, color.NRGBA{28, 28, 32, 255}, color.NRGBA{96, 96, 104, 255}
	if c.paper.Dark {
		c.page.Ground, c.ink, c.faint = color.NRGBA{24, 24, 28, 255}, color.NRGBA{236, 236, 240, 255}, color.NRGBA{160, 160, 170, 255}
	}
	for _, t := range []struct {
		to    *plate.Type
		size  float64
		heavy bool
	}{{&c.large, 26, true}, {&c.medium, 15, false}, {&c.heavy, 15, true}, {&c.body, 12, false}, {&c.tag, 12, true}} {
		var err error
		if *t.to, err = plate.NewType(t.size, t.heavy); err != nil {
			return err
		}
	}
	return nil
}

// measure fits the pictures into the page, and a page that they leave empty
// around them.
func (c *composer) measure() {
	w, h := c.figure.seen()
	panes := 1.0
	if c.paper.Beside {
		panes = 2
	}
	room := (pageWidth - 2*margin - barWidth - panes*gap) / panes
	scale := min(room/w, mostHeight/h)
	c.pane = [2]float64{w * scale, h * scale}
	c.width = max(panes*(c.pane[0]+gap)+barWidth, leastPage-2*margin)
	c.page.Width, c.y = c.width+2*margin, margin
}

// lines writes a paragraph in the given column and moves on below it.
func (c *composer) lines(t plate.Type, ink color.NRGBA, x, width float64, text string) {
	for _, line := range t.Wrap(text, spare*width) {
		c.y += t.Leading()
		c.page.Add(plate.Text{X: x, Y: c.y - 0.35*t.Size, Size: t.Size, Bold: t.Bold, Ink: ink, Words: line})
	}
}

// head is the answer, class and score, and what is explained.
func (c *composer) head() {
	f := c.figure
	score := c.large.Width(f.Score)
	if f.Answer != "" {
		y := c.y + c.large.Size
		c.page.Add(
			plate.Text{X: margin, Y: y, Size: c.large.Size, Bold: true, Ink: c.ink, Words: c.large.Shorten(f.Answer, c.width-score-gap)},
			plate.Text{X: margin + c.width, At: plate.End, Y: y, Size: c.large.Size, Bold: true, Ink: c.ink, Words: f.Score},
		)
		c.y += c.large.Leading()
	}
	c.lines(c.medium, c.faint, margin, c.width, f.Subject)
	c.y += gap
}

// pictures are the panes and the bar beside them.
func (c *composer) pictures() {
	f := c.figure
	panes := 1.0
	if c.paper.Beside {
		panes = 2
	}
	x := margin + (c.width-panes*(c.pane[0]+gap)-barWidth)/2
	c.unit = c.body.Wrap(f.scale().Range.Axis(f.Map.Unit), barWidth)
	height := max(c.pane[1], float64(len(c.unit))*c.body.Leading()+120)
	if c.paper.Beside {
		c.picture(x, false, "The picture")
		x += c.pane[0] + gap
	}
	c.picture(x, true, "The map over the picture")
	c.bar(x+c.pane[0]+gap, c.y, height)
	c.y += height + gap
}

// picture draws a pane at x with what is written on it.
func (c *composer) picture(x float64, mapped bool, about string) {
	f := c.figure
	c.page.Add(plate.Picture{X: x, Y: c.y, W: c.pane[0], H: c.pane[1], About: about,
		Draw: func(w, h int) *image.RGBA { return f.pane(w, h, mapped) }})
	for _, m := range f.Measured {
		c.mark(x, m)
	}
	c.letters(x)
	if mapped && f.State != "" {
		c.note(x+c.pane[0]/2, c.y+2.8*c.heavy.Size, plate.Middle, c.heavy, c.heavy.Shorten(f.State, c.pane[0]))
	}
}

// note writes on a picture.
func (c *composer) note(x, y float64, at plate.Anchor, t plate.Type, words string) {
	c.page.Add(plate.Text{X: x, Y: y, At: at, Size: t.Size, Bold: t.Bold, Ink: noteLight, Halo: noteDark, Words: words})
}

// letters are the directions in the patient, at the edges.
func (c *composer) letters(x float64) {
	const pad = 6
	middleX, middleY := x+c.pane[0]/2, c.y+c.pane[1]/2+0.35*c.heavy.Size
	for i, letter := range c.figure.Turn.Letters(c.figure.Letters) {
		at := [4][2]float64{
			{x + pad, middleY}, {x + c.pane[0] - pad, middleY},
			{middleX, c.y + pad + 0.75*c.heavy.Size}, {middleX, c.y + c.pane[1] - pad},
		}[i]
		anchor := [4]plate.Anchor{plate.Start, plate.End, plate.Middle, plate.Middle}[i]
		if letter != "" {
			c.note(at[0], at[1], anchor, c.heavy, letter)
		}
	}
}

// mark draws a measurement with its words at the last point, or below its
// outline, inside the picture.
func (c *composer) mark(x float64, m Measurement) {
	outline, closed := m.outline()
	if len(outline) == 0 {
		return
	}
	base := c.figure.Base.Rect.Size()
	w, h := c.figure.Turn.Size(base.X, base.Y)
	points := make([][2]float64, len(outline))
	for i, p := range outline {
		px, py := c.figure.Turn.Shown(p[0], p[1], float64(base.X), float64(base.Y))
		points[i] = [2]float64{x + px/float64(w)*c.pane[0], c.y + py/float64(h)*c.pane[1]}
	}
	c.page.Add(
		plate.Line{Points: points, Closed: closed, Width: 3.5, Ink: noteDark},
		plate.Line{Points: points, Closed: closed, Width: 1.5, Ink: noteLight},
	)
	at := points[len(points)-1]
	if closed {
		for _, p := range points {
			at = [2]float64{min(at[0], p[0]), max(at[1], p[1])}
		}
	}
	widest := 0.0
	for _, line := range m.Lines {
		widest = max(widest, c.tag.Width(line))
	}
	tall := float64(len(m.Lines)) * c.tag.Leading()
	left := max(min(at[0]+5, x+c.pane[0]-widest-5), x+5)
	top := max(min(at[1]+4, c.y+c.pane[1]-tall-4), c.y+4)
	for i, line := range m.Lines {
		c.note(left, top+float64(i)*c.tag.Leading()+c.tag.Size, plate.Start, c.tag, line)
	}
}

// bar draws the colour bar upright: what the values are, colours, round values.
func (c *composer) bar(x, y, height float64) {
	for i, line := range c.unit {
		c.page.Add(plate.Text{X: x, Y: y + c.body.Size + float64(i)*c.body.Leading(), Size: c.body.Size, Ink: c.ink, Words: line})
	}
	s := c.figure.scale()
	top := y + float64(len(c.unit))*c.body.Leading() + gap/2
	length := y + height - top
	c.page.Add(plate.Picture{X: x, Y: top, W: strip, H: length, About: "Colours of the map",
		Draw: func(w, h int) *image.RGBA { return upright(w, h, s) }})
	free := math.Inf(1)
	for _, t := range render.Ticks(s.Range, max(3, int(length/tickSpace))) {
		at := top + length*(1-s.Range.Position(t.Value))
		c.page.Add(plate.Line{Points: [][2]float64{{x + strip, at}, {x + strip + tickLength, at}}, Width: 1, Ink: c.ink})
		base := min(max(at+0.36*c.body.Size, top+0.75*c.body.Size), top+length)
		if base > free {
			continue
		}
		free = base - 1.1*c.body.Size
		c.page.Add(plate.Text{X: x + strip + 2*tickLength, Y: base, Size: c.body.Size, Ink: c.ink, Words: t.Label})
	}
}

// upright is the bar with its largest value at the top, also where it is wider
// than tall.
func upright(w, h int, s render.Scale) *image.RGBA {
	return fitted(render.Bar(1, max(h, 2), s.Colors, s.Range), w, h)
}

// words are the finding, its legend, and the facts in two columns.
func (c *composer) words() {
	f := c.figure
	c.lines(c.heavy, c.ink, margin, c.width, f.Finding)
	c.y += gap / 4
	c.lines(c.body, c.ink, margin, c.width, f.Legend)
	c.y += gap / 2
	for _, fact := range f.Facts {
		if fact.Value == "" {
			continue
		}
		y := c.y
		c.lines(c.body, c.ink, margin+nameWidth, c.width-nameWidth, fact.Value)
		below := c.y
		c.y = y
		c.lines(c.body, c.faint, margin, nameWidth-gap/2, fact.Name)
		c.y = max(c.y, below)
	}
}

// foot is the notice, over the whole width.
func (c *composer) foot() {
	c.y += margin / 2
	if c.figure.Notice == "" {
		c.y += margin / 2
		return
	}
	height := 2.2 * c.heavy.Size
	c.y += margin / 4
	c.page.Add(
		plate.Box{X: 0, Y: c.y, W: c.page.Width, H: height, Fill: color.NRGBA{20, 20, 24, 255}},
		plate.Box{X: 0, Y: c.y, W: c.page.Width, H: 2, Fill: color.NRGBA{240, 170, 60, 255}},
		plate.Text{X: c.page.Width / 2, At: plate.Middle, Y: c.y + 0.65*height, Size: c.heavy.Size, Bold: true,
			Ink: color.NRGBA{255, 214, 140, 255}, Words: c.figure.Notice},
	)
	c.y += height
}

// Write composes the figure and writes it, as SVG where the name ends so, else
// as PNG of a width in pixels. Pictures in SVG have as many pixels as they would
// have there.
func (f Figure) Write(w io.Writer, name string, p Paper, width int) error {
	if strings.EqualFold(filepath.Ext(name), ".svg") {
		page, err := f.Compose(p)
		if err != nil {
			return err
		}
		return page.SVG(w, float64(width)/page.Width, f.Subject, f.Notice)
	}
	m, err := f.Image(p, width)
	if err != nil {
		return err
	}
	return WritePNG(w, m, f.Notice)
}

// Image composes the figure in a width in pixels.
func (f Figure) Image(p Paper, width int) (*image.RGBA, error) {
	page, err := f.Compose(p)
	if err != nil {
		return nil, err
	}
	return page.Image(float64(width) / page.Width)
}
