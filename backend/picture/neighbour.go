package picture

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Neighbours knows the slices beside a picture. [Series.Slice] gives every
// slice of a series some, [OpenFrame] those of files with several frames;
// pictures that come alone have none.
type Neighbours interface {
	// Neighbour is the slice that lies offset places further on in the volume, or
	// the nearest one where the volume ends before: slices of another moment or
	// another echo are no neighbours.
	Neighbour(offset int) (*Image, error)
}

// Neighbour is the picture that lies offset slices further on; the picture
// itself for offset 0 and where it has no neighbours. It is read when asked
// for and not kept. Errors are of type *[Error].
func (m *Image) Neighbour(offset int) (*Image, error) {
	if offset == 0 || m.Neighbours == nil {
		return m, nil
	}
	n, err := m.Neighbours.Neighbour(offset)
	if err != nil {
		return nil, err
	}
	if n.Width != m.Width || n.Height != m.Height {
		return nil, &Error{n.Name, fmt.Sprintf("has %d×%d pixels, the slice beside it %d×%d", n.Width, n.Height, m.Width, m.Height),
			"choose a series of slices of one size", nil}
	}
	return n, nil
}

// place is where a slice lies in its series.
type place struct {
	series *Series
	index  int
}

// Neighbour implements [Neighbours].
func (p place) Neighbour(offset int) (*Image, error) {
	v := p.series.volumes[p.series.VolumeOf(p.index)]
	return p.series.Slice(min(max(p.index+offset, v.First), v.First+v.Len-1))
}

// place tells a picture where it lies in the series.
func (s *Series) place(m *Image, i int) {
	if m.Scan == nil {
		return
	}
	at := s.VolumeOf(i)
	v, all := s.volumes[at], s.volumes
	if s.whole != nil {
		all = s.whole
		at = slices.IndexFunc(all, func(o Volume) bool { return o.First == s.shift })
	}
	own := *m.Scan
	own.Slice, own.Volume, own.Volumes, own.VolumeName, own.Distance = i+s.shift, at, len(all), v.Name, v.Distance
	if own.Named = own.Named || s.Named; own.Named {
		m.Name = fmt.Sprintf("%s, slice %d", s.Kind(), own.Slice)
	}
	m.Scan = &own
	m.Notes = slices.Concat(m.Notes, s.Remarks, v.Remarks)
}

// Volume is the same slice of the series in volume k, counted from 0, for models
// that take several volumes (echoes, modalities, times) as their channels. It is
// the picture itself where there is no other volume and k is 0. It is read when
// asked for and not kept. Errors are of type *[Error].
func (m *Image) Volume(k int) (*Image, error) {
	n := 1
	if m.Scan != nil {
		n = max(m.Scan.Volumes, 1)
	}
	switch of, ok := m.Neighbours.(interface{ Volume(k int) (*Image, error) }); {
	case k < 0 || k >= n:
		return nil, absent(m.Name, "volume", k, n)
	case !ok || m.Scan == nil || k == m.Scan.Volume:
		return m, nil
	default:
		return of.Volume(k)
	}
}

// Volume is the slice of volume k that lies where the picture's does.
func (p place) Volume(k int) (*Image, error) {
	s, at := p.series, p.index
	if s.of != nil {
		s, at = s.of, at+s.shift
	}
	own, other := s.volumes[s.VolumeOf(at)], s.volumes[k]
	i := at - own.First
	if i >= other.Len {
		return nil, &Error{s.Name, fmt.Sprintf("has no slice %d in volume %d", i, k), "choose volumes of the same number of slices", nil}
	}
	return s.Slice(other.First + i)
}

// frames are those of one file, in the order shown. The file is opened when
// another one is asked for, and kept with the picture.
type frames struct {
	path  string
	index int
	from  Options

	mu     sync.Mutex
	series []*Series
}

// Neighbour implements [Neighbours].
func (f *frames) Neighbour(offset int) (*Image, error) {
	return f.beside(func(p place) (*Image, error) { return p.Neighbour(offset) })
}

// Volume is the slice of volume k that lies where the picture's does.
func (f *frames) Volume(k int) (*Image, error) {
	return f.beside(func(p place) (*Image, error) { return p.Volume(k) })
}

// beside is a picture of the file that to chooses of a series by the place of this
// one.
func (f *frames) beside(to func(place) (*Image, error)) (*Image, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.series == nil {
		all, err := OpenSeriesWith(context.Background(), f.path, f.from)
		if err != nil {
			return nil, err
		}
		f.series = all
	}
	o := order{f.path, f.series, 0}
	s, k := o.at(f.index)
	if s == nil {
		return nil, absent(f.path, "picture", f.index, 1)
	}
	n, err := to(place{s, k})
	if err != nil {
		return nil, err
	}
	n.Scan.Slice += f.index - k // of the file
	n.Neighbours = &frames{path: f.path, index: n.Scan.Slice, from: f.from, series: f.series}
	return n, nil
}
