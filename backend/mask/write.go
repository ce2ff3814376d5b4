package mask

import (
	"bytes"
	"fmt"
	"image/png"
	"path/filepath"
	"strings"

	"picasso/backend/files"
	"picasso/backend/npy"
)

// Write writes the regions of a picture, name being that of its file. The ending
// of path says how: .png with the value of each pixel as the index of its colour,
// .npy with it as a number, .json for COCO, .txt for YOLO. The file appears whole
// or not at all.
func (r *Regions) Write(path, name string) error {
	data, err := r.encode(strings.ToLower(filepath.Ext(path)), name)
	if err != nil {
		return err
	}
	return files.Write(path, data, files.Ordinary)
}

func (r *Regions) encode(ending, name string) ([]byte, error) {
	var b bytes.Buffer
	switch ending {
	case ".png":
		err := png.Encode(&b, r.Image())
		return b.Bytes(), err
	case ".npy":
		err := npy.Write(&b, []int{r.Height, r.Width}, r.Values())
		return b.Bytes(), err
	case ".json":
		return r.COCO(name)
	case ".txt":
		return r.YOLO()
	}
	return nil, fmt.Errorf("regions cannot be written as %q; choose a name that ends in .png, .npy, .json (COCO) or .txt (YOLO)", ending)
}
