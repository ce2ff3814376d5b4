package picture

import "context"

// order is the frames of one file as they are shown: the series in it, each
// with its volumes.
type order struct {
	name   string
	series []*Series
	frames int
}

// index is where the picture that is meant is shown.
func (o *order) index(unit string, from Options) (int, error) {
	within, first := o.frames, 0
	if from.Volume != 0 {
		volumes := o.series[0].volumes
		if from.Volume < 0 || from.Volume >= len(volumes) {
			return 0, absent(o.name, "volume", from.Volume, len(volumes))
		}
		first, within = volumes[from.Volume].First, volumes[from.Volume].Len
	}
	switch {
	case from.Frame < 0 || from.Frame >= within:
		return 0, absent(o.name, unit, from.Frame, within)
	case from.Stored:
		return o.shown(from.Frame), nil
	}
	return first + from.Frame, nil
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

// frame decodes the picture that is shown as i-th.
func (o *order) frame(ctx context.Context, c content, i int) (*Image, error) {
	s, k := o.at(i)
	m, err := c.picture(ctx, s.slices[k].place.Frame)
	if err != nil {
		return nil, err
	}
	s.place(m, k)
	m.Scan.Slice = i
	return m, nil
}
