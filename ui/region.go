package ui

import (
	"image"

	"picasso/ui/viewer"
)

// layOutRegion lets a region be drawn where the model's scores are sums over
// one, and frames the one in use.
func (p *picturePane) layOutRegion() {
	for _, v := range []*viewer.Image{p.image, p.bare} {
		v.OnRegion = nil
		if p.w.c.TakesRegion() {
			v.OnRegion = p.drawRegion
		}
	}
	if p.w.c.State().Probe == nil {
		p.image.Mark(p.region())
	}
}

// region is the region in use in pixels of the picture.
func (p *picturePane) region() image.Rectangle {
	r := p.w.c.Region()
	if k := p.w.c.State().Look; k != nil && !r.Empty() {
		return onPicture(k, r)
	}
	return image.Rectangle{}
}

// drawRegion frames a region while it is being drawn, and takes it when it is
// done.
func (p *picturePane) drawRegion(r image.Rectangle, done bool) {
	p.image.Mark(r)
	if done {
		p.w.c.SetRegion(r)
	}
}

// clearRegion goes back to the whole picture; false where that is in use.
func (w *Window) clearRegion() bool {
	if w.c.Region().Empty() {
		return false
	}
	w.c.SetRegion(image.Rectangle{})
	return true
}
