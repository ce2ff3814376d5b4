package cli

import (
	"context"
	"fmt"
	"image"
	"io"
	"math"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"slices"

	"picasso/backend"
	"picasso/backend/mask"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/regular"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
	"picasso/ui/cli/volumes"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/sliding"
	"picasso/visualizers/trust"
)

// subject is one thing to explain: a picture, or an array that goes into the
// model as it is.
type subject struct {
	named.Item
	picture *picture.Image // nil for an array
	tensor  infer.Tensor   // what the model gets
	sha256  string
	base    *image.RGBA          // what maps are drawn over
	place   preprocess.Placement // from the model's input to base
	volume  *volumes.Seen        // nil for pictures
	over    *sliding.Over        // the model moved over the volume; nil where it gets one block
}

// scan reports whether the subject is a medical picture.
func (s subject) scan() bool { return s.picture != nil && s.picture.Scan != nil }

// ground is what regions are laid on: the picture, or an array as one.
func (s subject) ground() mask.Picture {
	if s.picture != nil {
		return mask.Of(s.picture)
	}
	size := s.base.Rect.Size()
	return mask.Picture{Height: size.Y, Width: size.X}
}

// giveBack leaves the memory of an ordinary picture and of the model's input to those that
// are read next. Nothing may use either any more.
func (s subject) giveBack() {
	if s.picture != nil && s.picture.Scan == nil && s.volume == nil {
		s.tensor.GiveBack()
		s.picture.GiveBack()
	}
}

// extent is where a map lies on the base picture.
func (s subject) extent(m visualizers.Map) render.Rect {
	return drawing.Place(m, s.place, s.tensor.Shape[2], s.tensor.Shape[1], s.base.Rect.Size())
}

// arrayCopies is how many float32 a value of an array from outside takes: as it was
// read, and as the model and the picture of it see it.
const arrayCopies = 3

// onInput is a map over the model's input.
func (s subject) onInput(m visualizers.Map) visualizers.Map {
	return trust.OnInput(m, s.place, s.base.Rect.Size(), s.tensor.Shape[1], s.tensor.Shape[2])
}

// expand finds the pictures that paths name; what is wrong with them is a usage
// error.
func expand(ctx context.Context, env Env, paths []string, choice *named.Selection) ([]named.Item, error) {
	notes := func(about, text string) {
		if about == "" {
			note(env.Stderr, text)
			return
		}
		fmt.Fprintf(env.Stderr, "picasso: %s: note: %s\n", visible.Text(about), line(text))
	}
	items, err := named.Expand(ctx, notes, paths, choice)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return items, misused(err)
}

// load is read, with what maps are drawn over.
func load(ctx context.Context, m *backend.Model, it named.Item) (subject, error) {
	s, err := read(ctx, m, it)
	switch {
	case err != nil:
		return subject{}, err
	case s.picture != nil:
		s.base = s.picture.RGBA()
	case m.Depth() > 0:
		_, s.base, err = s.volume.At(m.Depth() / 2)
	default:
		s.base = drawing.Portrait(s.tensor)
	}
	return s, err
}

// read reads one picture or array and prepares it for the model.
func read(ctx context.Context, m *backend.Model, it named.Item) (subject, error) {
	if err := ctx.Err(); err != nil {
		return subject{}, err
	}
	if it.Open == nil {
		return loadArray(m, it)
	}
	img, err := it.Open()
	if err != nil {
		return subject{}, err
	}
	if m.Depth() > 0 {
		return readVolume(ctx, m, it, img)
	}
	return prepared(m, it, img)
}

// readEarly is read for a picture that takes no more than so many bytes while it is
// opened; ok is false where it takes more, or something is wrong with it.
func readEarly(ctx context.Context, m *backend.Model, it named.Item, bytes int64) (s subject, ok bool) {
	if it.Early == nil || m.Depth() > 0 || ctx.Err() != nil {
		return subject{}, false
	}
	img, err := it.Early(bytes)
	if err != nil {
		return subject{}, false
	}
	s, err = prepared(m, it, img)
	return s, err == nil
}

// prepared is a picture as the model gets it.
func prepared(m *backend.Model, it named.Item, img *picture.Image) (subject, error) {
	img = m.Oriented(img)
	if err := m.Fit(img.Height, img.Width); err != nil {
		return subject{}, err
	}
	t, err := m.Prepare(img)
	if err != nil {
		return subject{}, err
	}
	return subject{
		Item: it, picture: img, tensor: t, sha256: img.SHA256, place: m.Place(img),
	}, nil
}

