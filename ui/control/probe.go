package control

import (
	"image"
	"math"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"

	"picasso/visualizers"
)

// Probe is one covered picture behind a map: what the model was shown and
// what it said.
type Probe struct {
	Window int             // index into the windows
	Rect   image.Rectangle // covered, in model pixels
	Shown  *image.RGBA     // the picture with the region covered, in picture pixels
	Scores score.Scores
	Ranked []score.Class // all classes, best first
}

// ProbeAt looks at the covered picture whose window lies under a picture
// pixel. Asking for the same one again closes it. It reports whether there is
// a window.
func (c *Controller) ProbeAt(x, y int) bool {
	p, k := c.state.Panel(), c.state.Look
	if p.Result == nil || p.Result.Patches == nil || p.Stale || p.look != k || c.model == nil {
		return false
	}
	mx, my := toModel(k.Place, x, y)
	i, ok := p.Result.Patches.At(mx, my)
	if !ok {
		return false
	}
	if c.state.Probe != nil && c.state.Probe.Window == i {
		c.clearProbe()
		return true
	}
	w := p.Result.Patches
	c.state.Probe = &Probe{
		Window: i, Rect: w.Rects[i], Scores: w.Scores[i], Ranked: c.model.Rank(w.Scores[i]),
		Shown: c.covered(p, k, w.Rects[i]),
	}
	c.changed(ProbeChanged)
	return true
}

// ClearProbe goes back to the map.
func (c *Controller) ClearProbe() { c.clearProbe() }

func (c *Controller) clearProbe() {
	if c.state.Probe != nil {
		c.state.Probe = nil
		c.changed(ProbeChanged)
	}
}

// toModel is the model pixel that holds the centre of a picture pixel.
func toModel(p preprocess.Placement, x, y int) (mx, my int) {
	return int(math.Floor((float64(x) + 0.5 - p.OffsetX) / p.ScaleX)),
		int(math.Floor((float64(y) + 0.5 - p.OffsetY) / p.ScaleY))
}

// covered is the picture as the model saw it with a region hidden: every pixel
// the visualizer changed shows what it was changed to.
func (c *Controller) covered(p *Panel, k *Look, r image.Rectangle) *image.RGBA {
	shown := c.Shown()
	out := image.NewRGBA(shown.Rect)
	copy(out.Pix, shown.Pix)
	coverer, ok := p.Visualizer.(visualizers.Coverer)
	if !ok {
		return out
	}
	in := k.input(c.model.Model, p.Values, c.state.Target)
	hidden, err := coverer.Cover(in, r)
	if err != nil || len(hidden.Data) != len(k.Input.Data) {
		return out
	}
	paste(out, painting(c.model.Decoder(k.Image), c.ends(k)), k, hidden)
	return out
}

// paste draws the model pixels of hidden that differ from k's own.
func paste(out *image.RGBA, paint Painter, k *Look, hidden infer.Tensor) {
	channels, h, w := k.Input.Shape[0], k.Input.Shape[1], k.Input.Shape[2]
	values := make([]float32, channels)
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			mx, my := toModel(k.Place, x, y)
			if mx < 0 || my < 0 || mx >= w || my >= h {
				continue
			}
			at, changed := my*w+mx, false
			for ch := range channels {
				values[ch] = hidden.Data[ch*w*h+at]
				changed = changed || values[ch] != k.Input.Data[ch*w*h+at]
			}
			if changed {
				paint(out.Pix[out.PixOffset(x, y):], values)
			}
		}
	}
}

// Painter draws the values of one model pixel, one per channel, into a pixel of
// red, green, blue and alpha.
type Painter func(dst []uint8, values []float32)

// Painter shows values of the model's input as the picture on the screen does, a scan
// through its window. A look, or the whole picture behind it, is to be on the screen,
// and a model open.
func (c *Controller) Painter(k *Look) Painter { return painting(c.model.Decoder(k.Image), c.ends(k)) }

// painting shows values as the raw colours that they were made from, of which
// ends are black and white.
func painting(d preprocess.Decoder, ends [2]float32) Painter {
	return func(dst []uint8, values []float32) {
		for i, raw := range d.Raw(values) {
			dst[i] = level(raw, ends[0], ends[1])
		}
		dst[3] = 255
	}
}

// fullRange shows the smallest number of a tensor black, the largest white.
func fullRange(t infer.Tensor) Painter {
	lo, hi := slices.Min(t.Data), slices.Max(t.Data)
	return func(dst []uint8, values []float32) {
		for i := range 3 {
			dst[i] = level(values[min(i, len(values)-1)], lo, hi)
		}
		dst[3] = 255
	}
}

// level is a value between black and white, either of which may be the larger,
// as 0…255.
func level(v, black, white float32) uint8 {
	if black == white {
		return 0
	}
	return uint8(min(max((v-black)*255/(white-black)+0.5, 0), 255))
}

// InputPicture is the exact tensor that goes into the model, as a picture.
func (c *Controller) InputPicture() *image.RGBA {
	k := c.state.Look
	if c.model == nil || !k.Answered() || len(k.Input.Shape) != 3 {
		return nil
	}
	paint := fullRange(k.Input) // of scans, whose numbers have little to do with what is displayed
	if k.Image.Scan == nil {
		paint = painting(c.model.Decoder(k.Image), k.Image.Range)
	}
	channels, h, w := k.Input.Shape[0], k.Input.Shape[1], k.Input.Shape[2]
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	values := make([]float32, channels)
	for i := range w * h {
		for ch := range values {
			values[ch] = k.Input.Data[ch*w*h+i]
		}
		paint(out.Pix[4*i:], values)
	}
	return out
}
