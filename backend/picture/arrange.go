package picture

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture/dicom"
)

// kin is what slices of one series have in common.
type kin struct {
	series        string
	path          string // for files of several frames, which are series of their own
	rows, columns int
	orientation   [6]int // in hundredths
}

// scale is the size of pixels in whole micrometres; series of several are split.
type scale [2]int

func kinOf(s slice) kin {
	k := kin{series: s.place.Series, rows: s.place.Rows, columns: s.place.Columns}
	if k.series == "" || s.place.Frames > 1 && !s.place.Mosaic {
		k.path = s.path
	}
	g := s.place.Geometry
	if g.Orientation != ([2][3]float64{}) {
		for i := range 3 {
			k.orientation[i] = int(math.Round(100 * g.Orientation[0][i]))
			k.orientation[3+i] = int(math.Round(100 * g.Orientation[1][i]))
		}
	}
	return k
}

func scaleOf(g dicom.Geometry) scale {
	return scale{int(math.Round(1000 * g.Spacing[0])), int(math.Round(1000 * g.Spacing[1]))}
}

// group makes series of slices: those of one identifier, size, orientation and
// pixel size, so that localizers do not lie among the slices. Each has its
// volumes one after the other, and its slices in their order. Those that are hurt
// take their places in series of others.
func group(all, hurt []slice, o Options) []*Series {
	type key struct {
		kin
		scale
	}
	index, scales := map[key]int{}, map[kin][]scale{}
	var series []*Series
	for _, s := range all {
		k := key{kinOf(s), scaleOf(s.place.Geometry)}
		i, ok := index[k]
		if !ok {
			i = len(series)
			index[k] = i
			scales[k.kin] = append(scales[k.kin], k.scale)
			series = append(series, &Series{Modality: s.place.Modality, options: o})
		}
		series[i].slices = append(series[i].slices, s)
		series[i].Named = series[i].Named || s.named
	}
	slices.SortStableFunc(series, func(a, b *Series) int {
		x, y := a.slices[0], b.slices[0]
		return cmp.Or(cmp.Compare(x.place.Order, y.place.Order), -cmp.Compare(len(a.slices), len(b.slices)), cmp.Compare(x.path, y.path))
	})
	for _, h := range hurt {
		if i := slices.IndexFunc(series, func(s *Series) bool { return s.misses(h) }); i >= 0 {
			first := series[i].slices[0].place
			h.place.Rows, h.place.Columns, h.place.Frames = first.Rows, first.Columns, first.Frames
			series[i].slices = append(series[i].slices, h)
		}
	}
	for _, s := range series {
		if sizes := scales[kinOf(s.slices[0])]; len(sizes) > 1 {
			s.remark("the pixel size changes within the series, from %s to %s mm; the parts are shown as series of their own",
				short(float64(sizes[0][0])/1000), short(float64(sizes[1][0])/1000))
		}
		s.arrange()
		s.Name = nameOf(s)
	}
	return series
}

// misses reports whether a hurt slice belongs into the series: it is one of
// single pictures, with its identifier, and the slice lies like the others.
func (s *Series) misses(h slice) bool {
	first := s.slices[0].place
	if first.Series == "" || first.Series != h.place.Series || first.Frames > 1 || first.Geometry.Placed != h.place.Geometry.Placed {
		return false
	}
	return kinOf(slice{place: first}).orientation == kinOf(h).orientation
}

// short is a number with as many digits as it needs, four at most.
func short(v float64) string { return fmt.Sprintf("%.4g", v) }

// Kind is what the series is of, for the user: its modality, else "scan".
func (s *Series) Kind() string {
	if s.Modality == "" {
		return "scan"
	}
	return s.Modality
}

// titled is what files say that the series is of: their modality, or the name of the one
// file of a kind that has none, unless that tells who the patient is.
func (s *Series) titled() string {
	at := s.slices[0]
	if s.Modality == "" && at.path != "" && at.place.Series == at.path && !s.Named && !NamesPatient(at.path) {
		return Stem(at.path)
	}
	return s.Kind()
}

// Stem is a file's name without what tells its kind.
func Stem(path string) string {
	base := filepath.Base(path)
	if s := strings.TrimSuffix(strings.ToLower(base), ".nii.gz"); s != "" && len(s) < len(base) {
		return base[:len(s)]
	}
	return strings.TrimSuffix(base, filepath.Ext(base))
}

func nameOf(s *Series) string {
	name, n := s.titled(), len(s.slices)
	if s.Result(0) != nil {
		name += " map"
	}
	switch v := s.volumes; {
	case len(v) > 1 && n == len(v):
		return fmt.Sprintf("%s, %d volumes of 1 slice", name, n)
	case len(v) > 1 && !slices.ContainsFunc(v, func(o Volume) bool { return o.Len != v[0].Len }):
		return fmt.Sprintf("%s, %d volumes of %d slices", name, len(v), v[0].Len)
	case len(v) > 1:
		return fmt.Sprintf("%s, %d slices in %d volumes", name, n, len(v))
	case n > 1:
		return fmt.Sprintf("%s, %d slices", name, n)
	}
	return name + ", 1 slice"
}
