package mask

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"picasso/backend/coco"
)

// cocoRuns is a mask as lengths of runs, down each column, columns from left to
// right, the first run being outside.
type cocoRuns struct {
	Size   [2]int          `json:"size"` // height, width
	Counts json.RawMessage `json:"counts"`
}

// annotations are objects drawn in pictures.
type annotations coco.File

func readCOCO(data []byte) (*annotations, error) {
	f, err := coco.Read(data)
	if err != nil {
		return nil, err
	}
	if len(f.Annotations) == 0 {
		return nil, errors.New("it holds no annotations of COCO")
	}
	return (*annotations)(f), nil
}

// image is the entry of a picture by the name of its file, or the only one.
func (c *annotations) image(name string) (coco.Image, error) {
	for _, m := range c.Images {
		if base := filepath.Base(strings.ReplaceAll(m.FileName, `\`, "/")); name != "" && base == name {
			return m, nil
		}
	}
	switch len(c.Images) {
	case 0:
		return coco.Image{ID: c.Annotations[0].ImageID}, nil
	case 1:
		return c.Images[0], nil
	}
	return coco.Image{}, fmt.Errorf("it describes %d pictures, none of which has the name of this picture", len(c.Images))
}

// regions are those of a picture, by the name of their category.
func (c *annotations) regions(height, width int, name string) (*Regions, error) {
	m, err := c.image(name)
	if err != nil {
		return nil, err
	}
	if m.Width != 0 && m.Width != width || m.Height != 0 && m.Height != height {
		return nil, otherSize(m.Height, m.Width, height, width)
	}
	names := map[coco.ID]string{}
	for _, k := range c.Categories {
		names[k.ID] = k.Name
	}
	r := NewRegions(height, width)
	drawn := 0
	for _, a := range c.Annotations {
		if a.ImageID != m.ID {
			continue
		}
		if drawn++; drawn > mostObjects {
			return nil, tooMany()
		}
		label := names[a.CategoryID]
		if label == "" {
			label = "category " + string(a.CategoryID)
		}
		value, err := r.Add(label)
		if err == nil {
			err = fillObject(r, a, value)
		}
		if err != nil {
			return nil, fmt.Errorf("annotation %s: %w", a.ID, err)
		}
	}
	return r, nil
}

// mostObjects bounds what is drawn into one picture.
const mostObjects = 4096

func tooMany() error { return fmt.Errorf("it has more than %d objects in one picture", mostObjects) }

func otherSize(height, width, wantHeight, wantWidth int) error {
	return fmt.Errorf("it is about a picture of %d × %d pixels, but this one has %d × %d", width, height, wantWidth, wantHeight)
}

// fillObject draws what is annotated: polygons or runs, or the box where there are
// neither.
func fillObject(r *Regions, a coco.Annotation, value uint8) error {
	kind := bytes.TrimSpace(a.Segmentation)
	switch {
	case len(kind) > 0 && kind[0] == '{':
		return fillRuns(r, kind, value)
	case len(kind) > 2 && kind[0] == '[':
		var lists [][]float64
		if err := json.Unmarshal(kind, &lists); err != nil {
			return fmt.Errorf("its polygons cannot be read: %w", err)
		}
		for _, list := range lists { // apart: parts of an object may overlap
			p, err := polygon(list, 1, 1)
			if err == nil {
				err = r.Fill(p, value)
			}
			if err != nil {
				return err
			}
		}
		return nil
	case len(a.Box) == 4:
		return r.Fill(Rectangle{Point{a.Box[0], a.Box[1]}, Point{a.Box[0] + a.Box[2], a.Box[1] + a.Box[3]}}, value)
	}
	return errors.New("it has neither polygons nor a mask nor a box")
}

// polygon reads x, y, x, y, … in units of sx and sy pixels.
func polygon(list []float64, sx, sy float64) (Polygon, error) {
	if len(list) < 6 || len(list)%2 != 0 {
		return nil, fmt.Errorf("a polygon of %d numbers is not one; three corners or more are needed, with two numbers each", len(list))
	}
	p := make(Polygon, len(list)/2)
	for i := range p {
		p[i] = Point{list[2*i] * sx, list[2*i+1] * sy}
	}
	return p, nil
}

func fillRuns(r *Regions, data []byte, value uint8) error {
	var runs cocoRuns
	if err := json.Unmarshal(data, &runs); err != nil {
		return fmt.Errorf("its runs cannot be read: %w", err)
	}
	if runs.Size != [2]int{r.Height, r.Width} {
		return otherSize(runs.Size[0], runs.Size[1], r.Height, r.Width)
	}
	counts, err := runs.counts()
	if err != nil {
		return err
	}
	at, total, inside := 0, r.Height*r.Width, false
	for _, n := range counts {
		if n < 0 || n > int64(total-at) {
			return errors.New("its runs are longer than the picture")
		}
		for end := at + int(n); at < end; at++ {
			if inside {
				r.Pixels[at%r.Height*r.Width+at/r.Height] = value
			}
		}
		inside = !inside
	}
	if at != total {
		return errors.New("its runs end before the picture")
	}
	return nil
}

// counts are the runs, written as numbers or as text.
func (r *cocoRuns) counts() ([]int64, error) {
	var list []int64
	if err := json.Unmarshal(r.Counts, &list); err == nil {
		return list, nil
	}
	var text string
	if err := json.Unmarshal(r.Counts, &text); err != nil {
		return nil, errors.New("its runs are neither numbers nor text")
	}
	return packedRuns(text)
}

// packedRuns reads runs as the COCO API packs them: five bits a character from
// '0' on, the sixth one saying that more follow; from the third run on,
// differences to the run before the last.
func packedRuns(text string) ([]int64, error) {
	var list []int64
	for p := 0; p < len(text); {
		var v int64
		for shift := 0; ; shift += 5 {
			if p == len(text) || text[p] < '0' || text[p] > '0'+63 || shift > 55 {
				return nil, errors.New("its packed runs are damaged")
			}
			c := int64(text[p] - '0')
			p++
			v |= c & 31 << shift
			if c&32 == 0 {
				if c&16 != 0 {
					v |= -1 << (shift + 5)
				}
				break
			}
		}
		if n := len(list); n > 2 {
			v += list[n-2]
		}
		list = append(list, v)
	}
	return list, nil
}

// COCO is a file with the regions of one picture, as runs.
func (r *Regions) COCO(name string) ([]byte, error) {
	const only coco.ID = "1"
	c := coco.File{Images: []coco.Image{{ID: only, FileName: name, Width: r.Width, Height: r.Height}}, Annotations: []coco.Annotation{}, Categories: []coco.Category{}}
	for i, label := range r.Names {
		value := uint8(i + 1)
		id := coco.ID(strconv.Itoa(i + 1))
		c.Categories = append(c.Categories, coco.Category{ID: id, Name: label})
		b := r.Bounds(value)
		if b.Empty() {
			continue
		}
		runs, err := json.Marshal(struct {
			Size   [2]int  `json:"size"`
			Counts []int64 `json:"counts"`
		}{[2]int{r.Height, r.Width}, r.runs(value)})
		if err != nil {
			return nil, err
		}
		c.Annotations = append(c.Annotations, coco.Annotation{
			ID: id, ImageID: only, CategoryID: id, Segmentation: runs, Area: float64(r.Area(value)),
			Box: []float64{float64(b.Min.X), float64(b.Min.Y), float64(b.Dx()), float64(b.Dy())}, Crowd: 1,
		})
	}
	return json.Marshal(c)
}

// runs are the runs of the region of a value, in the order of COCO.
func (r *Regions) runs(value uint8) []int64 {
	var list []int64
	inside, n := false, int64(0)
	for x := range r.Width {
		for y := range r.Height {
			if (r.Pixels[y*r.Width+x] == value) != inside {
				list = append(list, n)
				inside, n = !inside, 0
			}
			n++
		}
	}
	return append(list, n)
}
