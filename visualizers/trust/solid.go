package trust

import (
	"math"
	"slices"

	"picasso/backend/preprocess"
	"picasso/visualizers"
)

// Solid are regions of a volume in voxels of the model's input, slice by slice: the
// number of a region in each, counted from 1, and 0 outside of all.
type Solid struct {
	Size   [3]int // slices, rows and columns
	Names  []string
	Voxels []uint8
}

// OnBlock brings regions of a file's volume to the voxels of a block: a voxel of the
// input belongs to the region of the file's voxel at its middle. at gives the number
// of a region at a slice, row and column of the file.
func OnBlock(b preprocess.Block, names []string, at func(slice, row, column int) uint8) *Solid {
	s := &Solid{Size: b.Size(), Names: names}
	s.Voxels = make([]uint8, s.Size[0]*s.Size[1]*s.Size[2])
	for i := range s.Voxels {
		var place [3]int
		inside := true
		for k, n := range [3]int{i / s.Size[2] / s.Size[1], i / s.Size[2] % s.Size[1], i % s.Size[2]} {
			a := b.Axes[k]
			place[a.Of] = int(math.Round(a.Start + a.Step*float64(n)))
			inside = inside && place[a.Of] >= 0 && place[a.Of] < b.Source[a.Of]
		}
		if inside {
			s.Voxels[i] = at(place[0], place[1], place[2])
		}
	}
	return s
}

// Covered says of each voxel whether it lies in any region.
func (s *Solid) Covered() []bool {
	out := make([]bool, len(s.Voxels))
	for i, v := range s.Voxels {
		out[i] = v != 0
	}
	return out
}

// judge compares a map with all regions together and, where there are several, with
// each.
func (s *Solid) judge(m visualizers.Map) (*Region, []LabelledRegion) {
	all := s.one(m, func(v uint8) bool { return v != 0 })
	if len(s.Names) < 2 {
		return &all, nil
	}
	var each []LabelledRegion
	for i, name := range s.Names {
		each = append(each, LabelledRegion{name, s.one(m, func(v uint8) bool { return int(v) == i+1 })})
	}
	return &all, each
}

func (s *Solid) one(m visualizers.Map, in func(uint8) bool) Region {
	inside, count := make([]bool, len(s.Voxels)), 0
	for i, v := range s.Voxels {
		if inside[i] = in(v); inside[i] {
			count++
		}
	}
	if !slices.Contains(inside, true) {
		return untoldRegion(untold("The region lies outside the part of the picture that the model sees."))
	}
	return within(m, inside, count, s.Size, [3]float64{1, 1, 1})
}
