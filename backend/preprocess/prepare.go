package preprocess

import (
	"context"
	"fmt"
	"math"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/picture"
)

// geometry is a resize worked out for one picture: the size it is resized to
// and where the model's window lies on that.
type geometry struct {
	width, height int // after resizing
	left, top     int // of the model's window; negative where bars are added
}

// layout works out the geometry of a picture of w×h for a model of mw×mh.
// Rounding follows torchvision (crop) and Ultralytics (bars).
func (r Resize) layout(w, h, mw, mh int) geometry {
	bw, bh := mw, mh
	if len(r.Size) == 2 {
		bh, bw = r.Size[0], r.Size[1]
	}
	switch r.Mode {
	case Crop:
		g := r.cover(w, h, bw, bh)
		g.left, g.top = r.center(g.width-mw), r.center(g.height-mh)
		return g
	case Letterbox:
		f := min(float64(bw)/float64(w), float64(bh)/float64(h))
		g := geometry{width: side(float64(w) * f), height: side(float64(h) * f)}
		g.left, g.top = r.margin(g.width-mw), r.margin(g.height-mh)
		return g
	}
	return geometry{width: bw, height: bh, left: r.center(bw - mw), top: r.center(bh - mh)}
}

// cover is the size before a crop: the shortest side is Edge long, or both
// sides just cover the box.
func (r Resize) cover(w, h, bw, bh int) geometry {
	if r.Edge == 0 {
		f := max(float64(bw)/float64(w), float64(bh)/float64(h))
		return geometry{width: max(side(float64(w)*f), bw), height: max(side(float64(h)*f), bh)}
	}
	if w <= h {
		return geometry{width: r.Edge, height: clampSide(r.Edge * h / w)}
	}
	return geometry{width: clampSide(r.Edge * w / h), height: r.Edge}
}

// center is half of the surplus.
func (r Resize) center(surplus int) int {
	if r.Floor {
		return int(math.Floor(float64(surplus) / 2))
	}
	return int(math.RoundToEven(float64(surplus) / 2))
}

// margin is the first bar of two, below 0, or half of a surplus that is cut off.
func (r Resize) margin(surplus int) int {
	if surplus > 0 {
		return r.center(surplus)
	}
	return -int(math.RoundToEven(float64(-surplus)/2 - 0.1))
}

func side(v float64) int { return clampSide(int(math.RoundToEven(v))) }

// clampSide keeps an extreme strip of a picture from asking for all memory.
func clampSide(n int) int { return min(max(n, 1), 4*MaxSide) }

// Place maps model pixels to pixels of a picture of w×h.
func (p Preprocess) Place(w, h, mw, mh int) Placement {
	g := p.Resize.layout(w, h, mw, mh)
	sx, sy := float64(w)/float64(g.width), float64(h)/float64(g.height)
	return Placement{ScaleX: sx, ScaleY: sy, OffsetX: float64(g.left) * sx, OffsetY: float64(g.top) * sy}
}

// Prepare turns a picture into a C×H×W tensor in model units; for a model of
// volumes, the volume that it is a slice of: see [PrepareVolume].
func Prepare(img *picture.Image, p Preprocess, in Input) (infer.Tensor, error) {
	if img == nil || img.Width < 1 || img.Height < 1 {
		return infer.Tensor{}, fmt.Errorf("there is no picture to prepare")
	}
	if err := p.Check(in.Channels); err != nil {
		return infer.Tensor{}, err
	}
	if in.Depth > 0 {
		v, err := PrepareVolume(context.Background(), img, p, in, picture.Options{})
		return v.Tensor, err
	}
	img = p.Oriented(img)
	if n := in.Channels; n != 1 && n != 3 && len(p.Channels) == 0 && !volumesOf(img, n) {
		return infer.Tensor{}, NewKeyError("channels", fmt.Sprintf("is missing: the model takes %d channels, pictures have 1 (grey), 3 (colour) or 4 (with alpha); list what each channel gets, [{\"source\": \"grey\"}, …], or give an .npy array of the model's input", n))
	}
	maps := p.channelsOf(img, in.Channels)
	t := infer.LentTensor(in.Channels, in.Height, in.Width)
	var done []origin
	for _, m := range maps {
		if slices.Contains(done, m.at) {
			continue
		}
		done = append(done, m.at)
		from, err := m.at.of(img)
		if err != nil {
			return infer.Tensor{}, err
		}
		fitted, fresh, err := p.fit(from, m.at, maps, in)
		if err != nil {
			return infer.Tensor{}, err
		}
		assemble(t, fitted, m.at, maps)
		if fresh {
			fitted.GiveBack()
		}
	}
	return t, nil
}

