package picture

import (
	"context"
	"fmt"
)

// Neighbours knows the slices beside a picture. [Series.Slice] gives every
// slice of a series some, [OpenFrame] those of files with several frames;
// pictures that come alone have none.
type Neighbours interface {
	// Neighbour is the slice that lies offset places further on in the order of
	// the series, or the nearest one where the series ends before.
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
	return p.series.Slice(min(max(p.index+offset, 0), p.series.Len()-1))
}

// frames are those of one file, in the order of the file: of one of its volumes.
type frames struct {
	path               string
	index, first, last int
	memory             int64
}

// Neighbour implements [Neighbours].
func (f frames) Neighbour(offset int) (*Image, error) {
	i := min(max(f.index+offset, f.first), f.last)
	return OpenWith(context.Background(), f.path, Options{Frame: i, MaxMemory: f.memory})
}
