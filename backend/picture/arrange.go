package picture

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// kin is what slices of one series have in common.
type kin struct {
	series        string
	path          string // for files of several frames, which are series of their own
	rows, columns int
	orientation   [6]int // in hundredths
}

func kinOf(s slice) kin {
	k := kin{series: s.place.Series, rows: s.place.Rows, columns: s.place.Columns}
	if k.series == "" || s.place.Frames > 1 {
		k.path = s.path
	}
	if g := s.place.Geometry; g.Placed {
		for i := range 3 {
			k.orientation[i] = int(math.Round(100 * g.Orientation[0][i]))
			k.orientation[3+i] = int(math.Round(100 * g.Orientation[1][i]))
		}
	}
	return k
}

// group makes series of slices: those of one identifier, size and orientation,
// so that localizers do not lie among the slices.
func group(all []slice, o Options) []*Series {
	index := map[kin]int{}
	var series []*Series
	for _, s := range all {
		k := kinOf(s)
		i, ok := index[k]
		if !ok {
			i = len(series)
			index[k] = i
			series = append(series, &Series{Modality: s.place.Modality, options: o})
		}
		series[i].slices = append(series[i].slices, s)
		series[i].Named = series[i].Named || s.named
	}
	slices.SortStableFunc(series, func(a, b *Series) int {
		x, y := a.slices[0], b.slices[0]
		return cmp.Or(cmp.Compare(x.place.Order, y.place.Order), -cmp.Compare(len(a.slices), len(b.slices)), cmp.Compare(x.path, y.path))
	})
	for _, s := range series {
		arrange(s.slices)
		s.Name = nameOf(s)
	}
	return series
}

// arrange sorts slices by position along the normal if all have one, and those
// at the same place by number.
func arrange(all []slice) {
	placed := true
	for _, s := range all {
		placed = placed && s.place.Geometry.Placed
	}
	depth := func(s slice) float64 { // in whole micrometres
		if !placed {
			return 0
		}
		return math.Round(1000 * s.place.Geometry.Depth())
	}
	slices.SortStableFunc(all, func(a, b slice) int {
		return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(a.place.Number, b.place.Number),
			cmp.Compare(a.path, b.path), cmp.Compare(a.place.Frame, b.place.Frame))
	})
}

// Kind is what the series is of, for the user: its modality, else "scan".
func (s *Series) Kind() string {
	if s.Modality == "" || len(s.Modality) > 16 {
		return "scan"
	}
	return s.Modality
}

func nameOf(s *Series) string {
	name := s.Kind()
	if n := len(s.slices); n > 1 {
		return fmt.Sprintf("%s, %d slices", name, n)
	}
	return name + ", 1 slice"
}
