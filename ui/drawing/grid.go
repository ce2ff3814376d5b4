package drawing

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"strings"

	"picasso/visualizers/render"
	"picasso/visualizers/render/plate"
	"picasso/visualizers/spelling"
)

// Grid is a sheet of the maps of one picture: methods beside each other, classes
// below each other, and how far the methods agree. Its words are ready to print.
type Grid struct {
	Title   string // what is explained
	Classes []string
	Columns []Column
	// Spearman and IoU say how alike the maps of each two methods are, by their
	// places in Columns: the signed rank correlation, and the intersection over
	// union of their greatest tenths; NaN where that means nothing. Nil for none.
	Spearman, IoU [][]float64
	Notes         []string // whatever else must be known
	Notice        string   // what has to be said about medical pictures, "" for others
}

// Column are the maps of one method.
type Column struct {
	Method string
	Unit   string   // of the values, for all classes
	Cells  []Figure // one for each class
	Apart  bool     // every cell has a scale of its own, written below it
}

// Shared gives the cells one scale, the one that holds them all.
func (c Column) Shared() Column {
	joined := Range{}
	for _, f := range c.Cells {
		r := f.scale().Range
		joined = joined.Joined(Range{Lo: r.Lo, Hi: r.Hi})
	}
	out := c
	out.Cells = make([]Figure, len(c.Cells))
	for i, f := range c.Cells {
		f.Display.Locked = &joined
		out.Cells[i] = f
	}
	return out
}

// Measures of a grid, in units of its page.
const (
	gridCell   = 190 // edge of a picture
	gridLabels = 110 // column of the classes
	matrixCell = 40
)

// Pixels of a sheet for each unit of its page, and the fewest with which its words
// can be read.
const (
	gridPixels  = 2
	leastPixels = .75
)

// Write writes the grid as PNG. One that is too large to be read is an error.
func (g Grid) Write(w io.Writer) error {
	page, err := g.Compose()
	if err != nil {
		return err
	}
	scale := min(gridPixels, plate.MostPixels/max(page.Width, page.Height))
	scale = min(scale, math.Sqrt(mostArea/(page.Width*page.Height)))
	if scale < leastPixels {
		return fmt.Errorf("a sheet of %d methods and %d classes is too large to be read; explain fewer", len(g.Columns), len(g.Classes))
	}
	m, err := page.Image(scale)
	if err != nil {
		return err
	}
	return WritePNG(w, m, g.Notice)
}

// mostArea bounds the pixels of a sheet, below what a plate may have.
const mostArea = 60e6

// Compose lays the grid out on one page.
func (g Grid) Compose() (*plate.Plate, error) {
	c := composer{}
	if err := c.choose(); err != nil {
		return nil, err
	}
	c.width = gridLabels + float64(len(g.Columns))*(gridCell+gap) - gap
	if g.Spearman != nil {
		c.width = max(c.width, 2*g.matrixWidth()+gap)
	}
	c.page.Width, c.y = c.width+2*margin, margin
	c.lines(c.heavy, c.ink, margin, c.width, g.Title)
	c.y += gap
	c.cells(g)
	c.scales(g)
	if g.Spearman != nil {
		c.agreement(g)
	}
	for _, note := range g.Notes {
		c.lines(c.body, c.faint, margin, c.width, note)
	}
	c.lines(c.heavy, c.ink, margin, c.width, g.Notice)
	c.page.Height = c.y + margin
	return &c.page, nil
}

func columnAt(i int) float64 { return margin + gridLabels + float64(i)*(gridCell+gap) }

// cells are the heads of the columns, and the rows of pictures with their classes.
func (c *composer) cells(g Grid) {
	for i, column := range g.Columns {
		words := c.tag.Shorten(fmt.Sprintf("%d  %s", i+1, column.Method), gridCell)
		c.page.Add(plate.Text{X: columnAt(i), Y: c.y + c.tag.Size, Size: c.tag.Size, Bold: true, Ink: c.ink, Words: words})
	}
	c.y += c.tag.Leading() + gap/2
	for row, class := range g.Classes {
		height := 0.0
		for i, column := range g.Columns {
			f := column.Cells[row]
			w, h := f.seen()
			scale := gridCell / max(w, h)
			w, h = w*scale, h*scale
			height = max(height, h)
			c.page.Add(plate.Picture{X: columnAt(i) + (gridCell-w)/2, Y: c.y, W: w, H: h, About: column.Method + ", " + class,
				Draw: func(w, h int) *image.RGBA { return f.pane(w, h, true) }})
			if column.Apart {
				lo, hi := f.Ends()
				c.page.Add(plate.Text{X: columnAt(i), Y: c.y + h + c.body.Size + 2, Size: c.body.Size, Ink: c.faint, Words: Ends(lo, hi)})
				height = max(height, h+c.body.Leading())
			}
		}
		for i, line := range c.body.Wrap(class, gridLabels-gap) {
			c.page.Add(plate.Text{X: margin, Y: c.y + c.body.Size + float64(i)*c.body.Leading(), Size: c.body.Size, Ink: c.ink, Words: line})
		}
		c.y += height + gap
	}
}

