package covering

import (
	"image"
	"image/color"

	"picasso/backend/infer"
	"picasso/ui/control"
)

// Sides in pixels: of what is laid over the picture, which the screen enlarges, and
// of the small pictures of states.
const (
	layerSide = 1024
	smallSide = 80
)

// layerSize is the size of the layer of a picture.
func layerSize(k *control.Look) image.Point { return within(k.Image.Width, k.Image.Height, layerSide) }

// within is a size with the longer side at most so long.
func within(width, height, most int) image.Point {
	scale := min(1, float64(most)/float64(max(width, height, 1)))
	return image.Pt(max(int(float64(width)*scale), 1), max(int(float64(height)*scale), 1))
}

// seesAll reports whether the model sees all of the picture.
func seesAll(k *control.Look) bool {
	l := latticeOf(k)
	inside := func(x, y int) bool {
		_, across := l.column(float64(x) + 0.5)
		_, down := l.row(float64(y) + 0.5)
		return across && down
	}
	return inside(0, 0) && inside(k.Image.Width-1, k.Image.Height-1)
}

// sampled is the mask at the centres of the pixels of another size.
func (m *mask) sampled(size image.Point) []uint8 {
	out := make([]uint8, size.X*size.Y)
	for y := range size.Y {
		row := m.share[(2*y+1)*m.height/(2*size.Y)*m.width:]
		for x := range size.X {
			out[y*size.X+x] = row[(2*x+1)*m.width/(2*size.X)]
		}
	}
	return out
}

// colours are those of a covered picture where it is covered.
type colours struct {
	*job
	pixels []color.RGBA // rows × columns of the model; without alpha where nothing is covered
}

func newColours(j *job, input infer.Tensor) colours {
	c := colours{j, make([]color.RGBA, len(j.hand.Weights))}
	channels := len(input.Data) / len(c.pixels)
	raw, dst := make([]float32, channels), make([]uint8, 4)
	for i, w := range j.hand.Weights {
		if w == 0 {
			continue
		}
		for ch := range raw {
			raw[ch] = input.Data[ch*len(c.pixels)+i]
		}
		j.paint(dst, raw)
		c.pixels[i] = color.RGBA{dst[0], dst[1], dst[2], 255}
	}
	return c
}

// hatch marks what is covered where the model does not see it.
var hatch = color.RGBA{90, 90, 90, 90}

// covered reports whether a pixel counts as covered where only yes and no can be shown.
func covered(share uint8) bool { return share > 127 }

// layer is what is covered, to be laid over the picture.
func (c colours) layer(unseen []uint8) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: layerSize(c.look)})
	c.onto(out, func(x, y int) (color.RGBA, bool) {
		on := unseen != nil && covered(unseen[y*out.Rect.Dx()+x]) && (x+y)%8 < 3
		return hatch, on
	})
	return out
}

// small is the covered picture, small.
func (c colours) small() *image.RGBA {
	from := c.look.Small.Open()
	if from == nil {
		return nil
	}
	out := image.NewRGBA(image.Rectangle{Max: within(from.Rect.Dx(), from.Rect.Dy(), smallSide)})
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, from.RGBAAt(x*from.Rect.Dx()/out.Rect.Dx(), y*from.Rect.Dy()/out.Rect.Dy()))
		}
	}
	c.onto(out, nothing)
	return out
}

// nothing is drawn.
func nothing(int, int) (color.RGBA, bool) { return color.RGBA{}, false }

// onto draws what is covered over a picture of any size, and what beside says where
// the model sees nothing.
func (c colours) onto(out *image.RGBA, beside func(x, y int) (color.RGBA, bool)) {
	size, l := out.Rect.Size(), latticeOf(c.look)
	across := make([]int, size.X) // −1 outside of the model's input
	for x := range across {
		offset, inside := l.column((float64(x) + 0.5) * float64(c.look.Image.Width) / float64(size.X))
		if across[x] = offset; !inside {
			across[x] = -1
		}
	}
	put := func(dst []uint8, v color.RGBA) { dst[0], dst[1], dst[2], dst[3] = v.R, v.G, v.B, v.A }
	for y := range size.Y {
		row, inside := l.row((float64(y) + 0.5) * float64(c.look.Image.Height) / float64(size.Y))
		line := out.Pix[y*out.Stride : (y+1)*out.Stride]
		for x, column := range across {
			if !inside || column < 0 {
				if colour, on := beside(x, y); on {
					put(line[4*x:4*x+4:4*x+4], colour)
				}
			} else if colour := c.pixels[row+column]; colour.A != 0 {
				put(line[4*x:4*x+4:4*x+4], colour)
			}
		}
	}
}
