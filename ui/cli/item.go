package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"picasso/backend/picture"
)

// item is one thing to explain: a file, or a slice of a scan. A path that
// tells who a patient is stands nowhere but in array, file and open.
type item struct {
	path  string // of the file, "" where it is withheld
	array string // the file of an array, "" for pictures
	file  string // of the picture, which no output may overwrite
	said  string // what messages call it
	label string // what results call it
	name  string // of the folder its results go to
	slice *slice
	open  func() (*picture.Image, error) // nil for an array
	limit picture.Options                // of memory, for an array
}

// slice is where an item lies among the series named, and in its own: all count
// from 0.
type slice struct {
	series, slice, slices int
	whole                 string   // what messages call the series
	remarks               []string // about the series or the volume as a whole
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

// stem is a file's name without extension.
func stem(path string) string {
	base := filepath.Base(path)
	if s := strings.TrimSuffix(strings.ToLower(base), ".nii.gz"); s != "" && len(s) < len(base) {
		return base[:len(s)]
	}
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// bare is an error about a file without its path, which is said beside it.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
