package settings

import (
	"math"
	"slices"

	"picasso/backend/picture/measure"
)

// Marks are what the user put on a series of slices. They are kept by a checksum of
// what the series holds, and nothing in them tells which one that is.
type Marks struct {
	Used   int     `json:"used"` // when they were last changed, in steps: the largest is the newest
	Keys   []Slice `json:"keys,omitempty"`
	Shapes []Shape `json:"shapes,omitempty"`
}

// Slice is a slice of one of the volumes of a series, both from 0.
type Slice struct {
	Volume int `json:"volume,omitempty"`
	Number int `json:"slice"`
}

// Shape is what was measured on a slice.
type Shape struct {
	Slice
	Kind   measure.Kind `json:"kind"`
	Points [][2]float64 `json:"points"` // x and y in pixels of the slice
}

// Bounds of what is remembered about scans.
const (
	mostMarked  = 100  // series
	mostOnScan  = 500  // key slices, and shapes, of one series
	mostMarks   = 4000 // of all series: about a megabyte
	mostVolumes = 1 << 16
)

// SetMarks remembers what was put on the series with this identity; nothing, where
// that is nothing. Of more series than are remembered the oldest goes; of more marks
// than are remembered the last ones are left out.
func (s *Settings) SetMarks(identity string, m Marks) {
	delete(s.Marks, identity)
	if len(m.Keys) == 0 && len(m.Shapes) == 0 {
		return
	}
	if s.Marks == nil {
		s.Marks = map[string]Marks{}
	}
	m.Used = 1
	for _, other := range s.Marks {
		m.Used = max(m.Used, other.Used+1)
	}
	m.Keys, m.Shapes = m.Keys[:min(len(m.Keys), mostOnScan)], m.Shapes[:min(len(m.Shapes), mostOnScan)]
	s.Marks[identity] = m
	s.boundMarks()
}

// boundMarks forgets the oldest marks until few enough are left.
func (s *Settings) boundMarks() {
	for {
		all, oldest := 0, ""
		for id, m := range s.Marks {
			all += len(m.Keys) + len(m.Shapes)
			if oldest == "" || m.Used < s.Marks[oldest].Used {
				oldest = id
			}
		}
		if len(s.Marks) <= mostMarked && all <= mostMarks {
			return
		}
		delete(s.Marks, oldest)
	}
}

// MarksOf are what was put on the series with this identity; what no series can have,
// because the file was changed by others, is left out.
func (s *Settings) MarksOf(identity string) Marks {
	m := s.Marks[identity]
	m.Keys = slices.DeleteFunc(slices.Clone(m.Keys), func(at Slice) bool { return !at.possible() })
	m.Shapes = slices.DeleteFunc(slices.Clone(m.Shapes), func(d Shape) bool {
		return !d.possible() || !slices.Contains(measure.Kinds(), d.Kind) || !(measure.Shape{Kind: d.Kind, Points: d.Points}).Valid() ||
			slices.ContainsFunc(d.Points, func(p [2]float64) bool { return math.Abs(p[0]) > 1e6 || math.Abs(p[1]) > 1e6 })
	})
	m.Keys, m.Shapes = m.Keys[:min(len(m.Keys), mostOnScan)], m.Shapes[:min(len(m.Shapes), mostOnScan)]
	return m
}

// ForgetMarks forgets what was put on all series.
func (s *Settings) ForgetMarks() { s.Marks = nil }

func (at Slice) possible() bool {
	return at.Volume >= 0 && at.Volume < mostVolumes && at.Number >= 0 && at.Number < mostVolumes
}
