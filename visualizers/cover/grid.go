package cover

import (
	"image"

	"picasso/visualizers"
)

// grid is where a sliding window stands: at multiples of stride from the upper
// left corner, until it covers the lower right one; the last window on each
// axis is cut off at the border. This is Captum's definition
// (captum.attr.Occlusion).
type grid struct {
	width, height int         // of the input
	size, stride  image.Point // X across, Y down; size is at most the input's
	columns, rows int
}

func newGrid(width, height int, size, stride image.Point) grid {
	g := grid{width: width, height: height, stride: stride}
	g.size = image.Pt(min(size.X, width), min(size.Y, height))
	g.columns = positions(width, g.size.X, stride.X)
	g.rows = positions(height, g.size.Y, stride.Y)
	return g
}

// positions is ceil((side − size) / stride) + 1, less a last window that would
// start beyond the border (possible where stride > size).
func positions(side, size, stride int) int {
	n := (side-size+stride-1)/stride + 1
	if (n-1)*stride >= side {
		n--
	}
	return n
}

// windows is the number of positions.
func (g grid) windows() int { return g.rows * g.columns }

// rect is what window i covers, row by row.
func (g grid) rect(i int) image.Rectangle {
	corner := image.Pt(i%g.columns*g.stride.X, i/g.columns*g.stride.Y)
	return image.Rectangle{Min: corner, Max: corner.Add(g.size)}.Intersect(image.Rect(0, 0, g.width, g.height))
}

// layout lists the windows, none of them run yet.
func (g grid) layout() *visualizers.Patches {
	w := &visualizers.Patches{
		Height: g.height, Width: g.width, Rows: g.rows, Columns: g.columns,
		Size: g.size, Stride: g.stride, Rects: make([]image.Rectangle, g.windows()),
	}
	for i := range w.Rects {
		w.Rects[i] = g.rect(i)
	}
	return w
}

// uncovered is the share of pixels that no window reaches.
func (g grid) uncovered() float64 {
	x := covered(g.width, g.size.X, g.stride.X, g.columns)
	y := covered(g.height, g.size.Y, g.stride.Y, g.rows)
	return 1 - float64(x)*float64(y)/(float64(g.width)*float64(g.height))
}

// covered counts the pixels of one axis that n windows reach.
func covered(side, size, stride, n int) int {
	last := min(size, side-(n-1)*stride)
	return (n-1)*min(size, stride) + last
}