// scales are the bars below the columns, each with what it counts.
func (c *composer) scales(g Grid) {
	deepest := c.y
	for i, column := range g.Columns {
		if len(column.Cells) == 0 {
			continue
		}
		if column.Apart {
			deepest = max(deepest, c.written(columnAt(i), c.y, column.Unit))
			continue
		}
		x, y, s := columnAt(i), c.y, column.Cells[0].scale()
		c.page.Add(plate.Picture{X: x, Y: y, W: gridCell, H: strip, About: "Colours of " + column.Method,
			Draw: func(w, h int) *image.RGBA { return render.Bar(w, h, s.Colors, s.Range) }})
		y += strip + c.body.Size + 2
		free := math.Inf(-1)
		for _, t := range render.Ticks(s.Range, gridCell/tickSpace) {
			width := c.body.Width(t.Label)
			left := min(max(x+gridCell*s.Range.Position(t.Value)-width/2, x), x+gridCell-width)
			if left < free {
				continue
			}
			free = left + width + gap/2
			c.page.Add(plate.Text{X: left, Y: y, Size: c.body.Size, Ink: c.ink, Words: t.Label})
		}
		deepest = max(deepest, c.written(x, y, s.Range.Axis(column.Unit)))
	}
	c.y = deepest + gap
}

// written is the unit of a column below it; it returns where the words end.
func (c *composer) written(x, y float64, unit string) float64 {
	for _, line := range c.body.Wrap(unit, spare*gridCell) {
		y += c.body.Leading()
		c.page.Add(plate.Text{X: x, Y: y, Size: c.body.Size, Ink: c.faint, Words: line})
	}
	return y
}

// Ends are those of a scale in words.
func Ends(lo, hi float64) string {
	low, high := EndsApart(lo, hi)
	if lo == -hi {
		return "±" + strings.TrimPrefix(high, "+")
	}
	return low + "…" + strings.TrimPrefix(high, "+")
}

// EndsApart are the words at both ends of a scale; the upper has a sign where zero lies
// between them. An end that has the colour of zero cannot be
// told from it there, and is written so.
func EndsApart(lo, hi float64) (low, high string) {
	least := (hi - lo) / 512 // half a colour of those a scale is drawn with
	word := func(v float64) string {
		if math.Abs(v) < least {
			return "0"
		}
		return spelling.Number(v)
	}
	if low, high = word(lo), word(hi); lo < 0 && hi > 0 && high != "0" {
		high = "+" + high
	}
	return low, high
}

// Agreement is how a number of agreement, −1…1, is shown in a table: its words,
// the colour behind them and whether that is dark. Colours that are far from white
// agree, blue, or contradict each other, orange.
func Agreement(v float64) (words string, fill color.NRGBA, dark bool) {
	shade := 0.0
	words = "–"
	if !math.IsNaN(v) {
		words, shade = strings.Replace(fmt.Sprintf("%.2f", v), "-", spelling.Minus, 1), min(math.Abs(v), 1)
	}
	fill = color.NRGBA{R: uint8(255 - 200*shade), G: uint8(255 - 150*shade), B: uint8(255 - 80*shade), A: 255}
	if v < 0 {
		fill = color.NRGBA{R: uint8(255 - 60*shade), G: uint8(255 - 150*shade), B: uint8(255 - 190*shade), A: 255}
	}
	return words, fill, shade > .6
}

func (g Grid) matrixWidth() float64 { return 24 + float64(len(g.Columns))*matrixCell }

// agreement are two tables of methods against methods, called by their numbers.
func (c *composer) agreement(g Grid) {
	c.lines(c.tag, c.ink, margin, c.width, "How far the methods agree")
	c.y += gap / 2
	width := max(g.matrixWidth(), (c.width-gap)/2)
	for i, m := range []struct {
		title  string
		values [][]float64
	}{{"Order of places (Spearman, with sign)", g.Spearman}, {"Greatest tenths in common (IoU)", g.IoU}} {
		c.matrix(margin+float64(i)*(width+gap), c.body.Shorten(m.title, width), m.values)
	}
	c.y += c.body.Leading() + float64(len(g.Columns)+1)*matrixCell/2 + gap
}

// matrix is one table; darker cells agree more.
func (c *composer) matrix(x float64, title string, values [][]float64) {
	const high = matrixCell / 2
	top := c.y + c.body.Leading()
	c.page.Add(plate.Text{X: x, Y: c.y + c.body.Size, Size: c.body.Size, Ink: c.faint, Words: title})
	write := func(row, column int, bold bool, ink color.NRGBA, words string) {
		c.page.Add(plate.Text{X: x + 24 + (float64(column)+.5)*matrixCell, Y: top + float64(row)*high + .72*high, At: plate.Middle,
			Size: c.body.Size, Bold: bold, Ink: ink, Words: words})
	}
	for i, row := range values {
		c.page.Add(plate.Text{X: x + 8, Y: top + float64(i+1)*high + .72*high, Size: c.body.Size, Bold: true, Ink: c.ink, Words: fmt.Sprint(i + 1)})
		write(0, i, true, c.ink, fmt.Sprint(i+1))
		for k, v := range row {
			words, fill, dark := Agreement(v)
			ink := c.ink
			if dark {
				ink = color.NRGBA{255, 255, 255, 255}
			}
			c.page.Add(plate.Box{X: x + 24 + float64(k)*matrixCell, Y: top + float64(i+1)*high, W: matrixCell - 1, H: high - 1, Fill: fill})
			write(i+1, k, false, ink, words)
		}
	}
}
