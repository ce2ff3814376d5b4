package audit

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"picasso/backend/picture"
)

// Look is a hash of what a picture looks like, 64 bits in hexadecimal: whether each
// of 8×8 places is darker than the place to its right (dHash, Krawetz 2013). Copies
// of a picture at another size or quality differ in a few bits.
func Look(m *picture.Image) string {
	const rows, columns = 8, 9
	light, _ := shown(m.Resize(columns, rows, picture.Bilinear, true))
	var hash uint64
	for i := range rows * (columns - 1) {
		at := i/(columns-1)*columns + i%(columns-1)
		hash <<= 1
		if light[at] < light[at+1] {
			hash |= 1
		}
	}
	return fmt.Sprintf("%016x", hash)
}

// sameLook is the number of bits up to which pictures count as copies.
const sameLook = 2

// Copies are pictures that are the same, or look the same.
type Copies struct {
	Items []int // in order
	Exact bool  // the same file
}

// copies finds groups of pictures that are the same or look so. Pictures of one
// grey, which have no look, are compared by their files alone.
func (s Sample) copies() []Copies {
	group := make([]int, len(s.Rows)) // the first picture that each is a copy of
	look := make([]uint64, len(s.Rows))
	var firsts []int
	members := map[int][]int{}
	for i, r := range s.Rows {
		group[i] = -1
		if r.Error != "" {
			continue
		}
		look[i], _ = strconv.ParseUint(r.Look, 16, 64)
		for _, f := range firsts {
			same := r.SHA256 != "" && r.SHA256 == s.Rows[f].SHA256
			alike := look[i] != 0 && look[f] != 0 && bits.OnesCount64(look[i]^look[f]) <= sameLook
			if same || alike {
				group[i] = f
				break
			}
		}
		if group[i] < 0 {
			firsts = append(firsts, i)
			continue
		}
		members[group[i]] = append(members[group[i]], i)
	}
	var list []Copies
	for _, f := range firsts {
		if len(members[f]) == 0 {
			continue
		}
		c := Copies{Items: append([]int{f}, members[f]...), Exact: true}
		for _, i := range members[f] {
			c.Exact = c.Exact && s.Rows[i].SHA256 != "" && s.Rows[i].SHA256 == s.Rows[f].SHA256
		}
		list = append(list, c)
	}
	return list
}

// describe takes in what a picture is like.
func (r *Row) describe(m *picture.Image, bytes float64) {
	r.Width, r.Height, r.Look = m.Width, m.Height, Look(m)
	for _, v := range Measure(m, bytes) {
		r.Properties = append(r.Properties, Number(v))
	}
}

// inside takes in how much of the cells lies in a mask, a picture of the same shape
// whose pixels above 0 are the object.
func (r *Row) inside(cells []float32, mask, of *picture.Image) error {
	r.RegionMass, r.RegionLift = Number(math.NaN()), Number(math.NaN())
	if mask == nil {
		return nil
	}
	if math.Abs(float64(mask.Width)*float64(of.Height)/(float64(mask.Height)*float64(of.Width))-1) > 0.02 {
		return fmt.Errorf("its mask has %d×%d pixels, which is another shape than %d×%d", mask.Width, mask.Height, of.Width, of.Height)
	}
	share, area := 0.0, 0.0
	total := 0.0
	for i, covered := range coverage(mask) {
		area += covered / (Side * Side)
		if cells != nil {
			share += covered * float64(cells[i])
			total += float64(cells[i])
		}
	}
	switch {
	case area == 0:
		return errors.New("its mask is empty")
	case total > 0:
		r.RegionMass, r.RegionLift = Number(share/total), Number(share/total/area)
	}
	return nil
}

// coverage is how much of each of Side×Side cells a mask covers, 0…1.
func coverage(mask *picture.Image) []float64 {
	img := mask.RGBA()
	hits, of := make([]float64, Side*Side), make([]float64, Side*Side)
	for y := range mask.Height {
		for x := range mask.Width {
			at := y*Side/mask.Height*Side + x*Side/mask.Width
			of[at]++
			if p := img.Pix[4*(y*mask.Width+x):]; p[0] > 0 || p[1] > 0 || p[2] > 0 {
				hits[at]++
			}
		}
	}
	for i := range hits {
		if of[i] > 0 {
			hits[i] /= of[i]
			continue
		}
		// A mask with fewer pixels than cells: the pixel that the cell lies in.
		y, x := i/Side*mask.Height/Side, i%Side*mask.Width/Side
		if p := img.Pix[4*(y*mask.Width+x):]; p[0] > 0 || p[1] > 0 || p[2] > 0 {
			hits[i] = 1
		}
	}
	return hits
}
