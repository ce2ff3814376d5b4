// Package volumes is what the command line does for models of volumes alone: which
// part of a volume they get, and how a map of three dimensions is looked at slice by
// slice.
package volumes

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/trust"
)

// Part is the part of a volume that a model gets, "" for what its preparation
// says.
type Part struct {
	kind string
	at   []int
}

// Declare adds the flag.
func (b *Part) Declare(fs *flag.FlagSet) {
	fs.Func("block", "for a model of volumes, the `part` of a volume larger than its input: slice (the block around the slice in hand, or the middle), center, whole (all of it, resampled), slide (one block after the other, overlapping by a quarter; the score is the mean), or SLICE,ROW,COLUMN of the file for the middle of the block, counted from 0; default: what the model's preparation says, else slice", b.set)
}

func (b *Part) set(text string) error {
	if slices.Contains(preprocess.Blocks(), text) {
		*b = Part{kind: text}
		return nil
	}
	at := make([]int, 0, 3)
	for _, part := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 {
			return fmt.Errorf("choose %s, or give SLICE,ROW,COLUMN", strings.Join(preprocess.Blocks(), ", "))
		}
		at = append(at, n)
	}
	if len(at) != 3 {
		return errors.New("give SLICE,ROW,COLUMN, such as 40,128,200")
	}
	*b = Part{kind: preprocess.SliceBlock, at: at}
	return nil
}

// ErrPictures refuses the flag for a model of pictures.
var ErrPictures = errors.New("--block is for models of volumes; this one takes pictures")

// Apply makes an open model take the part.
func (b Part) Apply(m *backend.Model) error {
	if b.kind == "" {
		return nil
	}
	if m.Depth() == 0 {
		return ErrPictures
	}
	card := m.Known()
	v := preprocess.Volume{}
	if card.Preprocess.Volume != nil {
		v = *card.Preprocess.Volume
	}
	v.Block, v.At = b.kind, b.at
	card.Preprocess.Volume = &v
	card.Origins["preprocess.volume"] = "the command line (--block), and " + cmp.Or(card.Origins["preprocess.volume"], "nothing else")
	return m.Use(card)
}

// Seen is a volume whose maps are written: what the model gets of it, and its
// slices.
type Seen struct {
	Block  preprocess.Block
	slice  int  // of the source that is in hand
	chosen bool // by the user, to be shown
	// At is a slice as a picture of its own and as it is drawn; the picture is nil for
	// an array.
	At func(slice int) (*picture.Image, *image.RGBA, error)
}

// Regions lays the regions of a file on the volume, and brings them to the model's
// input.
func (s *Seen) Regions(ctx context.Context, f *mask.File) (*trust.Solid, error) {
	solid, err := f.OnVolume(ctx, s.Block.Source[0], s.slice, func(slice int) (mask.Picture, error) {
		img, base, err := s.At(slice)
		if err != nil {
			return mask.Picture{}, err
		}
		if img != nil {
			return mask.Of(img), nil
		}
		size := base.Rect.Size()
		return mask.Picture{Height: size.Y, Width: size.X}, nil
	})
	if err != nil {
		return nil, err
	}
	return trust.OnBlock(s.Block, solid.Names, solid.At), nil
}

// OfArray is the volume of an array that went into a model as it is.
func OfArray(m *backend.Model, t infer.Tensor) *Seen {
	in := m.Known().Input
	portrait := drawing.Portrait(t)
	return &Seen{Block: preprocess.BlockOf(t, in), At: func(slice int) (*picture.Image, *image.RGBA, error) {
		out := image.NewRGBA(image.Rect(0, 0, in.Width, in.Height))
		copy(out.Pix, portrait.Pix[slice*in.Height*portrait.Stride:])
		return nil, out, nil
	}}
}

// OfPicture is the volume that a picture is a slice of; chosen tells that the user
// asked for that slice.
func OfPicture(b preprocess.Block, m *picture.Image, chosen bool) *Seen {
	before, _ := m.Span()
	return &Seen{Block: b, slice: before, chosen: chosen, At: func(slice int) (*picture.Image, *image.RGBA, error) {
		img, err := m.Neighbour(slice - before)
		if err != nil {
			return nil, nil, err
		}
		return img, img.RGBA(), nil
	}}
}

// Show chooses the slice of the source on which a map is shown: the one that was
// asked for, else the one with the largest share of the map. shares are those of all
// slices.
func (s *Seen) Show(m visualizers.Map) (slice int, shares []float64) {
	size := m.Sizes()
	shares = s.Block.Shares(m.Values[:size[0]*size[1]*size[2]], size, 0)
	if s.chosen {
		return s.slice, shares
	}
	return largest(shares), shares
}

// largest is the index of the largest of some shares; where several beside each other
// are as large, as under one box of an occlusion, the one in their middle.
func largest(shares []float64) int {
	best := 0
	for i, v := range shares {
		if v > shares[best] {
			best = i
		}
	}
	end := best
	for end+1 < len(shares) && shares[end+1] >= shares[best]*(1-1e-6) {
		end++
	}
	return (best + end) / 2
}
