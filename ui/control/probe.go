package control

import (
	"image"
	"math"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"

	"picasso/backend/picture"
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
	paste(out, newDecoder(c.model.Model, k, c.ends(k)), k, hidden)
	return out
}

// paste draws the model pixels of hidden that differ from k's own.
func paste(out *image.RGBA, d decoder, k *Look, hidden infer.Tensor) {
	channels, h, w := k.Input.Shape[0], k.Input.Shape[1], k.Input.Shape[2]
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			mx, my := toModel(k.Place, x, y)
			if mx < 0 || my < 0 || mx >= w || my >= h {
				continue
			}
			at, changed := my*w+mx, false
			for ch := range channels {
				changed = changed || hidden.Data[ch*w*h+at] != k.Input.Data[ch*w*h+at]
			}
			if changed {
				d.pixel(out.Pix[out.PixOffset(x, y):], hidden.Data, at, w*h)
			}
		}
	}
}

// decoder turns the model's numbers back into colours. Encoding is affine per
// channel, apart from limits, so two encoded values within them tell all about
// it.
type decoder struct {
	low, gain [3]float32
	from      [3]int // model channel behind red, green and blue
}

func newDecoder(m Model, k *Look, ends [2]float32) decoder {
	n := max(k.Image.Channels, 1)
	black, white := ends[0], ends[1]
	fill := func(v float32) []float32 {
		raw := make([]float32, n)
		for i := range raw {
			raw[i] = v
		}
		return raw
	}
	encode := m.Encode
	if e, ok := m.(interface {
		Encoder(img *picture.Image) func(raw []float32) []float32
	}); ok {
		encode = e.Encoder(k.Image)
	}
	lo := encode(fill(black))
	var d decoder
	for i := range d.from {
		d.from[i] = min(i, len(lo)-1)
	}
	if n == 3 && len(lo) == 3 {
		red := encode([]float32{white, black, black})
		if red[0] == lo[0] && red[2] != lo[2] { // blue comes first
			d.from = [3]int{2, 1, 0}
		}
	}
	line := encoding(func(v float32) []float32 { return encode(fill(v)) }, extent(k.Image, ends))
	for i, ch := range d.from {
		slope, zero := line[ch].slope, line[ch].zero
		d.low[i] = zero + black*slope
		if span := slope * (white - black); span != 0 {
			d.gain[i] = 255 / span
		}
	}
	return d
}

// affine is a line: zero + slope × raw value.
type affine struct{ slope, zero float32 }

// extent is the range of raw values in which an encoding is looked at: what is
// shown, and what there is.
func extent(m *picture.Image, ends [2]float32) [2]float32 {
	lo, hi := min(ends[0], ends[1]), max(ends[0], ends[1])
	if m.Scan != nil {
		a, b := m.Scan.Auto.Ends()
		lo, hi = min(lo, float32(a)), max(hi, float32(b))
	}
	return [2]float32{lo, hi}
}

// encoding finds the line of each channel where it is steepest, which is
// between the limits of a window.
func encoding(encode func(float32) []float32, over [2]float32) []affine {
	const parts = 48
	step := (over[1] - over[0]) / parts
	before := encode(over[0])
	lines := make([]affine, len(before))
	for i := 1; i <= parts; i++ {
		v := over[0] + float32(i)*step
		now := encode(v)
		for ch := range lines {
			slope := (now[ch] - before[ch]) / step
			if slope*slope > lines[ch].slope*lines[ch].slope {
				lines[ch] = affine{slope, now[ch] - slope*v}
			}
		}
		before = now
	}
	return lines
}

// fullRange shows the smallest number of a tensor black, the largest white.
func fullRange(t infer.Tensor) decoder {
	var d decoder
	lo, hi := slices.Min(t.Data), slices.Max(t.Data)
	for i := range d.from {
		d.from[i] = min(i, t.Shape[0]-1)
		d.low[i] = lo
		if hi > lo {
			d.gain[i] = 255 / (hi - lo)
		}
	}
	return d
}

func (d decoder) pixel(dst []uint8, data []float32, at, plane int) {
	for i, ch := range d.from {
		v := (data[ch*plane+at] - d.low[i]) * d.gain[i]
		dst[i] = uint8(min(max(v+0.5, 0), 255))
	}
	dst[3] = 255
}

// InputPicture is the exact tensor that goes into the model, as a picture.
func (c *Controller) InputPicture() *image.RGBA {
	k := c.state.Look
	if c.model == nil || !k.Answered() || len(k.Input.Shape) != 3 {
		return nil
	}
	d := fullRange(k.Input) // of scans, whose numbers have little to do with what is displayed
	if k.Image.Scan == nil {
		d = newDecoder(c.model.Model, k, k.Image.Range)
	}
	h, w := k.Input.Shape[1], k.Input.Shape[2]
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		d.pixel(out.Pix[4*i:], k.Input.Data, i, w*h)
	}
	return out
}
