package cli

import (
	"context"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"picasso/backend"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// subject is one thing to explain: a picture, or an array that goes into the
// model as it is.
type subject struct {
	item
	picture *picture.Image // nil for an array
	tensor  backend.Tensor // what the model gets
	sha256  string
	base    *image.RGBA       // what maps are drawn over
	place   backend.Placement // from the model's input to base
}

// extent is where a map lies on the base picture.
func (s subject) extent(m visualizers.Map) render.Rect {
	return drawing.Place(m, s.place, s.tensor.Shape[2], s.tensor.Shape[1], s.base.Rect.Size())
}

// maxArray bounds an array from outside: four bytes for 2^28 values, and its
// header.
const maxArray = 4<<28 + 4096

// maxFolder bounds the number of pictures taken from one folder.
const maxFolder = 100_000

// inFolder lists the pictures and arrays in a folder by their names, sorted.
func inFolder(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, wrong("%s: the folder cannot be read: %w", folder, err)
	}
	var found []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if e.Type()&fs.ModeType == 0 && (picture.Known(path) || isArray(path)) {
			found = append(found, path)
		}
	}
	if len(found) > maxFolder {
		return nil, wrong("%s: %d pictures in one folder, at most %d are taken", folder, len(found), maxFolder)
	}
	sort.Strings(found)
	return found, nil
}

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
	sum, err := fileSHA256(it.path)
	if err != nil {
		return subject{}, err
	}
	f, err := os.Open(it.path)
	if err != nil {
		return subject{}, err
	}
	defer f.Close()
	a, err := npy.Read(f, maxArray)
	if err != nil {
		return subject{}, err
	}
	t, err := m.Accept(backend.Tensor{Shape: a.Shape, Data: a.Data})
	if err != nil {
		return subject{}, err
	}
	return subject{
		item: it, tensor: t, sha256: sum, base: drawing.Portrait(t),
		place: backend.Placement{ScaleX: 1, ScaleY: 1},
	}, nil
}
