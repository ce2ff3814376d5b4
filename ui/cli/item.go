package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"picasso/backend/picture"
)

// item is one thing to explain: a file, or a slice of a scan. A path that
// tells who the patient is stands in said alone, which goes to nobody but the
// one who named it.
type item struct {
	path  string // of the file, "" where it is withheld
	said  string // what messages call it
	label string // what results call it
	name  string // of the folder its results go to
	slice *slice
	open  func() (*picture.Image, error) // nil for an array
}

// slice is where an item lies among the series named, and in its own: all count
// from 0.
type slice struct{ series, slice, slices int }

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

// openFrame opens one frame of a file, the first where none was asked for.
func openFrame(ctx context.Context, path string, frame *int) (*picture.Image, error) {
	switch {
	case frame == nil:
		return picture.OpenWith(ctx, path, picture.Options{})
	case *frame >= 0:
		return picture.OpenWith(ctx, path, picture.Options{Frame: *frame})
	}
	m, err := picture.OpenWith(ctx, path, picture.Options{}) // to learn how many there are
	if err != nil {
		return nil, err
	}
	n := 1
	if m.Scan != nil {
		n = m.Scan.Frames
	}
	i, ok := place(*frame, n)
	if !ok {
		return nil, fmt.Errorf("has no frame %d; it has %d", *frame, n)
	}
	return picture.OpenWith(ctx, path, picture.Options{Frame: i})
}
