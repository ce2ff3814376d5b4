package picture

import (
	"context"

	"picasso/backend/picture/dicom"
)

// order is the frames of one file as they are shown: the series in it, each
// with its volumes.
type order struct {
	name   string
	series []*Series
	frames int
}

// ordered puts the frames of a file in order.
func ordered(name string, f *dicom.File) (*order, error) {
	all, err := framesOf(name, f)
	if err != nil {
		return nil, err
	}
	return &order{name, group(all), len(all)}, nil
}

// at is the series, and the slice in it, that is shown as i-th.
func (o *order) at(i int) (*Series, int) {
	for _, s := range o.series {
		if i < s.Len() {
			return s, i
		}
		i -= s.Len()
	}
	return nil, 0
}

// shown is where a frame of the file is shown.
func (o *order) shown(frame int) int {
	for i := range o.frames {
		if s, k := o.at(i); s.slices[k].place.Frame == frame {
			return i
		}
	}
	return 0
}

// frame decodes the frame that is shown as i-th.
func (o *order) frame(f *dicom.File, i int) (*Image, error) {
	s, k := o.at(i)
	m, err := fromDICOM(o.name, f, s.slices[k].place.Frame)
	if err != nil {
		return nil, err
	}
	s.place(m, k)
	m.Scan.Slice = i
	return m, nil
}

// besides is the frame of a file that lies offset places beside the one shown
// as i-th, in its volume.
func besides(path string, i, offset int) (*Image, error) {
	all, err := OpenSeries(context.Background(), path)
	if err != nil {
		return nil, err
	}
	o := order{path, all, 0}
	s, k := o.at(i)
	if s == nil {
		return OpenFrame(path, i+offset)
	}
	n, err := place{s, k}.Neighbour(offset)
	if err != nil {
		return nil, err
	}
	n.Scan.Slice += i - k // of the file
	n.Neighbours = frames{path, n.Scan.Slice, n.Scan.Frames}
	return n, nil
}
