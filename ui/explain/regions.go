package explain

import (
	"image"

	"picasso/backend/mask"
	"picasso/ui/drawing"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
)

// RegionQuestion asks for a file with regions.
func RegionQuestion() widgets.Question {
	return widgets.Question{Title: "Regions that matter in this picture", Kind: "Regions", Extensions: []string{"png", "npy", "json", "txt", "nii", "gz", "dcm"}}
}

// brushShare is the width of the brush at first, as a share of the longer edge of
// the picture.
const brushShare = .04

// paint takes a region that was drawn in one of the viewers.
func (p *Picture) paint(d viewer.Paint) {
	if s := p.shapeOf(d); s != nil {
		p.c.DrawRegion(s, d.Erase != p.erase)
	}
}

// shapeOf is the area of what was drawn.
func (p *Picture) shapeOf(d viewer.Paint) mask.Shape {
	points := make([]mask.Point, len(d.Points))
	for i, at := range d.Points {
		points[i] = mask.Point{X: at[0], Y: at[1]}
	}
	switch d.Tool {
	case viewer.RegionBoxTool:
		return mask.Rectangle{A: points[0], B: points[1]}
	case viewer.RegionEllipseTool:
		return mask.Ellipse{A: points[0], B: points[1]}
	case viewer.PolygonTool, viewer.FreehandTool:
		return mask.Polygon(points)
	case viewer.BrushTool:
		return mask.Stroke{Points: points, Radius: p.brushWidth() / 2}
	}
	return nil
}

// brushWidth is the width of the brush in pixels of the picture.
func (p *Picture) brushWidth() float64 {
	s := p.c.State()
	if s.Look == nil {
		return 1
	}
	return max(1, brushShare*float64(max(s.Look.Image.Width, s.Look.Image.Height))*p.brush)
}

// ToggleErase makes drawing take away, or add again, and reports which; Alt is the
// other one, where the desktop does not keep it for itself.
func (p *Picture) ToggleErase() (takesAway bool) {
	p.erase = !p.erase
	return p.erase
}

// ScaleBrush makes the brush wider or narrower by a factor.
func (p *Picture) ScaleBrush(by float64) {
	p.brush = min(max(p.brush*by, .1), 10)
	p.showRegions()
}

// showRegions lays the regions over the picture, in both viewers.
func (p *Picture) showRegions() {
	r := p.c.Regions()
	for _, v := range []*viewer.Image{p.image, p.bare} {
		v.SetBrush(p.brushWidth())
	}
	if r == p.regions {
		return
	}
	p.regions = r
	if r == nil {
		p.image.SetRegions(nil)
		p.bare.SetRegions(nil)
		return
	}
	m := drawing.Regions(r)
	p.image.SetRegions(m)
	p.bare.SetRegions(m)
}

// Cover shows the picture while it is covered by hand, without its map, and what is
// covered: layer, nil for nothing. stroke gets what is drawn with a brush of a width
// in units of the window. Without on it ends.
func (p *Picture) Cover(on bool, layer *image.RGBA, width float64, stroke func(viewer.Stroke)) {
	tool := p.tool
	if on != p.covers {
		p.covers = on
		if on {
			tool = viewer.CoverTool
		} else if tool == viewer.CoverTool {
			tool = viewer.UsualTool
		}
		p.SetTool(tool)
		p.showPanel()
	}
	for _, v := range []*viewer.Image{p.image, p.bare} {
		v.OnStroke = stroke
		v.SetCoverBrush(width)
	}
	if !on {
		layer = nil
	}
	if layer != p.layer {
		p.layer = layer
		p.image.SetCover(layer)
	}
}
