package explain

import (
	"image"

	"picasso/ui/viewer"
)

// layOutRegion lets a region be drawn where the model's scores are sums over
// one, and frames the one in use.
func (p *Picture) layOutRegion() {
	for _, v := range []*viewer.Image{p.image, p.bare} {
		v.OnRegion = nil
		if p.c.TakesRegion() {
			v.OnRegion = p.drawRegion
		}
	}
	if p.c.State().Probe == nil {
		p.image.Mark(p.region())
	}
}

// region is the region in use in pixels of the picture.
func (p *Picture) region() image.Rectangle {
	r := p.c.Region()
	if k := p.c.State().Look; k != nil && !r.Empty() {
		return onPicture(k, r)
	}
	return image.Rectangle{}
}

// drawRegion frames a region while it is being drawn, and takes it when it is
// done.
func (p *Picture) drawRegion(r image.Rectangle, done bool) {
	p.image.Mark(r)
	if done {
		p.c.SetRegion(r)
	}
}

// ClearRegion goes back to the whole picture; false where that is in use.
func (p *Picture) ClearRegion() bool {
	if p.c.Region().Empty() {
		return false
	}
	p.c.SetRegion(image.Rectangle{})
	return true
}
