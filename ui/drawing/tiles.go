package drawing

import (
	"image"
	"image/color"
	"math"

	"picasso/visualizers/render"
)

// Tiling is how tiles of one shape lie on a sheet, row by row, as large as they fit.
type Tiling struct {
	Count, Columns int
	Tile           image.Point // size of one in pixels
}

// tileGap lies between tiles, in pixels.
const tileGap = 2

// NewTiling lays count tiles whose shape is that of a field of width×height cells
// on a sheet.
func NewTiling(count, width, height int, sheet image.Point) Tiling {
	t := Tiling{Count: count}
	for columns := 1; columns <= count; columns++ {
		w := (sheet.X+tileGap)/columns - tileGap
		h := w * height / max(width, 1)
		rows := (count + columns - 1) / columns
		if most := (sheet.Y+tileGap)/rows - tileGap; h > most { // the height decides
			h, w = most, most*width/max(height, 1)
		}
		if w > t.Tile.X {
			t.Columns, t.Tile = columns, image.Pt(w, max(h, 1))
		}
	}
	return t
}

// Rect is the place of tile i.
func (t Tiling) Rect(i int) image.Rectangle {
	if t.Columns == 0 {
		return image.Rectangle{}
	}
	at := image.Pt(i%t.Columns*(t.Tile.X+tileGap), i/t.Columns*(t.Tile.Y+tileGap))
	return image.Rectangle{Min: at, Max: at.Add(t.Tile)}
}

// At is the tile at a pixel, and the place in it as shares of its width and height;
// ok is false between tiles.
func (t Tiling) At(x, y int) (i int, across, down float64, ok bool) {
	if t.Columns == 0 || x < 0 || y < 0 {
		return 0, 0, 0, false
	}
	column, row := x/(t.Tile.X+tileGap), y/(t.Tile.Y+tileGap)
	i = row*t.Columns + column
	inX, inY := x-column*(t.Tile.X+tileGap), y-row*(t.Tile.Y+tileGap)
	ok = column < t.Columns && i < t.Count && inX < t.Tile.X && inY < t.Tile.Y
	return i, (float64(inX) + 0.5) / float64(t.Tile.X), (float64(inY) + 0.5) / float64(t.Tile.Y), ok
}

// Tiles draws fields as tiles of one picture, every value in the colour of its own
// field's range: of a pixel of the tile, the cell that it lies in. A field of one
// value has the colour of the low end, or of zero among signed ones. What is no
// number stays transparent.
func Tiles(t Tiling, sheet image.Point, fields []render.Field, ranges []render.Range, signed bool) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: sheet})
	var table [256]color.RGBA
	scale := render.Style{Signed: signed}.Scale(render.Field{})
	for i := range table {
		table[i] = scale.Colors.At(float64(i) / 255)
	}
	flat := 0
	if signed {
		flat = 127
	}
	for i, f := range fields {
		if r := t.Rect(i); r.In(dst.Rect) && !f.Empty() {
			tile(dst, r, f, ranges[i], &table, flat)
		}
	}
	return dst
}

func tile(dst *image.RGBA, r image.Rectangle, f render.Field, span render.Range, table *[256]color.RGBA, flat int) {
	columns := make([]int, r.Dx())
	for x := range columns {
		columns[x] = x * f.Width / r.Dx()
	}
	var factor float32
	if !span.Flat() {
		factor = float32(255 / (span.Hi - span.Lo))
	}
	for y := range r.Dy() {
		row := f.Values[y*f.Height/r.Dy()*f.Width:]
		pix := dst.Pix[dst.PixOffset(r.Min.X, r.Min.Y+y):]
		for x, from := range columns {
			v := row[from]
			if v != v {
				continue
			}
			at := flat
			if factor != 0 {
				at = int(min(max((v-float32(span.Lo))*factor, 0), 255))
			}
			c := table[at]
			pix[4*x], pix[4*x+1], pix[4*x+2], pix[4*x+3] = c.R, c.G, c.B, c.A
		}
	}
}

// Bars draws counts as bars of a colour on nothing, the largest as high as the
// picture.
func Bars(counts []int, size image.Point, ink color.Color) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: size})
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	for x := range size.X {
		n := counts[x*len(counts)/size.X]
		height := int(math.Ceil(float64(n) / float64(most) * float64(size.Y)))
		for y := size.Y - height; y < size.Y; y++ {
			dst.Set(x, y, ink)
		}
	}
	return dst
}
