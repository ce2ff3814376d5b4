package digest

import (
	"bytes"
	"context"
	"encoding/base64"
	"html/template"
	"image"
	"image/jpeg"
	"image/png"
	"sync"

	"golang.org/x/image/draw"

	"picasso/backend/picture"
	"picasso/ui/drawing"
	"picasso/visualizers/audit"
	"picasso/visualizers/render"
)

const (
	// thumbSide is the longer side of a thumbnail in pixels.
	thumbSide = 112
	// mostThumbs bounds the pictures of a page, and so its size.
	mostThumbs = 400
)

// gallery makes the thumbnails of a page, as many as it may have.
type gallery struct {
	d    *Digest
	open func(ctx context.Context, i int) (*picture.Image, error)
	left int
	// medical is set once a thumbnail shows a scan.
	medical bool
}

// thumb is a picture of the page.
type thumb struct {
	Source  template.URL // a data URI; "" where the picture cannot be shown
	Caption string
	Detail  string
	Wrong   bool
}

// of are the thumbnails of some items, each with its map.
func (g *gallery) of(ctx context.Context, items []int) []thumb {
	var list []thumb
	for _, i := range items {
		if g.left == 0 || ctx.Err() != nil {
			break
		}
		g.left--
		r := g.d.Sample.Rows[i]
		t := thumb{Caption: r.Path, Detail: g.d.ClassName(r.Predicted) + " " + r.Probability.Short()}
		if c := g.d.Correct(i); c != nil && !*c {
			t.Wrong = true
		}
		if g.open != nil {
			if m, err := g.open(ctx, i); err == nil {
				g.medical = g.medical || m.Scan != nil
				t.Source = jpegURI(Overlaid(Small(m, thumbSide), g.d.Sample.Map(i)))
			}
		}
		list = append(list, t)
	}
	return list
}

// Small is a picture of which the longer side has so many pixels.
func Small(m *picture.Image, side int) *image.RGBA {
	full := m.RGBA()
	w, h := scaled(full.Rect.Dx(), full.Rect.Dy(), side)
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Rect, full, full.Rect, draw.Src, nil)
	return small
}

// Overlaid is a small picture, in grey, below its map of 32×32 cells; as it is where
// there is none.
func Overlaid(small *image.RGBA, cells []float32) *image.RGBA {
	if cells == nil {
		return small
	}
	return render.Overlay(drawing.Grey(small), field(cells), render.Whole(small.Rect.Dx(), small.Rect.Dy()), mapStyle)
}

func scaled(w, h, side int) (int, int) {
	if w >= h {
		return side, max(1, h*side/max(w, 1))
	}
	return max(1, w*side/h), side
}

func field(cells []float32) render.Field {
	return render.Field{Width: audit.Side, Height: audit.Side, Values: cells}
}

// mapStyle is how maps are drawn over pictures, meanStyle alone.
var (
	mapStyle  = render.Style{Opacity: 0.8, Alpha: render.ByMagnitude, Robust: 0.01}
	meanStyle = render.Style{Opacity: 1, Cells: true}
)

// MeanMap is a map of 32×32 cells alone.
func MeanMap(cells []float32) *image.RGBA {
	side := audit.Side * 4
	blank := image.NewRGBA(image.Rect(0, 0, side, side))
	return render.Overlay(blank, field(cells), render.Whole(side, side), meanStyle)
}

// meanMap is a map alone, for the page.
func meanMap(cells []float32) template.URL { return pngURI(MeanMap(cells)) }

func jpegURI(m image.Image) template.URL {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 82}); err != nil {
		return ""
	}
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
}

// pngEncoder keeps what an encoder needs for the next picture: a page of many classes
// would hold as much in garbage as in rows.
var pngEncoder = png.Encoder{BufferPool: &encoderPool{}}

type encoderPool struct{ pool sync.Pool }

func (p *encoderPool) Get() *png.EncoderBuffer {
	b, _ := p.pool.Get().(*png.EncoderBuffer)
	return b
}

func (p *encoderPool) Put(b *png.EncoderBuffer) { p.pool.Put(b) }

func pngURI(m image.Image) template.URL {
	var b bytes.Buffer
	if err := pngEncoder.Encode(&b, m); err != nil {
		return ""
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
}
