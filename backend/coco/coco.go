// Package coco reads and writes what is annotated of pictures in COCO's files of
// objects (https://cocodataset.org/#format-data).
//
// Files are not trusted: whoever reads one bounds its size first.
package coco

import (
	"encoding/json"
	"errors"
	"fmt"
)

// File is what a file says of objects in images.
type File struct {
	Images      []Image      `json:"images"`
	Annotations []Annotation `json:"annotations"`
	Categories  []Category   `json:"categories"`
}

// Image is a picture that is annotated; Width and Height are 0 where the file says
// nothing.
type Image struct {
	ID       ID     `json:"id"`
	FileName string `json:"file_name"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
}

// Category is a kind of object.
type Category struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
}

// Annotation is one object in an image. Segmentation holds polygons or runs as
// they are written, Box left, top, width and height in pixels.
type Annotation struct {
	ID           ID              `json:"id"`
	ImageID      ID              `json:"image_id"`
	CategoryID   ID              `json:"category_id"`
	Segmentation json.RawMessage `json:"segmentation"`
	Area         float64         `json:"area"`
	Box          []float64       `json:"bbox"`
	Crowd        int             `json:"iscrowd"`
}

// ID is a number by which a file tells its entries apart.
type ID = json.Number

// Read reads a file. It refuses one that is JSON of another kind: that has neither
// images nor annotations, or an id twice.
func Read(data []byte) (*File, error) {
	var f File
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("it is no COCO file: %w", err)
	}
	if len(f.Images) == 0 && len(f.Annotations) == 0 {
		return nil, errors.New("it is no COCO file: it has neither images nor annotations")
	}
	return &f, f.check()
}

// check refuses ids that name two things.
func (f *File) check() error {
	images, categories := map[ID]bool{}, map[ID]bool{}
	for _, m := range f.Images {
		if images[m.ID] {
			return fmt.Errorf("two images have the id %s", m.ID)
		}
		images[m.ID] = true
	}
	for _, c := range f.Categories {
		if categories[c.ID] {
			return fmt.Errorf("two categories have the id %s", c.ID)
		}
		categories[c.ID] = true
	}
	return nil
}
