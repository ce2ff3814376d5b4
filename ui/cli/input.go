package cli

import (
	"context"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
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
	path    string
	name    string         // of the folder its results go to
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

// expand replaces folders by the pictures and arrays in them, sorted by name.
func expand(paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil || !info.IsDir() {
			out = append(out, p) // a missing file is that image's failure, later
			continue
		}
		found, err := inFolder(p)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, wrong("%s: the folder holds no picture; name one that does", p)
		}
		out = append(out, found...)
	}
	return out, nil
}

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

// names gives every path the folder name of its results: the file's name
// without extension, numbered where two files share it.
func names(paths []string) []string {
	taken := map[string]bool{}
	out := make([]string, len(paths))
	for i, p := range paths {
		stem := strings.TrimSuffix(filepath.Base(p), filepath.Ext(p))
		if stem == "" || stem == "." || stem == ".." {
			stem = "image"
		}
		name := stem
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = stem + "-" + strconv.Itoa(n)
		}
		taken[strings.ToLower(name)] = true
		out[i] = name
	}
	return out
}

// load reads one picture or array and prepares it for the model.
func load(ctx context.Context, m *backend.Model, path string) (subject, error) {
	if err := ctx.Err(); err != nil {
		return subject{}, err
	}
	if isArray(path) {
		return loadArray(m, path)
	}
	img, err := picture.Open(path)
	if err != nil {
		return subject{}, err
	}
	t, err := m.Prepare(img)
	if err != nil {
		return subject{}, fmt.Errorf("%s: %w", path, err)
	}
	return subject{
		path: path, picture: img, tensor: t, sha256: img.SHA256,
		base: img.RGBA(), place: m.Place(img),
	}, nil
}

func loadArray(m *backend.Model, path string) (subject, error) {
	sum, err := fileSHA256(path)
	if err != nil {
		return subject{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return subject{}, err
	}
	defer f.Close()
	a, err := npy.Read(f, maxArray)
	if err != nil {
		return subject{}, fmt.Errorf("%s: %w", path, err)
	}
	t, err := m.Accept(backend.Tensor{Shape: a.Shape, Data: a.Data})
	if err != nil {
		return subject{}, fmt.Errorf("%s: %w", path, err)
	}
	return subject{
		path: path, tensor: t, sha256: sum, base: drawing.Portrait(t),
		place: backend.Placement{ScaleX: 1, ScaleY: 1},
	}, nil
}
