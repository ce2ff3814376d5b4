package report

import (
	"fmt"
	"image"

	"picasso/backend/mask"
)

// Region is a region that somebody drew on the picture, or that a file has on it, in
// the picture's pixels.
type Region struct {
	Name   string `json:"name"`
	Pixels int    `json:"pixels"`
	Share  Number `json:"share"` // of the picture, 0…1
	Box    [4]int `json:"box"`   // around it: rows from y0 up to but not including y1, columns likewise, as y0, x0, y1, x1
}

// Regions describes those of a picture that have a pixel; nil stands for none.
func Regions(r *mask.Regions) []Region {
	if r == nil {
		return nil
	}
	pixels, bounds := make([]int, len(r.Names)+1), make([]image.Rectangle, len(r.Names)+1)
	for i, v := range r.Pixels {
		if v == 0 || int(v) > len(r.Names) {
			continue
		}
		x, y := i%r.Width, i/r.Width
		pixels[v]++
		if b := &bounds[v]; b.Empty() {
			*b = image.Rect(x, y, x+1, y+1)
		} else {
			b.Min.X, b.Max.X, b.Max.Y = min(b.Min.X, x), max(b.Max.X, x+1), y+1
		}
	}
	var list []Region
	for i, name := range r.Names {
		if n, b := pixels[i+1], bounds[i+1]; n > 0 {
			list = append(list, Region{name, n, Number(float64(n) / float64(len(r.Pixels))), [4]int{b.Min.Y, b.Min.X, b.Max.Y, b.Max.X}})
		}
	}
	return list
}

// Words describes the region in a line.
func (r Region) Words() string {
	return fmt.Sprintf("%s: %d pixels, %.1f %% of the picture, rows %d to %d, columns %d to %d",
		r.Name, r.Pixels, 100*float64(r.Share), r.Box[0]+1, r.Box[2], r.Box[1]+1, r.Box[3])
}
