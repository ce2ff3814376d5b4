package control

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"picasso/backend/score"
)

// Regional is a [Model] whose scores are sums over a region of the picture.
type Regional interface {
	Answering
	SetRegion(r score.Region) error
}

// regional is the open model where its scores are sums over pixels, else nil.
func (c *Controller) regional() (Regional, Answer) {
	m, ok := c.state.Model.(Regional)
	if !ok {
		return nil, Answer{}
	}
	a := m.Answer()
	if a.Kind != score.Segmentation || a.Columns < 1 || a.Rows < 1 {
		return nil, Answer{}
	}
	return m, a
}

// TakesRegion reports whether a region of the picture can be chosen.
func (c *Controller) TakesRegion() bool {
	m, _ := c.regional()
	return m != nil
}

// Region is the chosen region in pixels of the model's input, empty for the
// whole picture or another kind of region.
func (c *Controller) Region() image.Rectangle {
	m, a := c.regional()
	if m == nil || len(a.Area) != 4 {
		return image.Rectangle{}
	}
	_, h, w := c.state.Model.Shape()
	x, y := float64(w)/float64(a.Columns), float64(h)/float64(a.Rows)
	return image.Rect(
		int(math.Floor(float64(a.Area[0])*x)), int(math.Floor(float64(a.Area[1])*y)),
		int(math.Ceil(float64(a.Area[2])*x)), int(math.Ceil(float64(a.Area[3])*y))).Intersect(image.Rect(0, 0, w, h))
}

// SetRegion sums scores over a rectangle of the current picture, in its
// pixels, from now on; an empty one stands for the whole picture.
func (c *Controller) SetRegion(r image.Rectangle) {
	m, a := c.regional()
	if m == nil || c.state.Look == nil && !r.Empty() {
		return
	}
	region := score.Region{}
	if !r.Empty() {
		if region.Box = c.onOutput(r, a); region.Box == nil {
			c.Say("The region is outside the part of the picture that the model sees.")
			c.changed(LookChanged)
			return
		}
	}
	text, err := json.Marshal(region)
	if err != nil {
		c.fail("use the region", err)
		return
	}
	c.stopWork()
	before := c.comparison()
	if err := m.SetRegion(region); err != nil {
		c.fail(fmt.Sprintf("use the region %s", text), err)
		c.look(0)
		return
	}
	c.given.Set = merged(c.given.Set, []string{"region=" + string(text)})
	c.askAgain(before)
}

// onOutput is a rectangle of picture pixels as left, top, right and bottom in
// pixels of the output, nil where they do not meet.
func (c *Controller) onOutput(r image.Rectangle, a Answer) []int {
	_, h, w := c.state.Model.Shape()
	p := c.state.Look.Place
	x := func(v int) float64 { return (float64(v) - p.OffsetX) / p.ScaleX * float64(a.Columns) / float64(w) }
	y := func(v int) float64 { return (float64(v) - p.OffsetY) / p.ScaleY * float64(a.Rows) / float64(h) }
	box := image.Rect(
		int(math.Floor(x(r.Min.X))), int(math.Floor(y(r.Min.Y))),
		int(math.Ceil(x(r.Max.X))), int(math.Ceil(y(r.Max.Y)))).Intersect(image.Rect(0, 0, a.Columns, a.Rows))
	if box.Empty() {
		return nil
	}
	return []int{box.Min.X, box.Min.Y, box.Max.X, box.Max.Y}
}
