package cases

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"picasso/backend/picture"
)

// Masks are pictures that tell where the object is: pixels above 0.
type Masks struct{ files map[string]string } // by path below the folder, without extension

// FindMasks looks for masks in a folder and below.
func FindMasks(ctx context.Context, folder string) (*Masks, error) {
	found, err := picture.Find(ctx, folder)
	if err != nil {
		return nil, err
	}
	m := &Masks{map[string]string{}}
	for _, path := range found.Files {
		if !picture.Known(path) || picture.Sliced(path) {
			continue
		}
		key := bare(below(folder, path))
		if other, twice := m.files[key]; twice {
			return nil, fmt.Errorf("%s and %s are masks of the same picture", filepath.Base(other), filepath.Base(path))
		}
		m.files[key] = path
	}
	return m, nil
}

// bare is a path without its extension.
func bare(path string) string { return strings.TrimSuffix(path, filepath.Ext(path)) }

// Len is the number of masks.
func (m *Masks) Len() int { return len(m.files) }

// Of is the mask of a picture, which has its path but for the extension; nil where
// there is none.
func (m *Masks) Of(ctx context.Context, c Case) (*picture.Image, error) {
	if m == nil || c.Series {
		return nil, nil
	}
	path, ok := m.files[bare(c.Places[0])]
	if !ok {
		return nil, nil
	}
	mask, err := picture.OpenWith(ctx, path, picture.Options{})
	if err != nil {
		return nil, fmt.Errorf("its mask cannot be read: %w", err)
	}
	return mask, nil
}
