package picture

import "picasso/backend/picture/dicom/derived"

// Span is how many slices of its volume lie before and behind the picture; none of
// a picture that has no neighbours.
func (m *Image) Span() (before, after int) {
	of, ok := m.Neighbours.(interface{ Span() (before, after int) })
	if !ok {
		return 0, 0
	}
	return of.Span()
}

// Span is where the slice lies in its volume.
func (p place) Span() (before, after int) {
	v := p.series.volumes[p.series.VolumeOf(p.index)]
	return p.index - v.First, v.First + v.Len - 1 - p.index
}

// Span is that of the picture that was altered.
func (a *altered) Span() (before, after int) { return a.from.Span() }

// Span is where the frame lies in its volume; a file that cannot be read again
// tells none.
func (f *frames) Span() (before, after int) {
	_, err := f.beside(func(p place) (*Image, error) {
		before, after = p.Span()
		return p.series.Slice(p.index)
	})
	if err != nil {
		return 0, 0
	}
	return before, after
}

// Stack stands for the volume that the picture is a slice of: it is equal for slices
// of one, and nil where that is not known.
func (m *Image) Stack() any {
	if p, ok := m.Neighbours.(place); ok {
		return stack{p.series, p.series.VolumeOf(p.index)}
	}
	return nil
}

type stack struct {
	series *Series
	volume int
}

// Slices are those of the volume that the picture is a slice of, in their order: which
// frames they are, and where they lie; nil for one that comes alone.
func (m *Image) Slices() []derived.Slice {
	of, ok := m.Neighbours.(interface{ Slices() []derived.Slice })
	if !ok {
		return nil
	}
	return of.Slices()
}

// Slices are those of the volume.
func (p place) Slices() []derived.Slice {
	v := p.series.volumes[p.series.VolumeOf(p.index)]
	out := make([]derived.Slice, v.Len)
	for i := range out {
		at := p.series.slices[v.First+i].place
		g := at.Geometry
		if !(g.Between > 0) {
			g.Between = v.Distance
		}
		out[i] = derived.Slice{Class: at.Class, Instance: at.Instance, Frame: stored(at), Geometry: g}
	}
	return out
}

// Slices are those of the picture that was altered, in the way of their files.
func (a *altered) Slices() []derived.Slice { return a.from.Slices() }

// Slices are those of the volume in the file; a file that cannot be read again tells
// none.
func (f *frames) Slices() (out []derived.Slice) {
	_, err := f.beside(func(p place) (*Image, error) {
		out = p.Slices()
		return p.series.Slice(p.index)
	})
	if err != nil {
		return nil
	}
	return out
}
