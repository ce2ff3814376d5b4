// Package mask holds regions of pictures: shapes that somebody draws, files that
// somebody made, and the one raster of pixels that both become. It reads PNG, NPY,
// COCO and YOLO, and writes them ([Regions.Write]), and reads segmentations of DICOM
// and volumes of labels.
package mask

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/regular"
)

// Mask is a region in pixels of a picture.
type Mask struct {
	Height, Width int
	Inside        []bool // Height×Width, in row order
}

// Empty reports whether no pixel is inside.
func (k Mask) Empty() bool { return !slices.Contains(k.Inside, true) }

// Check refuses a mask that does not belong to a picture of a size.
func (k Mask) Check(height, width int) error {
	if k.Height != height || k.Width != width || len(k.Inside) != height*width {
		return fmt.Errorf("the region has %d × %d pixels, but the picture has %d × %d; use a mask of the picture's own size", k.Width, k.Height, width, height)
	}
	return nil
}

// Error is a file that is no mask: which, and what is wrong with it.
type Error struct {
	Path  string
	Fault string
	Err   error // of what read it, or nil
}

func (e *Error) Error() string {
	if e.Fault == "" {
		return fmt.Sprintf("%s: the region cannot be read: %v", picture.Said(e.Path), e.Err)
	}
	return picture.Said(e.Path) + ": " + e.Fault
}

// Unwrap gives the reader's own error.
func (e *Error) Unwrap() error { return e.Err }

// maxPixels bounds an array; pictures have their own bound.
const maxPixels = 1 << 28

// File is a file of regions, read but not yet laid on a picture.
type File struct {
	path   string
	raster *Regions   // of a picture or an array
	volume volumeFile // of slices in the patient
	coco   *annotations
	yolo   []yoloObject
}

// maxText bounds files of annotations.
const maxText = 256 << 20

// Open reads regions: an .npy array of rows × columns or a picture such as a PNG,
// whose pixels that are not 0, and not transparent, are inside, those of each value in
// a region of its own; a .json file of
// COCO, or a .txt file of YOLO; a segmentation of DICOM, or a volume of labels such
// as NIfTI, whose slices lie in the patient. A raster without any such pixel is an
// error, as is a photo.
func Open(ctx context.Context, path string) (*File, error) {
	f := &File{path: path}
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json":
		var data []byte
		if data, err = regular.Read(path, maxText); err == nil {
			f.coco, err = readCOCO(data)
		}
	case ".txt":
		var data []byte
		if data, err = regular.Read(path, maxText); err == nil {
			f.yolo, err = readYOLO(data)
		}
	case ".npy":
		f.raster, err = openRaster(path, openArray)
	default:
		if f.volume = openVolume(ctx, path); f.volume == nil {
			f.raster, err = openRaster(path, openPicture)
		}
	}
	var own *Error
	switch {
	case errors.As(err, &own):
		return nil, err
	case err != nil:
		return nil, &Error{Path: path, Err: err}
	}
	return f, nil
}

// Picture is what regions are laid on.
type Picture struct {
	Height, Width int
	Name          string         // of its file, by which COCO tells pictures apart
	Geometry      dicom.Geometry // where it lies in the patient, if it does
}

// Of is a picture as regions are laid on it.
func Of(m *picture.Image) Picture {
	p := Picture{Height: m.Height, Width: m.Width, Name: m.Name}
	if m.Scan != nil {
		p.Geometry = m.Scan.Geometry
	}
	return p
}

// On are the regions on a picture. A raster of another size is refused, and a
// volume of another grid.
func (f *File) On(ctx context.Context, p Picture) (*Regions, error) {
	if err := sized(p.Height, p.Width); err != nil {
		return nil, err
	}
	var r *Regions
	var err error
	switch {
	case f.coco != nil:
		r, err = f.coco.regions(p.Height, p.Width, p.Name)
	case f.volume != nil:
		r, err = f.volume.regions(ctx, p)
	case f.yolo != nil:
		r, err = yoloRegions(f.yolo, p.Height, p.Width)
	default:
		if err := f.raster.All().Check(p.Height, p.Width); err != nil {
			return nil, err
		}
		r = f.raster.Clone()
	}
	if err != nil {
		return nil, &Error{Path: f.path, Err: err}
	}
	if r.All().Empty() {
		return nil, &Error{Path: f.path, Fault: errNowhere.Error(), Err: errNowhere}
	}
	return r, nil
}

// sized refuses pictures that no raster is made for.
func sized(height, width int) error {
	if height <= 0 || width <= 0 || height > maxPixels/width {
		return fmt.Errorf("a picture of %d × %d pixels is too large for regions", width, height)
	}
	return nil
}
