package picture

import (
	"cmp"
	"math"
	"slices"

	"picasso/backend/picture/dicom"
)

// Volume is slices of a series that belong together in space: one moment, one
// echo, one weighting. They follow each other in the series.
type Volume struct {
	Name  string // "echo 4.6 ms", without patient; "" for the only one
	First int    // slice of the series, counted from 0
	Len   int
	// Distance between the slices in millimetres, the most usual one where it
	// changes; 0 where the files do not tell.
	Distance float64
	Remarks  []string // about gaps, tilt, repeats, in words

	repeats []string // those of the remarks that are about repeats
}

// Volumes are those of the series, one after the other. There is at least one.
func (s *Series) Volumes() []Volume { return s.volumes }

// VolumeOf is the number of the volume that slice i is in, counted from 0.
func (s *Series) VolumeOf(i int) int {
	at, _ := slices.BinarySearchFunc(s.volumes, i, func(v Volume, i int) int { return cmp.Compare(v.First+v.Len-1, i) })
	return min(at, len(s.volumes)-1)
}

// Only is volume v as a series of its own, whose slices count from 0.
func (s *Series) Only(v int) *Series {
	of := s.volumes[v]
	out := &Series{Name: s.Name, Modality: s.Modality, Named: s.Named, Remarks: s.Remarks, slices: s.slices[of.First : of.First+of.Len]}
	if of.Name != "" {
		out.Name = s.Kind() + ", " + of.Name
	}
	out.whole, out.of = s.volumes, s
	out.options = s.options
	out.shift = of.First
	of.First, of.Remarks = 0, slices.Clone(of.repeats)
	of.examine(out.slices, s.depth)
	out.depth, out.volumes = s.depth, []Volume{of}
	s.mu.Lock()
	out.last, out.path, out.limit = s.last, s.path, s.limit
	out.allowed.Store(s.allowed.Load())
	s.mu.Unlock()
	return out
}

// arrange puts volumes one after the other and their slices in order: along
// the normal where all tell a position, else by slice location, else by number.
func (s *Series) arrange() {
	depth := s.depths()
	s.depth = depth
	parts := split(s.slices, depth)
	var done []part
	for _, p := range parts {
		done = append(done, s.unfold(p, depth)...)
	}
	name(done)
	out := make([]slice, 0, len(s.slices))
	for _, p := range done {
		p.sort(depth)
		v := Volume{Name: p.name, First: len(out), Len: len(p.slices), Remarks: slices.Clone(p.remarks), repeats: p.remarks}
		if len(done) == 1 {
			v.Name = ""
		}
		v.examine(p.slices, depth)
		s.volumes = append(s.volumes, v)
		out = append(out, p.slices...)
	}
	s.slices = out
}

// depths chooses what tells the order of slices in space, or nil.
func (s *Series) depths() func(slice) float64 {
	first := s.slices[0].place
	placed, located, numbered := true, true, first.Frames > 1
	for _, x := range s.slices {
		placed = placed && x.place.Geometry.Placed
		located = located && !math.IsNaN(x.place.Location)
		numbered = numbered || x.place.Number != first.Number
	}
	switch {
	case placed:
		return func(x slice) float64 { return x.place.Geometry.Depth() }
	case len(s.slices) == 1:
		return nil
	case located && first.Frames <= 1:
		s.remark("the slices tell no position in the patient; they are ordered by their slice location")
		return func(x slice) float64 { return x.place.Location }
	case !numbered:
		s.remark("nothing tells the order of the slices; they are ordered by the names of their files")
	}
	return nil
}

// part is slices that may be a volume, with what sets them apart.
type part struct {
	slices  []slice
	traits  dicom.Traits
	pieces  []string // of the name
	name    string
	remarks []string
}

// sort orders slices by depth, and those at one place by number.
func (p *part) sort(depth func(slice) float64) {
	slices.SortStableFunc(p.slices, func(a, b slice) int {
		first := 0
		if depth != nil {
			first = cmp.Compare(math.Round(1000*depth(a)), math.Round(1000*depth(b)))
		}
		return cmp.Or(first, byNumber(a, b))
	})
}

func byNumber(a, b slice) int {
	return cmp.Or(cmp.Compare(a.place.Number, b.place.Number), cmp.Compare(a.path, b.path), cmp.Compare(a.place.Frame, b.place.Frame))
}

// value is a trait for comparing.
func value(t dicom.Trait) float64 {
	if !t.Known {
		return math.Inf(-1)
	}
	return math.Round(1000 * t.Number)
}

// split sets slices apart by what always makes volumes, in the order of the
// kinds. What is another in every slice of a stack is no volume's.
func split(all []slice, depth func(slice) float64) []part {
	parts := []part{{slices: all, traits: all[0].place.Traits}}
	for k := dicom.Kind(0); k < dicom.Acquisition; k++ {
		var next []part
		for _, p := range parts {
			apart := p.by(k)
			if len(apart) == len(p.slices) && len(apart) > 2 && stacked(p.slices, depth) {
				apart = []part{p}
			}
			next = append(next, apart...)
		}
		parts = next
	}
	return parts
}

// stacked reports whether every slice has a place of its own.
func stacked(all []slice, depth func(slice) float64) bool {
	if depth == nil {
		return false
	}
	_, most, _ := stacks(all, depth)
	return most == 1
}

// by sets a part's slices apart by one trait.
func (p part) by(k dicom.Kind) []part {
	var parts []part
	index := map[float64]int{}
	for _, s := range p.slices {
		v := value(s.place.Traits[k])
		i, ok := index[v]
		if !ok {
			i = len(parts)
			index[v] = i
			parts = append(parts, part{traits: s.place.Traits, pieces: p.pieces})
		}
		parts[i].slices = append(parts[i].slices, s)
	}
	if len(parts) == 1 {
		return []part{p}
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		if unsorted(k) { // their numbers mean nothing
			return byNumber(slices.MinFunc(a.slices, byNumber), slices.MinFunc(b.slices, byNumber))
		}
		return cmp.Compare(value(a.traits[k]), value(b.traits[k]))
	})
	for i := range parts {
		parts[i].pieces = append(slices.Clone(p.pieces), wording(k, parts[i].traits[k], i))
	}
	return parts
}

// unsorted reports whether a kind's values have no order of their own.
func unsorted(k dicom.Kind) bool {
	return k == dicom.Stack || k == dicom.Kernel || k == dicom.Direction || k == dicom.ImageType
}
