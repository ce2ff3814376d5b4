package control

import (
	"image"
	"math"
	"picasso/backend/metadata"
	"picasso/backend/score"
)

// grid is the size of the open model's output in pixels where its scores are
// sums over pixels, with the box that is summed, which may be nil; else ok is
// false.
func (c *Controller) grid() (columns, rows int, box []int, ok bool) {
	card, ok := c.Known()
	if !ok || card.Output.Kind != score.Segmentation && card.Output.Kind != score.Dense {
		return 0, 0, nil, false
	}
	columns, rows = card.Output.Grid()
	return columns, rows, card.Output.Region.Box, columns > 0 && rows > 0
}

// TakesRegion reports whether a region of the picture can be chosen.
func (c *Controller) TakesRegion() bool {
	_, _, _, ok := c.grid()
	return ok
}

// Region is the chosen region in pixels of the model's input, empty for the
// whole picture or another kind of region.
func (c *Controller) Region() image.Rectangle {
	columns, rows, box, ok := c.grid()
	if !ok || len(box) != 4 {
		return image.Rectangle{}
	}
	_, h, w := c.state.Model.Shape()
	x, y := float64(w)/float64(columns), float64(h)/float64(rows)
	return image.Rect(
		int(math.Floor(float64(box[0])*x)), int(math.Floor(float64(box[1])*y)),
		int(math.Ceil(float64(box[2])*x)), int(math.Ceil(float64(box[3])*y))).Intersect(image.Rect(0, 0, w, h))
}

// SetRegion sums scores over a rectangle of the current picture, in its
// pixels, from now on; an empty one stands for the whole picture.
func (c *Controller) SetRegion(r image.Rectangle) {
	columns, rows, _, ok := c.grid()
	if !ok || c.state.Look == nil && !r.Empty() {
		return
	}
	region := score.Region{}
	if !r.Empty() {
		if region.Box = c.onOutput(r, columns, rows); region.Box == nil {
			c.Say("The region is outside the part of the picture that the model sees.")
			c.changed(LookChanged)
			return
		}
	}
	if err := c.Choose(metadata.Choices{Region: &region}); err != nil {
		c.fail("use the region", err)
	}
}

// onOutput is a rectangle of picture pixels as left, top, right and bottom in
// pixels of the output, nil where they do not meet.
func (c *Controller) onOutput(r image.Rectangle, columns, rows int) []int {
	_, h, w := c.state.Model.Shape()
	p := c.state.Look.Place
	x := func(v int) float64 { return (float64(v) - p.OffsetX) / p.ScaleX * float64(columns) / float64(w) }
	y := func(v int) float64 { return (float64(v) - p.OffsetY) / p.ScaleY * float64(rows) / float64(h) }
	box := image.Rect(
		int(math.Floor(x(r.Min.X))), int(math.Floor(y(r.Min.Y))),
		int(math.Ceil(x(r.Max.X))), int(math.Ceil(y(r.Max.Y)))).Intersect(image.Rect(0, 0, columns, rows))
	if box.Empty() {
		return nil
	}
	return []int{box.Min.X, box.Min.Y, box.Max.X, box.Max.Y}
}
