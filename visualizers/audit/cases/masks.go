package cases

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"picasso/backend/mask"
	"picasso/backend/picture"
)

// Masks are files that tell where the object is in a picture, in every form that
// package mask reads.
type Masks struct{ files map[string]string } // by path below the folder, without extension

// FindMasks looks for masks in a folder and below.
func FindMasks(ctx context.Context, folder string) (*Masks, error) {
	found, err := picture.Find(ctx, folder)
	if err != nil {
		return nil, err
	}
	m := &Masks{map[string]string{}}
	for _, path := range found.Files {
		key := bare(below(folder, path))
		if other, twice := m.files[key]; twice {
			return nil, fmt.Errorf("%s and %s are masks of the same picture", filepath.Base(picture.Said(other)), filepath.Base(picture.Said(path)))
		}
		m.files[key] = path
	}
	return m, nil
}

// bare is a path without its extension.
func bare(path string) string { return strings.TrimSuffix(path, filepath.Ext(path)) }

// Len is the number of masks.
func (m *Masks) Len() int { return len(m.files) }

// On is the mask of a case's picture, whose file has the path of the picture but for
// the extension; nil where there is none, and for series.
func (m *Masks) On(ctx context.Context, c Case, img *picture.Image) (*mask.Mask, error) {
	if m == nil || c.Series {
		return nil, nil
	}
	path, ok := m.files[bare(c.Places[0])]
	if !ok {
		return nil, nil
	}
	file, err := mask.Open(ctx, path)
	if err != nil {
		return nil, unusable(err)
	}
	regions, err := file.On(ctx, mask.Of(img))
	if err != nil {
		return nil, unusable(err)
	}
	all := regions.All()
	return &all, nil
}

// unusable is what is wrong with a mask, without its path.
func unusable(err error) error {
	if e, ok := err.(*mask.Error); ok {
		return fmt.Errorf("its mask cannot be used: %s", e.Fault)
	}
	return fmt.Errorf("its mask cannot be used: %w", err)
}
