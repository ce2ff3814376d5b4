// Package animation writes pictures that follow each other as a GIF, each with what is
// said of it below: strokes of a brush, or a map while a setting moves.
package animation

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"
	"time"

	"golang.org/x/image/draw"

	"picasso/visualizers/render/plate"
)

// Frame is one picture of a film.
type Frame struct {
	Picture *image.RGBA
	Words   []string      // below it, a line each
	Hold    time.Duration // how long it is seen; 0 is a moment
}

// Bounds of a film.
const (
	MostFrames = 400
	mostSide   = 480 // of a picture, in pixels
	leastWidth = 360 // of a frame, so that words have room
	mostPixels = 200 << 20
)

// moment is how long a frame is seen, and last the last one, before the film begins
// again.
const (
	moment = 400 * time.Millisecond
	last   = 2 * time.Second
)

// margin is the space around words, in pixels.
const margin = 8

// Within is a size in which a picture goes into a film: the same shape, with the longer
// side at most so long that it is not made smaller again.
func Within(width, height int) image.Point {
	scale := min(1, mostSide/float64(max(width, height, 1)))
	return image.Pt(max(int(float64(width)*scale+0.5), 1), max(int(float64(height)*scale+0.5), 1))
}

// Write writes frames as one GIF that begins again at its end. All have the same size,
// the largest that is needed, and one palette of 256 colours, for colours that change
// from frame to frame flicker. notice, "" for none, stands below each. The same frames
// give the same bytes.
func Write(ctx context.Context, w io.Writer, frames []Frame, notice string) error {
	switch {
	case len(frames) == 0:
		return errors.New("there is nothing to show in a film")
	case len(frames) > MostFrames:
		return fmt.Errorf("a film can have %d pictures at most, not %d", MostFrames, len(frames))
	}
	l, err := newLayout(frames, notice)
	if err != nil {
		return err
	}
	if l.width*l.height*len(frames) > mostPixels {
		return errors.New("the film would be too large; make it of fewer pictures")
	}
	pages := make([]*image.RGBA, len(frames))
	for i, f := range frames {
		if err := ctx.Err(); err != nil {
			return err
		}
		if pages[i], err = l.page(f); err != nil {
			return err
		}
	}
	colours := paletteOf(pages)
	film := &gif.GIF{}
	for i, page := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := image.NewPaletted(page.Rect, colours)
		draw.FloydSteinberg.Draw(m, m.Rect, page, image.Point{})
		hold := frames[i].Hold
		switch {
		case hold > 0:
		case i == len(frames)-1:
			hold = last
		default:
			hold = moment
		}
		film.Image, film.Delay = append(film.Image, m), append(film.Delay, int(hold/(10*time.Millisecond)))
	}
	return gif.EncodeAll(w, film)
}

// layout is how frames are laid out.
type layout struct {
	width, height int
	picture       image.Point // the room of the pictures
	letters       plate.Type
	notice        []string
}

func newLayout(frames []Frame, notice string) (layout, error) {
	var l layout
	var err error
	if l.letters, err = plate.NewType(14, false); err != nil {
		return l, err
	}
	for _, f := range frames {
		if f.Picture == nil || f.Picture.Rect.Empty() {
			return l, errors.New("a picture of the film is empty")
		}
		size := Within(f.Picture.Rect.Dx(), f.Picture.Rect.Dy())
		l.picture.X, l.picture.Y = max(l.picture.X, size.X), max(l.picture.Y, size.Y)
	}
	l.width = max(l.picture.X, leastWidth)
	lines := 0
	for _, f := range frames {
		lines = max(lines, len(l.wrapped(f.Words)))
	}
	l.notice = l.wrapped([]string{notice})
	if notice == "" {
		l.notice = nil
	}
	l.height = l.picture.Y + 2*margin + int(float64(lines+len(l.notice))*l.letters.Leading()+0.5)
	return l, nil
}

// wrapped are words in lines of the frame's width.
func (l layout) wrapped(words []string) []string {
	var lines []string
	for _, one := range words {
		lines = append(lines, l.letters.Wrap(one, float64(l.width-2*margin))...)
	}
	return lines
}

// page is one frame.
func (l layout) page(f Frame) (*image.RGBA, error) {
	ink, faint := color.NRGBA{28, 28, 32, 255}, color.NRGBA{96, 96, 104, 255}
	p := plate.Plate{Width: float64(l.width), Height: float64(l.height), Ground: color.NRGBA{255, 255, 255, 255}}
	size := Within(f.Picture.Rect.Dx(), f.Picture.Rect.Dy())
	p.Add(plate.Picture{X: float64((l.width - size.X) / 2), Y: float64((l.picture.Y - size.Y) / 2), W: float64(size.X), H: float64(size.Y), Draw: func(w, h int) *image.RGBA {
		out := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.ApproxBiLinear.Scale(out, out.Rect, f.Picture, f.Picture.Rect, draw.Src, nil)
		return out
	}})
	y := float64(l.picture.Y + margin)
	write := func(lines []string, ink color.NRGBA) {
		for _, line := range lines {
			y += l.letters.Leading()
			p.Add(plate.Text{X: margin, Y: y - 0.35*l.letters.Size, Size: l.letters.Size, Ink: ink, Words: line})
		}
	}
	write(l.wrapped(f.Words), ink)
	y = float64(l.height-margin) - float64(len(l.notice))*l.letters.Leading()
	write(l.notice, faint)
	return p.Image(1)
}
