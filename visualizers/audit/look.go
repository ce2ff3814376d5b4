package audit

import (
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

// looks are the pictures seen so far by a part of their look: the last one with a
// part, and for each picture the one before it. Tables of a hundred thousand pictures
// would take many times the memory as lists.
type looks struct {
	last   map[uint32]int32
	before [][3]int32
}

func newLooks(pictures int) *looks {
	return &looks{last: make(map[uint32]int32), before: make([][3]int32, pictures)}
}

// add takes in the parts of picture i.
func (l *looks) add(i int, parts []uint32) {
	for k, p := range parts {
		before, ok := l.last[p]
		if !ok {
			before = -1
		}
		l.before[i][k], l.last[p] = before, int32(i)
	}
}

// first is the earliest picture with part k that fits, −1 for none.
func (l *looks) first(k int, part uint32, fits func(i int) bool) int {
	found := -1
	at, ok := l.last[part]
	for ; ok && at >= 0; at = l.before[at][k] {
		if fits(int(at)) {
			found = int(at)
		}
	}
	return found
}

// copies finds groups of pictures that are the same or look so.
func (s Sample) copies() []Copies {
	files, seen := map[string]int{}, newLooks(len(s.Rows))
	members := map[int][]int{}
	var firsts []int
	for i := range s.Rows {
		r := &s.Rows[i]
		if r.Error != "" {
			continue
		}
		if f, same := s.original(i, files, seen); same {
			members[f] = append(members[f], i)
			continue
		}
		firsts = append(firsts, i)
		if r.SHA256 != "" {
			files[r.SHA256] = i
		}
		seen.add(i, r.chunks())
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

// repeats tells which pictures are the same file as an earlier one. They count once:
// what they would say is no evidence of its own.
func repeats(copies []Copies, rows []Row) map[int]int {
	of := map[int]int{}
	for _, c := range copies {
		first := map[string]int{}
		for _, i := range c.Items {
			f, seen := first[rows[i].SHA256]
			switch {
			case rows[i].SHA256 == "":
			case seen:
				of[i] = f
			default:
				first[rows[i].SHA256] = i
			}
		}
	}
	return of
}

// original is the picture that another is a copy of, among those seen before.
func (s Sample) original(i int, files map[string]int, seen *looks) (first int, ok bool) {
	r := &s.Rows[i]
	if f, ok := files[r.SHA256]; ok && r.SHA256 != "" {
		return f, true
	}
	for k, c := range r.chunks() {
		if f := seen.first(k, c, func(f int) bool { return r.looksLike(&s.Rows[f]) }); f >= 0 {
			return f, true
		}
	}
	return 0, false
}

// chunks are three parts of the look, of which two pictures that differ in two bits
// share one, each with its number above. A picture of one grey has none.
func (r *Row) chunks() []uint32 {
	look, err := strconv.ParseUint(r.Look, 16, 64)
	if err != nil || look == 0 {
		return nil
	}
	const third = 1<<21 - 1
	return []uint32{uint32(look & third), 1<<22 | uint32(look>>21&third), 2<<22 | uint32(look>>42)}
}

// looksLike compares looks, and the properties that a copy keeps: simple drawings
// have few looks.
func (r *Row) looksLike(o *Row) bool {
	a, _ := strconv.ParseUint(r.Look, 16, 64)
	b, _ := strconv.ParseUint(o.Look, 16, 64)
	if bits.OnesCount64(a^b) > sameLook || len(r.Properties) != len(o.Properties) {
		return false
	}
	for k, p := range Properties {
		if p.kept && math.Abs(float64(r.Properties[k]-o.Properties[k])) > 0.02 {
			return false
		}
	}
	return true
}

// describe takes in what a picture is like.
func (r *Row) describe(m *picture.Image, bytes float64) {
	r.Width, r.Height, r.Look = m.Width, m.Height, Look(m)
	r.Properties = NumbersOf(Measure(m, bytes)...)
}
