package cli

import (
	"context"
	"image"
	"path/filepath"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"strings"

	"picasso/backend"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/regular"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/trust"
)

// subject is one thing to explain: a picture, or an array that goes into the
// model as it is.
type subject struct {
	item
	picture *picture.Image // nil for an array
	tensor  infer.Tensor   // what the model gets
	sha256  string
	base    *image.RGBA          // what maps are drawn over
	place   preprocess.Placement // from the model's input to base
}

// scan reports whether the subject is a medical picture.
func (s subject) scan() bool { return s.picture != nil && s.picture.Scan != nil }

// extent is where a map lies on the base picture.
func (s subject) extent(m visualizers.Map) render.Rect {
	return drawing.Place(m, s.place, s.tensor.Shape[2], s.tensor.Shape[1], s.base.Rect.Size())
}

// onInput is a map over the model's input.
func (s subject) onInput(m visualizers.Map) visualizers.Map {
	return trust.OnInput(m, s.place, s.base.Rect.Size(), s.tensor.Shape[1], s.tensor.Shape[2])
}

// maxArray bounds an array from outside: four bytes for 2^28 values, and its
// header.
const maxArray = 4<<28 + 4096

func isArray(path string) bool { return strings.EqualFold(filepath.Ext(path), ".npy") }

// load reads one picture or array and prepares it for the model.
func load(ctx context.Context, m *backend.Model, it item) (subject, error) {
	if err := ctx.Err(); err != nil {
		return subject{}, err
	}
	if it.open == nil {
		return loadArray(m, it)
	}
	img, err := it.open()
	if err != nil {
		return subject{}, err
	}
	img = m.Oriented(img)
	if err := m.Fit(img.Height, img.Width); err != nil {
		return subject{}, err
	}
	t, err := m.Prepare(img)
	if err != nil {
		return subject{}, err
	}
	return subject{
		item: it, picture: img, tensor: t, sha256: img.SHA256,
		base: img.RGBA(), place: m.Place(img),
	}, nil
}

func loadArray(m *backend.Model, it item) (subject, error) {
	sum, err := fileSHA256(it.array)
	if err != nil {
		return subject{}, err
	}
	f, _, err := regular.Open(it.array, 2*maxArray) // elements may take 8 bytes
	if err != nil {
		return subject{}, err
	}
	defer f.Close()
	a, err := npy.Read(f, maxArray)
	if err != nil {
		return subject{}, err
	}
	if err := m.Fit(preprocess.PictureSize(a.Shape)); err != nil {
		return subject{}, err
	}
	t, err := m.Accept(infer.Tensor{Shape: a.Shape, Data: a.Data})
	if err != nil {
		return subject{}, err
	}
	return subject{
		item: it, tensor: t, sha256: sum, base: drawing.Portrait(t),
		place: preprocess.Placement{ScaleX: 1, ScaleY: 1},
	}, nil
}
