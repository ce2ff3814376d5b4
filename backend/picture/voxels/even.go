package voxels

import (
	"fmt"
	"math"
	"slices"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
)

// even resamples slices to even distances along their normal, straight above each
// other. Depths are those of the slices in millimetres, from 0.
func (g *Grid) even(m *picture.Image, places []dicom.Geometry, depths []float64) error {
	n := len(depths)
	steps := make([]float64, n-1)
	for k := range steps {
		steps[k] = depths[k+1] - depths[k]
	}
	sorted := slices.Sorted(slices.Values(steps))
	usual := sorted[len(sorted)/2]
	if usual <= 0 || sorted[0] < partChange*usual {
		k := slices.Index(steps, sorted[0])
		return refused(m, fmt.Sprintf("has several slices in one place (slices %d and %d)", k+1, k+2), "choose one of the volumes in the series, or remove what is there twice", nil)
	}
	if widest := sorted[len(sorted)-1]; widest > maxGap*usual {
		k := slices.Index(steps, widest)
		return refused(m, fmt.Sprintf("has a gap of %s mm between slices %d and %d, where others are %s mm apart", short(widest), k+1, k+2, short(usual)),
			"complete the series, or choose a part of it without the gap", nil)
	}
	first, last := places[0], places[n-1]
	down, across := inPlane(first, last)
	tilt := 180 / math.Pi * math.Atan2(math.Hypot(down*first.Spacing[0], across*first.Spacing[1]), depths[n-1])
	switch {
	case tilt > maxTilt:
		return refused(m, fmt.Sprintf("has slices that are tilted by %.0f degrees against their stack", tilt), "open a series whose slices lie above each other", nil)
	case tilt >= minTilt:
		g.Remarks = append(g.Remarks, fmt.Sprintf("the slices are tilted by %.1f degrees; for the model they were moved straight above each other", tilt))
	}
	uneven := sorted[len(sorted)-1]-sorted[0] > partChange*usual
	if uneven {
		g.Remarks = append(g.Remarks, fmt.Sprintf("the slices are %s to %s mm apart; for the model they were resampled to %s mm", short(sorted[0]), short(sorted[len(sorted)-1]), short(usual)))
	} else {
		usual = depths[n-1] / float64(n-1)
	}
	g.Spacing[0] = usual
	if uneven || tilt >= minTilt {
		g.restack(places, depths, usual)
	}
	return nil
}

func short(v float64) string { return fmt.Sprintf("%.3g", v) }

// inPlane is how far a slice is moved against another in their plane, in rows and
// columns.
func inPlane(from, to dicom.Geometry) (rows, columns float64) {
	for i := range 3 {
		d := to.Position[i] - from.Position[i]
		rows += d * from.Orientation[1][i]
		columns += d * from.Orientation[0][i]
	}
	if from.Spacing[0] > 0 {
		rows /= from.Spacing[0]
	}
	if from.Spacing[1] > 0 {
		columns /= from.Spacing[1]
	}
	return rows, columns
}

// restack interpolates between the slices at even depths, each moved back to where
// the first one lies.
func (g *Grid) restack(places []dicom.Geometry, depths []float64, distance float64) {
	g.Lies = make([][3]float64, len(depths))
	for k, depth := range depths {
		down, across := inPlane(places[0], places[k])
		g.Lies[k] = [3]float64{depth / distance, down, across}
	}
	n := int(math.Round(depths[len(depths)-1]/distance)) + 1
	height, width := g.Size[1], g.Size[2]
	plane := height * width
	out := make([]float32, n*plane)
	inParallel(n, func(z int) {
		at := min(float64(z)*distance, depths[len(depths)-1])
		k, found := slices.BinarySearch(depths, at)
		if !found {
			k = max(k-1, 0)
		}
		next := min(k+1, len(depths)-1)
		share := 0.0
		if next > k {
			share = (at - depths[k]) / (depths[next] - depths[k])
		}
		dst := out[z*plane : (z+1)*plane]
		g.moved(dst, k, places, 1-share)
		if share > 0 {
			g.moved(dst, next, places, share)
		}
	})
	g.Size[0], g.Values = n, out
}

// moved adds a share of slice k, moved to where the first one lies.
func (g *Grid) moved(dst []float32, k int, places []dicom.Geometry, share float64) {
	down, across := inPlane(places[0], places[k])
	flat := &Grid{Size: [3]int{1, g.Size[1], g.Size[2]}, Values: g.Values[k*g.Size[1]*g.Size[2]:][:g.Size[1]*g.Size[2]]}
	rows := Axis{Of: 1, Start: -down, Step: 1, Len: g.Size[1]}.taps(g.Size[1], g.Size[2], false)
	columns := Axis{Of: 2, Start: -across, Step: 1, Len: g.Size[2]}.taps(g.Size[2], 1, false)
	line := make([]float32, g.Size[2])
	for y, row := range rows {
		flat.line(line, tap{}, row, columns)
		for x, v := range line {
			dst[y*g.Size[2]+x] += float32(share) * v
		}
	}
}
