package audit

import (
	"errors"
	"math"

	"picasso/backend/mask"
)

// inside takes in how much of the cells lies in a region of the picture; nil for
// none.
func (r *Row) inside(cells []float32, region *mask.Mask) error {
	r.RegionMass, r.RegionLift = Number(math.NaN()), Number(math.NaN())
	if region == nil {
		return nil
	}
	if err := region.Check(r.Height, r.Width); err != nil {
		return err
	}
	if region.Empty() {
		return errors.New("its mask is empty")
	}
	share, total, area := 0.0, 0.0, 0.0
	for i, covered := range coverage(*region) {
		area += covered / (Side * Side)
		if cells != nil {
			share += covered * float64(cells[i])
			total += float64(cells[i])
		}
	}
	if total > 0 && area > 0 {
		r.RegionMass, r.RegionLift = Number(share/total), Number(share/total/area)
	}
	return nil
}

// coverage is how much of each of Side×Side cells a region covers, 0…1. A picture
// with fewer pixels than cells gives a cell the pixel that it lies in.
func coverage(region mask.Mask) []float64 {
	out := make([]float64, Side*Side)
	for i := range out {
		top, bottom := span(i/Side, region.Height)
		left, right := span(i%Side, region.Width)
		hits := 0
		for y := top; y < bottom; y++ {
			for x := left; x < right; x++ {
				if region.Inside[y*region.Width+x] {
					hits++
				}
			}
		}
		out[i] = float64(hits) / float64((bottom-top)*(right-left))
	}
	return out
}

// span are the pixels of a cell along one axis, the end left out; at least one.
func span(cell, pixels int) (from, to int) {
	from = cell * pixels / Side
	return from, max(from+1, (cell+1)*pixels/Side)
}
