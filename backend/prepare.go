package backend

import (
	"fmt"
	"math"

	"picasso/backend/picture"
)

// geometry is a resize worked out for one picture: the size it is resized to
// and where the model's window lies on that.
type geometry struct {
	width, height int // after resizing
	left, top     int // of the model's window; negative where bars are added
}

// layout works out the geometry of a picture of w×h for a model of mw×mh.
// Rounding follows torchvision (crop) and Ultralytics (letterbox).
func (r Resize) layout(w, h, mw, mh int) geometry {
	switch r.Mode {
	case Crop:
		g := r.cover(w, h, mw, mh)
		g.left, g.top = center(g.width-mw), center(g.height-mh)
		return g
	case Letterbox:
		f := min(float64(mw)/float64(w), float64(mh)/float64(h))
		g := geometry{width: side(float64(w) * f), height: side(float64(h) * f)}
		g.left = -int(math.RoundToEven(float64(mw-g.width)/2 - 0.1))
		g.top = -int(math.RoundToEven(float64(mh-g.height)/2 - 0.1))
		return g
	}
	return geometry{width: mw, height: mh}
}

// cover is the size before a crop: the shortest side is Edge long, or both
// sides just cover the model's.
func (r Resize) cover(w, h, mw, mh int) geometry {
	if r.Edge == 0 {
		f := max(float64(mw)/float64(w), float64(mh)/float64(h))
		return geometry{width: max(side(float64(w)*f), mw), height: max(side(float64(h)*f), mh)}
	}
	if w <= h {
		return geometry{width: r.Edge, height: clampSide(r.Edge * h / w)}
	}
	return geometry{width: clampSide(r.Edge * w / h), height: r.Edge}
}

// center is half of the surplus, rounded to even as torchvision does.
func center(surplus int) int { return int(math.RoundToEven(float64(surplus) / 2)) }

func side(v float64) int { return clampSide(int(math.RoundToEven(v))) }

// clampSide keeps an extreme strip of a picture from asking for all memory.
func clampSide(n int) int { return min(max(n, 1), 4*maxSide) }

// place maps model pixels to pixels of a picture of w×h.
func (p Preprocess) place(w, h, mw, mh int) Placement {
	g := p.Resize.layout(w, h, mw, mh)
	sx, sy := float64(w)/float64(g.width), float64(h)/float64(g.height)
	return Placement{ScaleX: sx, ScaleY: sy, OffsetX: float64(g.left) * sx, OffsetY: float64(g.top) * sy}
}

// prepare turns a picture into a C×H×W tensor in model units.
func prepare(img *picture.Image, p Preprocess, in InputSpec) (Tensor, error) {
	if img == nil || img.Width < 1 || img.Height < 1 {
		return Tensor{}, fmt.Errorf("there is no picture to prepare")
	}
	if err := p.Check(in.Channels); err != nil {
		return Tensor{}, err
	}
	if in.Channels == 1 {
		img = img.Grey()
	}
	g := p.Resize.layout(img.Width, img.Height, in.Width, in.Height)
	if g.width*g.height > picture.MaxPixels {
		return Tensor{}, fmt.Errorf("%s: resizing %d×%d to %d×%d needs too much memory; choose resize mode \"stretch\"",
			img.Name, img.Width, img.Height, g.width, g.height)
	}
	img = img.Resize(g.width, g.height, p.Resize.Filter, !p.Resize.Sharp)
	img = img.Window(g.left, g.top, in.Width, in.Height, float32(p.Resize.Pad))
	return p.tensor(img, in), nil
}

// tensor splits the pixels into channels and applies scale, mean and std.
func (p Preprocess) tensor(img *picture.Image, in InputSpec) Tensor {
	t := NewTensor(in.Channels, in.Height, in.Width)
	maps := p.channels(in.Channels)
	row := make([]float32, img.Width*img.Channels)
	plane := in.Height * in.Width
	for y := range in.Height {
		img.Row(y, row)
		for c, m := range maps {
			source := min(m.source, img.Channels-1)
			dst := t.Data[c*plane+y*in.Width:][:in.Width]
			for x := range dst {
				dst[x] = m.apply(row[x*img.Channels+source])
			}
		}
	}
	return t
}

// channelMap makes one channel of the tensor from one channel of the picture.
type channelMap struct {
	source         int
	scale, shift   float64
	low, high      float64
	mean, deviance float64
}

func (m channelMap) apply(raw float32) float32 {
	v := min(max(float64(raw)*m.scale+m.shift, m.low), m.high)
	return float32((v - m.mean) / m.deviance)
}

func (p Preprocess) channels(n int) []channelMap {
	maps := make([]channelMap, n)
	for c := range maps {
		m := channelMap{source: c, scale: p.Scale[0], shift: p.Scale[1], low: math.Inf(-1), high: math.Inf(1)}
		if p.Color == BGR {
			m.source = n - 1 - c
		}
		if len(p.Clip) == 2 {
			m.low, m.high = p.Clip[0], p.Clip[1]
		}
		m.mean, m.deviance = pick(p.Mean, c, 0), pick(p.Std, c, 1)
		maps[c] = m
	}
	return maps
}

// pick is the value of channel c in a list that may hold one value for all
// channels or none.
func pick(list []float64, c int, none float64) float64 {
	switch {
	case len(list) == 0:
		return none
	case len(list) == 1:
		return list[0]
	}
	return list[c]
}

// encode maps a raw colour to model units, one value per channel of the model.
func (p Preprocess) encode(raw []float32, channels int) []float32 {
	if len(raw) == 3 && channels == 1 {
		raw = []float32{picture.Luma(raw[0], raw[1], raw[2])}
	}
	out := make([]float32, channels)
	for c, m := range p.channels(channels) {
		if len(raw) > 0 {
			out[c] = m.apply(raw[min(m.source, len(raw)-1)])
		}
	}
	return out
}