// beside are the pictures of a command line, for methods that learn from several.
// They are read once.
type beside struct {
	model *backend.Model
	items []named.Item
	read  []infer.Tensor
	done  bool
}

// inputs are those of at most n pictures, evenly among all. One that cannot be
// read is reported where it is explained.
func (b *beside) inputs(ctx context.Context, n int) ([]infer.Tensor, error) {
	if b.done {
		return b.read[:min(n, len(b.read))], nil
	}
	n = min(n, len(b.items))
	for k := range n {
		s, err := load(ctx, b.model, b.items[k*len(b.items)/n])
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil {
			b.read = append(b.read, s.tensor)
		}
	}
	b.done = true
	return b.read, nil
}

func loadArray(m *backend.Model, it named.Item) (subject, error) {
	sum, err := fileSHA256(it.Array)
	if err != nil {
		return subject{}, err
	}
	a, err := readArray(it.Array, it.Limit)
	if err != nil {
		return subject{}, err
	}
	if m.Depth() == 0 {
		if err := m.Fit(preprocess.PictureSize(a.Shape)); err != nil {
			return subject{}, err
		}
	}
	t, err := m.Accept(infer.Tensor{Shape: a.Shape, Data: a.Data})
	if err != nil {
		return subject{}, err
	}
	s := subject{
		Item: it, tensor: t, sha256: sum,
		place: preprocess.Placement{ScaleX: 1, ScaleY: 1},
	}
	if m.Depth() > 0 {
		s.volume = volumes.OfArray(m, t)
	}
	return s, nil
}

// readArray reads an array that may take as much memory as the options allow.
func readArray(path string, limit picture.Options) (npy.Array, error) {
	f, _, err := regular.Open(path, regular.Unbounded)
	if err != nil {
		return npy.Array{}, err
	}
	defer f.Close()
	shape, err := npy.Shape(f)
	if err != nil {
		return npy.Array{}, err
	}
	bytes := arrayBytes(shape)
	if err := limit.Fits(path, fmt.Sprintf("declares an array of the shape %v", shape), bytes); err != nil {
		return npy.Array{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return npy.Array{}, err
	}
	return npy.Read(f, 2*bytes) // in the file a value takes up to 8 bytes
}

// arrayBytes is what an array takes in memory, at most the largest number.
func arrayBytes(shape []int) int64 {
	bytes := int64(4 * arrayCopies)
	for _, d := range shape {
		if d > 0 && bytes > math.MaxInt64/4/int64(d) {
			return math.MaxInt64 / 4
		}
		bytes *= int64(d)
	}
	return bytes
}

// whole makes one item of each volume where the model takes volumes. Series that were
// named for its channels have to be as many.
func whole(m *backend.Model, items []named.Item, choice *named.Selection) ([]named.Item, error) {
	channels, _, _ := m.Shape()
	switch n := choice.Channels(); {
	case n > 0 && m.Depth() == 0:
		return nil, wrong("--channels is for models of volumes; this one takes pictures")
	case n > 0 && n != channels:
		return nil, wrong("--channels names %d series, but the number of channels that the model takes is %d; name one for each, in the order of the model", n, channels)
	case m.Depth() == 0:
		return items, nil
	}
	return named.Whole(items, channels > 1), nil
}

// readVolume prepares the volume that a picture is a slice of. Where no slice was
// asked for, the one in the middle stands for it.
func readVolume(ctx context.Context, m *backend.Model, it named.Item, img *picture.Image) (subject, error) {
	if before, after := img.Span(); !it.Chosen {
		var err error
		if img, err = img.Neighbour((before+after)/2 - before); err != nil {
			return subject{}, err
		}
	}
	block, err := m.PrepareVolume(ctx, img)
	if err != nil {
		return subject{}, err
	}
	seen := *img
	seen.Notes = slices.Concat(img.Notes, block.Remarks)
	s := subject{Item: it, picture: &seen, tensor: block.Tensor, sha256: img.SHA256, place: m.Place(img), volume: volumes.OfPicture(block, img, it.Chosen)}
	if v := m.Known().Preprocess.Volume; v != nil && v.Block == preprocess.SlideBlock {
		if s.over, err = sliding.New(m, block.Size(), block.Tensor); err != nil {
			return subject{}, err
		}
		seen.Notes = append(seen.Notes, s.over.Remark())
	}
	return s, nil
}

// asked is what the subject is asked of: the model, or the model moved over a volume.
func (s subject) asked(m *backend.Model) visualizers.Subject {
	if s.over != nil {
		return s.over
	}
	return m
}
