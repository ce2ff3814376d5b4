package render

import (
	"image"
	"image/color"
	"image/draw"

	"picasso/visualizers/render/plate"
)

const (
	pageMargin = 16
	blockGap   = 8
	stripSide  = 14 // height of the colour strip
	tickSide   = 4
	leastWidth = 320 // a page is at least wide enough for its words
)

// page stacks blocks on white paper.
type page struct {
	width  int // without margins
	blocks []block
	text   plate.Lettering
	small  plate.Lettering
}

// block is a part of a page: its height, and how it is drawn at x, y.
type block struct {
	height int
	draw   func(dst *image.RGBA, x, y int)
}

func newPage(width int) (*page, error) {
	ink := color.RGBA{30, 30, 34, 255}
	text, err := plate.NewLettering(14, ink)
	if err != nil {
		return nil, err
	}
	small, err := plate.NewLettering(12, ink)
	return &page{width: max(width, leastWidth), text: text, small: small}, err
}

func (p *page) add(height int, draw func(dst *image.RGBA, x, y int)) {
	p.blocks = append(p.blocks, block{height, draw})
}

// paragraph adds wrapped text; none for "".
func (p *page) paragraph(l plate.Lettering, text string) {
	lines := l.Wrap(text, p.width)
	if len(lines) == 0 {
		return
	}
	p.add(len(lines)*l.Height(), func(dst *image.RGBA, x, y int) {
		for i, line := range lines {
			l.Write(dst, x, y+i*l.Height(), line)
		}
	})
}

// scale adds a colour bar with ticks.
func (p *page) scale(s Scale) {
	height := stripSide + tickSide + p.small.Height()
	p.add(height, func(dst *image.RGBA, x, y int) {
		paste(dst, x, y, Bar(p.width, stripSide, s.Colors, s.Range))
		free := x - blockGap
		for _, t := range Ticks(s.Range, p.width/64) {
			at := x + min(int(s.Range.Position(t.Value)*float64(p.width)), p.width-1)
			vertical(dst, at, y+stripSide, tickSide, p.small.Ink)
			w := p.small.Width(t.Label)
			left := min(max(at-w/2, x), x+p.width-w)
			if left < free+blockGap {
				continue
			}
			p.small.Write(dst, left, y+stripSide+tickSide, t.Label)
			free = left + w
		}
	})
}

// image lays the blocks out.
func (p *page) image() *image.RGBA {
	height := 2*pageMargin - blockGap
	for _, b := range p.blocks {
		height += b.height + blockGap
	}
	dst := image.NewRGBA(image.Rect(0, 0, p.width+2*pageMargin, height))
	draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
	y := pageMargin
	for _, b := range p.blocks {
		b.draw(dst, pageMargin, y)
		y += b.height + blockGap
	}
	return dst
}

func paste(dst *image.RGBA, x, y int, m image.Image) {
	b := m.Bounds()
	draw.Draw(dst, image.Rectangle{Max: b.Size()}.Add(image.Pt(x, y)), m, b.Min, draw.Over)
}

func vertical(dst *image.RGBA, x, y, length int, ink image.Image) {
	draw.Draw(dst, image.Rect(x, y, x+1, y+length), ink, image.Point{}, draw.Src)
}
