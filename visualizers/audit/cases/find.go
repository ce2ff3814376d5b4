package cases

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/visualizers/audit/store"
)

// Case is a picture, or a series of a scan.
type Case struct {
	store.Item
	// Places are the paths below the folder, with /, by which labels and masks may
	// know the case. They may tell who a patient is, and are kept nowhere.
	Places []string
	Slices int     // 1 of a picture
	Bytes  float64 // of a picture's file, NaN where that is not known
	// Files are those of the case. Like Places, they are kept nowhere.
	Files []string

	open func(ctx context.Context, i int) (*picture.Image, error)
}

// Open gives slice i.
func (c Case) Open(ctx context.Context, i int) (*picture.Image, error) { return c.open(ctx, i) }

// Found are the cases of a folder.
type Found struct {
	Cases []Case // by name
	Notes []string
}

// Find looks for pictures and series in a folder and below. The error is that of the
// folder itself, or ctx's.
func Find(ctx context.Context, folder string) (Found, error) {
	files, err := picture.Find(ctx, folder)
	if err != nil {
		return Found{}, err
	}
	var out Found
	if cut := files.Cut(); cut != "" {
		out.Notes = append(out.Notes, cut)
	}
	if n := len(files.Unread); n > 0 { // which are not named: who knows what their names tell
		out.Notes = append(out.Notes, fmt.Sprintf("%d files or folders cannot be read", n))
	}
	return out, out.sort(ctx, folder, files.Files)
}

// Among is Find for some files below a folder. Others than pictures are left out.
func Among(ctx context.Context, folder string, files []string) (Found, error) {
	var out Found
	return out, out.sort(ctx, folder, files)
}

// sort makes cases of files.
func (out *Found) sort(ctx context.Context, folder string, files []string) error {
	var sliced, plain []string
	for _, path := range files {
		switch {
		case picture.Sliced(path):
			sliced = append(sliced, path)
		case picture.Known(path):
			plain = append(plain, path)
		}
	}
	scans, err := picture.Collect(ctx, sliced, nil)
	if err != nil {
		return err
	}
	for _, s := range scans.Series {
		out.Cases = append(out.Cases, seriesCase(folder, s))
	}
	for _, path := range scans.Others { // they become rows that say why
		out.Cases = append(out.Cases, fileCase(folder, path, true))
	}
	for _, path := range plain {
		out.Cases = append(out.Cases, fileCase(folder, path, picture.NamesPatient(path)))
	}
	slices.SortFunc(out.Cases, func(a, b Case) int { return strings.Compare(a.Name, b.Name) })
	out.Cases = slices.CompactFunc(out.Cases, func(a, b Case) bool { return a.Name == b.Name })
	return nil
}

// below is a path below a folder, with /.
func below(folder, path string) string {
	rel, err := filepath.Rel(folder, path)
	if err != nil {
		rel = filepath.Base(path)
	}
	return filepath.ToSlash(rel)
}

// hashed names what must not be named.
func hashed(kind string, parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return kind + "-" + hex.EncodeToString(h[:10])
}

func fileCase(folder, path string, private bool) Case {
	place := below(folder, path)
	c := Case{Item: store.Item{Name: place}, Places: []string{place}, Slices: 1, Bytes: math.NaN(), Files: []string{path}}
	if private {
		c.Name = hashed("scan", place)
	}
	if info, err := os.Stat(path); err == nil {
		c.Bytes = float64(info.Size())
	}
	c.open = func(ctx context.Context, _ int) (*picture.Image, error) {
		return picture.OpenWith(ctx, path, picture.Options{})
	}
	return c
}

// seriesCase is known by the files of its slices: the first of them, and the folder
// that it lies in.
func seriesCase(folder string, s *picture.Series) Case {
	var parts, files []string
	for i := range s.Len() {
		path, frame := s.Path(i)
		parts = append(parts, fmt.Sprintf("%s#%d", below(folder, path), frame))
		if !slices.Contains(files[max(0, len(files)-1):], path) { // frames of one file follow each other
			files = append(files, path)
		}
	}
	first, _ := s.Path(0)
	c := Case{Slices: s.Len(), Bytes: math.NaN(), Files: files, open: s.SliceContext}
	c.Item = store.Item{Series: true, Name: hashed("series", parts...)}
	c.Places = []string{below(folder, first)}
	if around := filepath.Dir(first); below(folder, around) != "." && s.Len() > 1 {
		c.Places = append(c.Places, below(folder, around))
	}
	return c
}
