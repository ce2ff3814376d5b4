package planes

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"picasso/backend/picture/planes"
	"picasso/ui/control"
	"picasso/ui/control/crosshair"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// shares are three curves: the share of the map of a volume on each place of a plane.
type shares struct {
	c      *control.Controller
	box    *fyne.Container
	curves [3]*viewer.Curve
}

func newShares(c *control.Controller) *shares {
	about := widgets.Faint("Share of the map on each plane; click to go there")
	about.Wrapping = fyne.TextWrapWord
	s := &shares{c: c, box: container.NewVBox(about)}
	for _, p := range planes.All() {
		curve := viewer.NewCurve()
		curve.OnChosen = func(k int) {
			if v := c.State().Planes; v != nil && v.Voxels != nil {
				at := v.At
				at[p] = v.Voxels.Place(p, k)
				c.MovePlanes(at)
			}
		}
		s.curves[p] = curve
		s.box.Add(container.NewBorder(nil, nil, widgets.AtLeast(74, 0, named(p)), nil, curve))
	}
	s.box.Hide()
	return s
}

// named is the name of a plane in its colour.
func named(p planes.Plane) fyne.CanvasObject {
	mark := canvas.NewRectangle(color.Color(colours[p]))
	return container.NewBorder(nil, nil, widgets.AtLeast(4, 0, mark), nil, widgets.Faint(p.Title()))
}

// show draws the curves of a map of a volume, or hides them.
func (s *shares) show(v *crosshair.View, m Map) {
	widgets.Visible(s.box, m.Of != nil)
	if m.Of == nil {
		return
	}
	for _, p := range planes.All() {
		s.curves[p].Set(shareOf(v, m, p))
	}
}

// shareOf is the share of the map on each place of a plane, whose scale ends with the
// largest.
func shareOf(v *crosshair.View, m Map, p planes.Plane) viewer.Slices {
	stack := v.Voxels.Stack
	across := stack.Across(p)
	all := m.Of.Shares(across)
	at := v.At
	out := viewer.Slices{Values: make([]float64, stack.Count(p)), Current: stack.Nearest(p, v.At[p])}
	for k := range out.Values {
		at[p] = stack.Place(p, k)
		place := stack.Voxel(stack.In(at))
		if across == 0 { // files may count theirs from another one
			place[0] += float64(m.Of.Slice - m.Look.Slice)
		}
		if i := int(math.Round(place[across])); i >= 0 && i < len(all) {
			out.Values[k] = all[i]
			out.Hi = max(out.Hi, all[i])
		}
	}
	return out
}
