package picture

import (
	"fmt"
	"math"
	"slices"
)

// examine finds the distance between the slices of a volume, which are in
// order, and what is not as it should be in space.
func (v *Volume) examine(all []slice, depth func(slice) float64) {
	v.Distance = all[0].place.Geometry.Between
	if depth == nil || len(all) < 2 {
		return
	}
	steps := make([]float64, len(all)-1)
	for i := range steps {
		steps[i] = depth(all[i+1]) - depth(all[i])
	}
	sorted := slices.Sorted(slices.Values(steps))
	v.Distance = math.Round(1e5*sorted[len(sorted)/2]) / 1e5
	v.Remarks = append(v.Remarks, changes(steps, v.First)...)
	if tilt := tilted(all); tilt >= minTilt {
		v.Remarks = append(v.Remarks, fmt.Sprintf("the slices are tilted by %.1f degrees", tilt))
	}
}

// Bounds of what is worth a remark: a change of the distance in millimetres or
// as a part of it, an angle in degrees, and how many changes are told one by
// one.
const (
	minChange  = 0.02
	partChange = 0.02
	minTilt    = 0.5
	maxChanges = 3
)

// changes tells where the distance between slices changes; behind a gap it is
// what it was. first is the number of the first slice.
func changes(steps []float64, first int) []string {
	differ := func(a, b float64) bool { return math.Abs(a-b) > max(minChange, partChange*math.Abs(a)) }
	usual := steps[0]
	var out []string
	more := 0
	for i, d := range steps {
		if !differ(usual, d) {
			continue
		}
		if len(out) < maxChanges {
			out = append(out, fmt.Sprintf("the distance between slices changes from %s to %s mm behind slice %d", short(usual), short(d), first+i))
		} else {
			more++
		}
		if i+1 == len(steps) || differ(usual, steps[i+1]) {
			usual = d
		}
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("the distance between slices changes at %d more places", more))
	}
	return out
}

// tilted is the angle between the way from slice to slice and the normal, in
// degrees.
func tilted(all []slice) float64 {
	a, b := all[0].place.Geometry, all[len(all)-1].place.Geometry
	if !a.Placed || !b.Placed {
		return 0
	}
	n := a.Normal()
	var way [3]float64
	along, length := 0.0, 0.0
	for i := range way {
		way[i] = b.Position[i] - a.Position[i]
		along += way[i] * n[i]
		length += way[i] * way[i]
	}
	return 180 / math.Pi * math.Atan2(math.Sqrt(max(0, length-along*along)), math.Abs(along))
}
