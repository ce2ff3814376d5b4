package mask

import (
	"cmp"
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"

	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/regular"
)

// mostValues is the number of different values up to which a picture is one that
// somebody marked regions in.
const mostValues = 64

// label is what pixels of a raster have in common: red, green and blue, or one value
// three times.
type label [3]float32

// raster is regions in the making.
type raster struct {
	*Regions
	values map[label]uint8 // of pixels, in the order of appearance
	many   bool            // too many labels for regions
}

func newRaster(height, width int) *raster {
	return &raster{Regions: NewRegions(height, width), values: map[label]uint8{}}
}

// set gives a pixel its label; 0 is none.
func (m *raster) set(i int, l label) {
	if l == (label{}) || m.many {
		return
	}
	v, known := m.values[l]
	if !known {
		if m.many = len(m.values) == mostValues; m.many {
			return
		}
		v = uint8(len(m.values) + 1)
		m.values[l] = v
	}
	m.Pixels[i] = v
}

// sort puts the regions in the order of their labels' numbers, and names them.
func (m *raster) sort() {
	list := slices.Collect(maps.Keys(m.values))
	slices.SortFunc(list, func(a, b label) int {
		return cmp.Or(cmp.Compare(a.number(), b.number()), slices.Compare(a[:], b[:]))
	})
	var to [MostRegions + 1]uint8
	for i, l := range list {
		to[m.values[l]] = uint8(i + 1)
		m.Names = append(m.Names, l.name())
	}
	if len(list) == 1 {
		m.Names[0] = "region"
	}
	for i, v := range m.Pixels {
		m.Pixels[i] = to[v]
	}
}

// openRaster reads a mask, and refuses what is none.
func openRaster(path string, read func(string) (*raster, error)) (*Regions, error) {
	m, err := read(path)
	switch {
	case err != nil:
		return nil, err
	case m.many:
		return nil, &Error{Path: path, Fault: "this is a picture and no mask, for its pixels have many different values; save the mask as PNG with 0 outside the regions and one value inside each"}
	case len(m.values) == 0:
		return nil, &Error{Path: path, Fault: "the region is empty: all pixels are 0"}
	}
	m.sort()
	return m.Regions, nil
}

// number is what a label counts as: its value, or the index of its colour among
// those of label images; -1 for another colour.
func (l label) number() int {
	if l[0] == l[1] && l[1] == l[2] {
		return int(l[0])
	}
	for i, c := range palette() {
		if own, ok := c.(color.RGBA); ok && l == (label{float32(own.R), float32(own.G), float32(own.B)}) {
			return i
		}
	}
	return -1
}

func (l label) name() string {
	switch n := l.number(); {
	case l[0] == l[1] && l[1] == l[2]:
		return fmt.Sprintf("label %g", l[0])
	case n >= 0:
		return fmt.Sprintf("label %d", n)
	}
	return fmt.Sprintf("colour #%02x%02x%02x", uint8(l[0]), uint8(l[1]), uint8(l[2]))
}

func openPicture(path string) (*raster, error) {
	m, err := picture.Open(path)
	if err != nil {
		return nil, err
	}
	m = m.WithAlpha()
	k := newRaster(m.Height, m.Width)
	for i := range k.Pixels {
		x, y := i%m.Width, i/m.Width
		if m.Channels == 4 && m.At(x, y, 3) == 0 {
			continue
		}
		var l label
		for c := range l {
			l[c] = m.At(x, y, min(c, m.Channels-1))
		}
		k.set(i, l)
	}
	return k, nil
}

// openArray takes any number of values: where they are many, or shares, there is one
// region of all that is not 0.
func openArray(path string) (*raster, error) {
	f, _, err := regular.Open(path, 8*maxPixels)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := npy.Read(f, 4*maxPixels)
	if err != nil {
		return nil, err
	}
	for len(a.Shape) > 2 && a.Shape[0] == 1 {
		a.Shape = a.Shape[1:]
	}
	if len(a.Shape) != 2 {
		return nil, fmt.Errorf("it has the shape %v, but a region has rows and columns", a.Shape)
	}
	k := newRaster(a.Shape[0], a.Shape[1])
	several := labelled(a.Data)
	for i, v := range a.Data {
		switch {
		case v == 0 || v != v:
		case several:
			k.set(i, label{v, v, v})
		default:
			k.set(i, label{1, 1, 1})
		}
	}
	return k, nil
}

// labelled reports whether values are labels: few whole numbers.
func labelled(values []float32) bool {
	found := map[float32]bool{}
	for _, v := range values {
		if v == 0 || v != v {
			continue
		}
		if found[v] = true; len(found) > mostValues || float64(v) != math.Trunc(float64(v)) {
			return false
		}
	}
	return true
}
