package named

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"picasso/backend/picture"
)

// Item is one picture: a file, or a slice of a scan. A path that tells who a
// patient is stands nowhere but in Array, File and Open.
type Item struct {
	Path  string // of the file, "" where it is withheld
	Array string // the file of an array, "" for pictures
	File  string // of the picture, which no output may overwrite
	Said  string // what messages call it
	Label string // what results call it
	Name  string // of the folder its results go to
	Slice *Slice // nil for what is no slice of a scan
	// Chosen tells that this frame was asked for, not just taken as the first.
	Chosen bool
	Open   func() (*picture.Image, error) // nil for an array
	// Early is Open where that takes no more than so many bytes, else an error; nil where
	// it is not known what will be read.
	Early func(bytes int64) (*picture.Image, error)
	Limit picture.Options // of memory, for an array
}

// Slice is where an item lies among the series named, and in its own: all count
// from 0.
type Slice struct {
	Series, Slice, Slices int
	Volume                int      // of the series that the slice is in
	Whole                 string   // what messages call the series
	Remarks               []string // about the series or the volume as a whole
}

// names gives out folder names for results, each once.
type names map[string]bool

// take is the wanted name, numbered where another has it.
func (n names) take(want string) string {
	if want == "" || want == "." || want == ".." {
		want = "image"
	}
	name := want
	for i := 2; n[strings.ToLower(name)]; i++ {
		name = want + "-" + strconv.Itoa(i)
	}
	n[strings.ToLower(name)] = true
	return name
}

// Bare is an error about a file without its path, which is said beside it.
func Bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// IsArray reports whether a path names an array rather than a picture.
func IsArray(path string) bool { return strings.EqualFold(filepath.Ext(path), ".npy") }