// fit brings one picture to the model's size and measures it for the maps of its
// channels. fresh tells that it is a picture of its own.
func (p Preprocess) fit(img *picture.Image, at origin, maps []channelMap, in Input) (fitted *picture.Image, fresh bool, err error) {
	if slices.ContainsFunc(maps, func(m channelMap) bool { return m.source == alpha }) {
		img = img.WithAlpha()
	}
	measure(maps, at, img)
	if img.NonFinite() > 0 { // one would make the whole answer one
		img = img.Filled(p.fill(img))
	}
	if onlyGrey(maps) {
		img = img.Grey()
	}
	g := p.Resize.layout(img.Width, img.Height, in.Width, in.Height)
	if g.width*g.height > picture.MaxPixels {
		return nil, false, fmt.Errorf("%s: resizing %d×%d to %d×%d needs too much memory; choose resize mode \"stretch\"",
			img.Name, img.Width, img.Height, g.width, g.height)
	}
	fitted = img.ResizeWindow(g.width, g.height, p.Resize.Filter, !p.Resize.Sharp, g.left, g.top, in.Width, in.Height, p.Resize.bars(img.Channels)...)
	return fitted, fitted != img, nil
}

// fill is the raw value that stands for what is no number.
func (p Preprocess) fill(img *picture.Image) float32 {
	if p.Fill != nil {
		return float32(*p.Fill)
	}
	return img.Least()
}

// bars are the raw values around a picture that does not fill the model's
// window.
func (r Resize) bars(channels int) []float32 {
	bars := make([]float32, channels)
	for c := range bars {
		bars[c] = opaque
		if c < 3 {
			bars[c] = float32(pick(r.Pad, c, 0))
		}
	}
	if channels == 1 && len(r.Pad) == 3 {
		bars[0] = picture.Luma(float32(r.Pad[0]), float32(r.Pad[1]), float32(r.Pad[2]))
	}
	return bars
}

// assemble makes the channels of the tensor that come from one picture.
func assemble(t infer.Tensor, img *picture.Image, at origin, maps []channelMap) {
	plane := img.Height * img.Width
	var rest []int // channels that are made row by row
	for c, m := range maps {
		if m.at != at {
			continue
		}
		if first, ok := m.source.within(img.Channels); ok && img.Bytes() != nil {
			m.spread(t.Data[c*plane:(c+1)*plane], img.Bytes()[first:], img.Channels)
		} else {
			rest = append(rest, c)
		}
	}
	if len(rest) == 0 {
		return
	}
	row := make([]float32, img.Width*img.Channels)
	for y := range img.Height {
		img.Row(y, row)
		for _, c := range rest {
			dst := t.Data[c*plane+y*img.Width:][:img.Width]
			maps[c].source.read(dst, row, img.Channels)
			maps[c].apply(dst)
		}
	}
}

// encode maps a raw colour to model units, one value per channel of the model.
// The first value counts as grey where there are less than three. Colours are
// opaque, and the same on all slices.
func encode(maps []channelMap, raw []float32) []float32 {
	out := make([]float32, len(maps))
	switch {
	case len(raw) == 0:
		return out
	case len(raw) < 3:
		raw = raw[:1]
	default:
		raw = raw[:3]
	}
	for c, m := range maps {
		m.source.read(out[c:c+1], raw, len(raw))
		m.apply(out[c : c+1])
	}
	return out
}

// Encoder maps raw colours (red, green, blue or grey, in the picture's units)
// to the tensor's value per channel of the model. The values of img decide
// where preparation is by percentile or depth; a nil picture has none.
func (p Preprocess) Encoder(img *picture.Image, in Input) func(raw []float32) []float32 {
	maps := p.channelsOf(img, in.Channels)
	if img != nil {
		measureAll(maps, img)
	}
	return func(raw []float32) []float32 { return encode(maps, raw) }
}
