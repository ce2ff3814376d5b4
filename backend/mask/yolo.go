package mask

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// yoloObject is one line of a label file: a class, and a box or the corners of a
// polygon, as shares of the picture's width and height
// (https://docs.ultralytics.com/datasets/segment/).
type yoloObject struct {
	class  int
	values []float64 // x, y, width, height of a box around x, y; or x, y, x, y, …
}

func readYOLO(data []byte) ([]yoloObject, error) {
	var list []yoloObject
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(list) == mostObjects {
			return nil, tooMany()
		}
		o, err := yoloLine(words)
		if err != nil {
			return nil, fmt.Errorf("line %d is none of YOLO: %w", number, err)
		}
		list = append(list, o)
	}
	if len(list) == 0 {
		return nil, errors.New("it holds no objects")
	}
	return list, nil
}

func yoloLine(words []string) (yoloObject, error) {
	var o yoloObject
	var err error
	if o.class, err = strconv.Atoi(words[0]); err != nil || o.class < 0 {
		return o, fmt.Errorf("it begins with %.20q instead of the number of a class", words[0])
	}
	for _, word := range words[1:] {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return o, fmt.Errorf("%.20q is not a number", word)
		}
		o.values = append(o.values, v)
	}
	if n := len(o.values); n != 4 && (n < 6 || n%2 != 0) {
		return o, fmt.Errorf("a class with %d numbers is neither a box (4) nor a polygon (6 or more, two for each corner)", n)
	}
	return o, nil
}

func yoloRegions(list []yoloObject, height, width int) (*Regions, error) {
	r := NewRegions(height, width)
	w, h := float64(width), float64(height)
	for _, o := range list {
		value, err := r.Add(fmt.Sprintf("class %d", o.class))
		if err != nil {
			return nil, err
		}
		if v := o.values; len(v) == 4 {
			err = r.Fill(Rectangle{Point{(v[0] - v[2]/2) * w, (v[1] - v[3]/2) * h}, Point{(v[0] + v[2]/2) * w, (v[1] + v[3]/2) * h}}, value)
		} else {
			var p Polygon
			if p, err = polygon(v, w, h); err == nil {
				err = r.Fill(p, value)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

// YOLO is a label file with the regions as polygons, one line for each part. Holes
// are joined to the outline around them by a cut of no width, since a line has
// one outline. Regions are numbered in their order, for the format has no names.
func (r *Regions) YOLO() ([]byte, error) {
	var b strings.Builder
	for i := range r.Names {
		parts, err := r.parts(uint8(i + 1))
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			fmt.Fprintf(&b, "%d", i)
			for _, p := range part {
				fmt.Fprintf(&b, " %.9g %.9g", p.X/float64(r.Width), p.Y/float64(r.Height))
			}
			b.WriteByte('\n')
		}
	}
	return []byte(b.String()), nil
}
