package voxels

import (
	"context"
	"fmt"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
)

// Load reads the volume that a picture is a slice of. Colours become brightness;
// what is no finite number becomes fill, or the smallest value of the picture where
// fill is nil. Errors are of type *[picture.Error], or ctx's.
func Load(ctx context.Context, m *picture.Image, fill *float64, limit picture.Options) (*Grid, error) {
	before, after := m.Span()
	n := before + after + 1
	if n < 2 {
		return nil, refused(m, "is one picture, but the model takes volumes", "open the whole series, or a file that holds a volume", nil)
	}
	need := 4 * int64(n) * int64(m.Width) * int64(m.Height)
	if err := limit.Fits(m.Name, fmt.Sprintf("is a volume of %d×%d×%d voxels", n, m.Height, m.Width), copies*need); err != nil {
		return nil, err
	}
	g := &Grid{Size: [3]int{n, m.Height, m.Width}, Values: make([]float32, int(need/4))}
	places := make([]dicom.Geometry, n)
	for k := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := m.Neighbour(k - before)
		if err != nil {
			return nil, err
		}
		if s.NonFinite() > 0 {
			s = s.Filled(filling(s, fill))
		}
		s = s.Grey()
		for y := range m.Height {
			s.Row(y, g.Values[(k*m.Height+y)*m.Width:][:m.Width])
		}
		if s.Scan != nil {
			places[k] = s.Scan.Geometry
		}
	}
	if err := g.put(m, places); err != nil {
		return nil, err
	}
	return g, nil
}

// copies is how many values of 4 bytes are held at most for each voxel that is
// read: as read, and as resampled to a grid.
const copies = 2

func filling(m *picture.Image, fill *float64) float32 {
	if fill != nil {
		return float32(*fill)
	}
	return m.Least()
}

func refused(m *picture.Image, fault, remedy string, err error) error {
	return &picture.Error{Path: m.Name, Fault: fault, Remedy: remedy, Err: err}
}

// Bounds of what is resampled to a grid: a gap beside the usual distance, an angle
// in degrees between the way from slice to slice and the normal; and from which
// change of the distance, as a part of it, and which angle on it is done.
const (
	maxGap     = 3.5
	maxTilt    = 45
	partChange = 0.02
	minTilt    = 0.5
)

// put finds out where the slices lie, and resamples them where they make no grid.
func (g *Grid) put(m *picture.Image, places []dicom.Geometry) error {
	first := places[0]
	g.Spacing = [3]float64{first.Between, first.Spacing[0], first.Spacing[1]}
	if m.Scan != nil && m.Scan.Distance > 0 {
		g.Spacing[0] = m.Scan.Distance
	}
	for _, p := range places {
		if !p.Placed {
			return nil
		}
	}
	normal := first.Normal()
	depths := make([]float64, len(places))
	for k, p := range places {
		if !p.Parallel(first) {
			return refused(m, fmt.Sprintf("has slices that lie at angles to each other (slice %d against the first)", k+1), "open a series of parallel slices", nil)
		}
		for i := range 3 {
			depths[k] += normal[i] * (p.Position[i] - first.Position[i])
		}
	}
	way := sign(depths[len(depths)-1])
	for i := range 3 {
		g.Ways[0][i] = way * normal[i]
	}
	g.Ways[1], g.Ways[2] = first.Orientation[1], first.Orientation[0]
	for k := range depths {
		depths[k] *= way
	}
	return g.even(m, places, depths)
}
