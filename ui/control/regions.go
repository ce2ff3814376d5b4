package control

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"picasso/backend/mask"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/ui/control/history"
	"picasso/ui/control/task"
)

// firstRegion is what a region is called that was given no name.
const firstRegion = "region"

// Regions are those of the picture on the screen, nil where there are none. They
// must not be changed.
func (c *Controller) Regions() *mask.Regions { return c.marked().regions }

// RegionName is the name of the region that is drawn into.
func (c *Controller) RegionName() string {
	if c.regionName == "" {
		return firstRegion
	}
	return c.regionName
}

// NameRegion draws into the region of a name from now on, a new one unless there
// is one of that name.
func (c *Controller) NameRegion(name string) {
	c.regionName = strings.TrimSpace(name)
	c.changed(RegionsChanged)
}

// DrawRegion adds a shape to the region of the picture on the screen that is
// drawn into, or takes it away from all; maps are compared with the result.
func (c *Controller) DrawRegion(s mask.Shape, erase bool) {
	k := c.state.Look
	if k == nil {
		return
	}
	r := mask.NewRegions(k.Image.Height, k.Image.Width)
	if before := c.marked().regions; before != nil {
		r = before.Clone()
	}
	did, value := "Erase a part of the regions", uint8(0)
	if !erase {
		var err error
		if value, err = r.Add(c.RegionName()); err != nil {
			c.fail("draw a region", err)
			return
		}
		did = fmt.Sprintf("Draw the %s", c.RegionName())
	}
	if err := r.Fill(s, value); err != nil {
		c.fail("draw a region", err)
		return
	}
	c.changeRegions(did, r)
}

// RemoveRegions removes all regions of the picture on the screen.
func (c *Controller) RemoveRegions() {
	if c.marked().regions != nil {
		c.changeRegions("Remove all regions", nil)
	}
}

// changeRegions puts other regions on the picture on the screen, to be undone.
func (c *Controller) changeRegions(did string, after *mask.Regions) {
	at, before := c.state.Look.frame(), c.marked().regions
	if after != nil && !slices.ContainsFunc(after.Pixels, func(v uint8) bool { return v != 0 }) {
		after = nil
	}
	put := func(r *mask.Regions) func() error {
		return func() error {
			c.putRegions(at, r)
			return nil
		}
	}
	bytes := 0
	for _, r := range []*mask.Regions{before, after} {
		if r != nil {
			bytes += len(r.Pixels)
		}
	}
	c.putRegions(at, after)
	c.record(history.Step{Name: did, Bytes: bytes, Undo: put(before), Redo: put(after)})
}

// putRegions makes r the regions of a picture; nil for none.
func (c *Controller) putRegions(at frame, r *mask.Regions) {
	c.assess.marks++
	m := marked{number: c.assess.marks, regions: r}
	if r != nil {
		all := r.All()
		m.region = &all
	}
	known := c.state.Trust.Found
	c.assess.regions[at] = m
	if c.follow() && known != nil && c.state.Trust.Found == nil && c.state.Look != nil && c.state.Look.frame() == at {
		of := *known // the same map: what has nothing to do with regions still holds
		of.Region = nil
		c.state.Trust.Found = &of
	}
	c.changed(TrustChanged)
	c.changed(RegionsChanged)
	c.pump()
}

// OpenRegion reads the regions of the current picture from a file.
func (c *Controller) OpenRegion(path string) {
	look := c.state.Look
	if look == nil {
		return
	}
	img := look.Image
	task.Start(c.marking, func(ctx context.Context, _ func(func())) (*mask.Regions, error) { return regionsOn(ctx, img, path) }, func(r *mask.Regions, err error) {
		if err == nil && (c.state.Look == nil || c.state.Look.frame() != look.frame()) {
			return // another picture is looked at by now
		}
		if err == nil {
			c.changeRegions("Open regions", r)
		}
		c.fail("use the region", err)
	})
}

// regionsOn are the regions that a file has on a picture.
func regionsOn(ctx context.Context, img *picture.Image, path string) (*mask.Regions, error) {
	f, err := mask.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return f.On(ctx, mask.Of(img))
}

// SaveRegions writes the regions of the current picture; the ending of path says
// how: see [mask.Regions.Write].
func (c *Controller) SaveRegions(path string) {
	r, look := c.Regions(), c.state.Look
	if r == nil || look == nil {
		c.Say("There are no regions on this picture; draw some first.")
		return
	}
	on := mask.Of(look.Image)
	task.Start(c.marking, func(context.Context, func(func())) (struct{}, error) { return struct{}{}, r.Write(path, on) }, func(_ struct{}, err error) {
		c.fail("save the regions", err)
	})
}

// The region below is another: of those pixels whose scores add up to the one that
// is explained.

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
